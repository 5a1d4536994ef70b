"""Everybody there is, what they play in which cases, and what is on record of these: whom the walk over all pages is
taken by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select

from domain.core.access import Action, Duty, Tie, Viewer, may
from domain.core.case_rows import CaseRow, PartsRow, StageRow, TaskRow
from domain.core.decisions import DecisionKind
from domain.core.journal import JournalBatch, Row
from domain.core.learning_rows import LearningRow
from domain.core.model import CaseId, Money, Party, PersonId, RoleId
from domain.core.questions import TaskKind
from domain.core.skills import TrainingKind
from domain.core.tasks import TaskState
from records.database import Database
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from records.journal import write
from records.queries.core.access import viewer as viewer_on_record
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from records.tables.learning import TrainingRecord
from records.tables.uploads import UploadRecord
from service.core.access import grant
from service.registry.imports import ImportKind
from tests.domain.factories import ROOT
from tests.records.rows import case_row, cohort_row, decision_row, mentorship_row, pay_row, placement_row
from tests.web.tasks import NOW, task

PLACEMENT, PATH, COHORT = "R-7F3K2M-DATA1", "U-2HD9WQ-DATA1", "K-SPRING"
INSIDE, CERTIFICATION = "U-7F3K2M-DATA1", "C-2HD9WQ-SQL-EXPERT"
"""The path inside the placement, and the certification that the other path leads to."""

ROLES = ("DATA1", "SOFT1", "OPS1")
"""The first is that of the cases."""
ROLE_OF: Mapping[CaseId, RoleId | None] = {
    PLACEMENT: ROLES[0],
    PATH: ROLES[0],
    INSIDE: ROLES[0],
    CERTIFICATION: "SQL-EXPERT",
    COHORT: None,
}
"""A certification has a certificate in the place of a role, a cohort none."""

PLAYED: Mapping[CaseId, Mapping[Party, PersonId]] = {
    PLACEMENT: {
        Party.RETURNER: "P-7F3K2M",
        Party.MENTOR: "P-6NB4YV",
        Party.MANAGER: "P-5HN3TC",
        Party.SECOND_MANAGER: "P-2QX8VD",
        Party.BUDGET_OWNER: "P-4CY9GS",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    PATH: {
        Party.LEARNER: "P-2HD9WQ",
        Party.MANAGER: "P-5HN3TC",
        Party.BUDGET_OWNER: "P-4CY9GS",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    INSIDE: {
        Party.LEARNER: "P-7F3K2M",
        Party.MANAGER: "P-5HN3TC",
        Party.BUDGET_OWNER: "P-4CY9GS",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    CERTIFICATION: {
        Party.LEARNER: "P-2HD9WQ",
        Party.MANAGER: "P-5HN3TC",
        Party.HR: "P-7LM2ZA",
        Party.HR_LEAD: "P-1ZE6PK",
    },
    COHORT: {Party.HR: "P-7LM2ZA", Party.HR_LEAD: "P-1ZE6PK"},
}

REVIEW, CHECK, PULSE, WISH, REVIEWED, REQUEST, LEARNED = (
    f"{PLACEMENT}-1",
    f"{PLACEMENT}-2",
    f"{PLACEMENT}-3",
    f"{PLACEMENT}-4",
    f"{PLACEMENT}-5",
    f"{PLACEMENT}-6",
    f"{PATH}-1",
)
OPEN: Mapping[str, PersonId] = {
    REVIEW: "P-5HN3TC",
    CHECK: "P-8GU3RF",
    PULSE: "P-7F3K2M",
    WISH: "P-7LM2ZA",
    REQUEST: "P-2HD9WQ",
    LEARNED: "P-2HD9WQ",
}
"""Who is asked."""
ANSWERED: Mapping[str, PersonId] = {REVIEWED: "P-6NB4YV"}
CONFIDENTIAL = (PULSE, WISH)
TASKS = (*OPEN, *ANSWERED)

WHO: Mapping[str, PersonId] = {
    "returner": "P-7F3K2M",
    "learner": "P-2HD9WQ",
    "mentor": "P-6NB4YV",
    "manager": "P-5HN3TC",
    "second-level manager": "P-2QX8VD",
    "budget owner": "P-4CY9GS",
    "HR": "P-7LM2ZA",
    "head of HR": "P-1ZE6PK",
    "IT, who is asked": "P-8GU3RF",
    "HR of the role, by a grant": "P-4XS2HJ",
    "HR of another role, by a grant": "P-8KD4WZ",
    "HR of all roles": "P-7DW9CU",
    "operator": "P-3MT8KW",
    "HR of the role who is the returner of another case": "P-9TF2LQ",
    "nobody in particular": "P-9QA5DT",
}

SENDER = WHO["HR of all roles"]
"""Who has sent files, of each kind."""

IN_CONFIDENCE = "How it is said in confidence"
"""The subject of what nobody hears of but whoever is asked."""

RISK, REASON, EVIDENCE, SCORE = "a mentor is looked for in vain", "She has shown it.", "Sessions held", "4.75"
"""Why a case is at risk, why something was decided, and on which evidence."""
NOT_THE_MENTOR = "P-9TF2LQ"
"""Who was named and asked, and said no."""
STIPEND, LETTER, TRAINING, STAGE_INSIDE = "1,234.56", "The mentor is found", "SQL for the Impatient", "reassessment"


def everybody(database: Database) -> None:
    """Put all of it on record; the people of the examples are there."""
    with database.session() as session:
        known = session.scalars(select(PersonRecord.id)).all()
        store_roles(session, read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known=known))
        on_record: Mapping[CaseId, Sequence[Row]] = {
            PLACEMENT: [placement_row(NOW, WHO["returner"], time_zone="Europe/London"), *_tasks()],
            PATH: [
                _path_row(WHO["learner"], "training"),
                task(1, TaskKind.ATTENDANCE, OPEN[LEARNED], case=PATH, party=Party.LEARNER, subject="attendance"),
            ],
            INSIDE: [_path_row(WHO["returner"], STAGE_INSIDE)],
            CERTIFICATION: [_path_row(WHO["learner"], "valid", programme="certification", role="SQL-EXPERT")],
            COHORT: [cohort_row("SPRING")],
        }  # fmt: skip
        for case, rows in on_record.items():
            parts = PartsRow(at=NOW, parts={party: [person] for party, person in PLAYED[case].items()})
            write(session, JournalBatch(case=case, rows=[rows[0], parts, *rows[1:]]))
        for kind in ("cohort", *(f"import {kind}" for kind in ImportKind)):
            session.add(
                UploadRecord(id=kind.replace(" ", "-"), person=SENDER, kind=kind, name="file.csv", content=b"id,name\n",
                             options={"day_order": "iso"}, uploaded_at=NOW, ends_at=NOW + timedelta(days=1),
                             outcome=None)
            )  # fmt: skip
    grant(database, WHO["HR of the role, by a grant"], Duty.HR, "DATA1")
    grant(database, WHO["HR of another role, by a grant"], Duty.HR, "OPS1")
    grant(database, WHO["HR of the role who is the returner of another case"], Duty.HR, "DATA1")
    grant(database, WHO["operator"], Duty.OPERATOR)
    grant(database, WHO["HR of all roles"], Duty.HR)


def _path_row(person: PersonId, stage: str, **changes: Any) -> CaseRow:
    values: dict[str, Any] = {
        "at": NOW,
        "programme": "upskilling",
        "person": person,
        "role": ROLES[0],
        "cohort": None,
        "stage": stage,
        "stage_since": NOW,
        "policy": "upskilling-26-weeks@1",
        "starts_on": None,
    }
    return case_row(**(values | changes))


def in_full(database: Database) -> None:
    """Put on record what pages of these cases show beside that: of each part of a page something."""
    with database.session() as session:
        session.add(_training())
        for n, (case, rows) in enumerate(_more().items()):
            write(session, JournalBatch(case=case, rows=list(rows)))
            session.add(
                MailRecord(message_id=f"{n}", case_id=case, template="mentor_matched", recipient=WHO["manager"],
                           sent_at=NOW, status="sent", reason=None, reach=None, daily=None)
            )  # fmt: skip


def _more() -> Mapping[CaseId, Sequence[Row]]:
    later: dict[str, Any] = {"at": NOW + timedelta(seconds=1), "at_risk": [RISK]}
    decision = decision_row(at=NOW, by=WHO["manager"], reason=REASON, evidence={"sessions_held": 2})
    placement = placement_row(NOW, WHO["returner"], time_zone="Europe/London", cohort="SPRING", mentor=WHO["mentor"])
    return {
        PLACEMENT: [
            placement.model_copy(update=later),
            *_stages("intake", "matching", "preboarding", "placement"), decision,
            decision_row(2, at=NOW, what="mentor", decided=f"{NOT_THE_MENTOR} named", by=WHO["HR"]),
            decision_row(3, at=NOW, what="mentor", decided=WHO["mentor"], by=WHO["mentor"]),
            pay_row(amount=STIPEND.replace(",", "")), mentorship_row(mentor=WHO["mentor"]),
            mentorship_row(2, mentor=NOT_THE_MENTOR, state="refused"),
            mentorship_row(3, mentor=OPEN[REQUEST], state="asked"),
        ],
        INSIDE: _stages("assessment", "training", STAGE_INSIDE),
        PATH: [
            _path_row(WHO["learner"], "training", **later), *_stages("assessment", "planning", "training"), decision,
            LearningRow(n=1, at=NOW, training="SQL-101", kind=TrainingKind.SELF_STUDY, round=1, state="under_way",
                        attempts=0, hours=10, cost=Money(amount=Decimal(0), currency="GBP"), reason=None),
        ],
        CERTIFICATION: [
            *_stages("preparing", "exam", "valid"),
            decision.model_copy(update={"what": DecisionKind.EXAM, "decided": "passed"}),
        ],
        COHORT: [*_stages("enlisting", "matching"), decision],
    }  # fmt: skip


def _stages(*stages: str) -> list[StageRow]:
    """These stages, a month each up to now."""
    begun = NOW - timedelta(days=30) * len(stages)
    return [StageRow(n=n, at=begun + timedelta(days=30) * n, stage=stage) for n, stage in enumerate(stages)]


def _training() -> TrainingRecord:
    return TrainingRecord(
        id="SQL-101", title=TRAINING, kind="self_study", leads_to={"sql": 3}, hours=10, cost_amount=Decimal(0),
        cost_currency="GBP", requires=[], sessions=[], trainer=None, activity=None, move_on="Completed",
        supervisor=None, reviewer=None,
    )  # fmt: skip


VIEWS: Mapping[CaseId, Mapping[str, Any]] = {
    PLACEMENT: {
        "mentorships": [
            {"n": 1, "mentor": NOT_THE_MENTOR, "state": "refused", "since": NOW.isoformat()},
            {"n": 2, "mentor": OPEN[REQUEST], "state": "asked", "since": NOW.isoformat()},
        ],
        "goals": ["Speak SQL like a native"],
        "plan": {"reviews": [{"n": 1, "title": "week 4 review", "opens_at": NOW.isoformat()}]},
        "reviews": [{"n": 1, "combined": SCORE}],
    },
}
"""What cases say of themselves, where they can be asked."""


def _tasks() -> list[TaskRow]:
    return [
        task(1, TaskKind.MANAGER_REVIEW, OPEN[REVIEW], facts={"goals": ["Learn SQL"]}),
        task(2, TaskKind.CHECKLIST_ITEM, OPEN[CHECK], party=Party.IT, subject="laptop"),
        task(3, TaskKind.PULSE, OPEN[PULSE], party=Party.RETURNER, subject=IN_CONFIDENCE,
             facts={"week": 4, "questions": {"a": "How is it?"}}),
        task(4, TaskKind.MENTOR_WISH, OPEN[WISH], party=Party.HR, subject=IN_CONFIDENCE,
             facts={"reason": "in confidence"}),
        task(5, TaskKind.MENTOR_REVIEW, ANSWERED[REVIEWED], party=Party.MENTOR, state=TaskState.ANSWERED, closed_at=NOW,
             answered_by=ANSWERED[REVIEWED], answer={"score": 4, "comment": "Good work."}),
        task(6, TaskKind.MENTOR_REQUEST, OPEN[REQUEST], party=Party.MENTOR, subject="mentor a returner"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at pages, by the records."""

    database: Database
    person: PersonId

    @cached_property
    def viewer(self) -> Viewer:
        """Who they are by the records, when they are first asked about."""
        with self.database.reading() as session:
            return viewer_on_record(session, self.person, NOW)

    def may(
        self, action: Action, *, case: CaseId | None = None, task: str | None = None, role: RoleId | None = None
    ) -> bool:
        """Whether the table of rights lets them, by what this file says that they play."""
        ties: set[Party | Tie] = set()
        if task is not None:
            case = task.rpartition("-")[0]
            ties |= {Tie.ASKED} if OPEN.get(task) == self.person else set()
            ties |= {Tie.WAS_ASKED} if ANSWERED.get(task) == self.person else set()
        parts = {party for party, person in PLAYED.get(case or "", {}).items() if person == self.person}
        return may(self.viewer, action, parts | ties, role=ROLE_OF[case] if case else role)


def gone(database: Database, person: PersonId) -> None:
    """Somebody has left the company."""
    with database.session() as session:
        session.get_one(PersonRecord, person).left_on = NOW.date().replace(year=2020)
