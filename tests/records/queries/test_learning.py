"""What the records know for a plan: levels, the catalogue, what was passed; on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

from activities.learning.plan import LearningActivities
from domain.core.journal import JournalBatch
from domain.core.learning_rows import LearningRow
from domain.core.model import Money
from domain.learning.gaps import LevelsRequest
from domain.learning.plan import LearningPlanRequest, PlanLimits
from records import journal
from records.database import Database
from records.imports.learning.report import CatalogueReport, FoundLevel, LevelsReport, ProfilesReport
from records.imports.learning.storing import store_catalogue, store_levels, store_profiles
from records.queries.learning import learning
from records.tables.core import CaseRecord
from tests.domain.learning.learners import LEARNING, gaps, level, money, profile, training

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LEARNER, OTHER = "P-AAA111", "P-BBB222"


def learned(n: int, training_id: str, state: str) -> LearningRow:
    return LearningRow(
        n=n,
        at=NOW,
        training=training_id,
        kind=training("ANY", {"sql": "1"}).kind,
        round=1,
        state=state,
        attempts=1,
        hours=10,
        cost=Money(amount=money("1").amount, currency="GBP"),
        reason=None,
    )


def of_case(case: str, person: str) -> CaseRecord:
    return CaseRecord(
        case_id=case,
        at=NOW,
        position=1,
        programme="upskilling",
        person=person,
        role="DATA1",
        policy="upskilling-path@1",
        stage="training",
        stage_since=NOW,
        paused=False,
        at_risk=[],
    )


def test_a_plan_is_made_from_the_catalogue_and_levels_are_looked_up_by_skill(database: Database) -> None:
    sql, python = level("sql", "2.50"), level("python", "3", "self", on=date(2026, 1, 7))
    with database.session() as session:
        store_catalogue(session, CatalogueReport(trainings=[training("SQL-1", {"sql": "4"})]))
        found = [FoundLevel(person=LEARNER, level=found_level) for found_level in (sql, python)]
        store_levels(session, LevelsReport(levels=[*found, FoundLevel(person=OTHER, level=sql)]))
    activities = LearningActivities(database)

    assert activities.known_levels(LevelsRequest(person=LEARNER, skills=["sql", "excel"])) == [sql]
    limits = PlanLimits(hours=10, budget=money("100"))
    wanted = gaps(("sql", "4", "5", True), levels=[sql])
    request = LearningPlanRequest(case="U-1", gaps=wanted, passed=[], leaving_out=[], limits=limits, when=LEARNING)
    assert activities.propose_plan(request).plan.trainings == [training("SQL-1", {"sql": "4"})]


def test_what_was_passed_in_any_path_of_a_person_counts_and_nobody_elses(database: Database) -> None:
    with database.session() as session:
        session.add_all([of_case("U-1", LEARNER), of_case("U-2", LEARNER), of_case("U-3", OTHER)])
        journal.write(
            session, JournalBatch(case="U-1", rows=[learned(1, "SQL-1", "passed"), learned(2, "X-1", "under_way")])
        )
        journal.write(
            session, JournalBatch(case="U-2", rows=[learned(1, "SQL-1", "passed"), learned(2, "PY-1", "passed")])
        )
        journal.write(session, JournalBatch(case="U-3", rows=[learned(1, "VIS-1", "passed")]))

    with database.reading() as session:
        assert learning.passed_trainings(session, LEARNER) == ["PY-1", "SQL-1"]


def test_the_skills_that_are_known_are_those_asked_for_or_taught(database: Database) -> None:
    with database.session() as session:
        store_profiles(session, ProfilesReport(profiles=[profile(("sql", "4", "5", True), ("excel", "1", "1", False))]))
        store_catalogue(session, CatalogueReport(trainings=[training("T-1", {"sql": "4", "python": "3"})]))

    with database.reading() as session:
        assert learning.known_skills(session) == {"sql", "excel", "python"}
