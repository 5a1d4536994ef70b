"""Choosing a mentor: nobody gets more mentees than the policy allows, however many cases search at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from temporalio.exceptions import ApplicationError

from activities.core.journal import JournalActivities
from activities.placement.mentors import MentorActivities
from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.people import Person, Role
from domain.placement.matching import MatchRequest, MatchResult, MentorCheck
from domain.placement.policy import MatchWeights, MentoringRules
from records.database import Database
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.report import PeopleReport, RolesReport
from records.queries.core import people as known
from records.tables.placement import MentorshipRecord
from tests.records.rows import at, mentorship_row

RULES = MentoringRules(
    max_mentees=3,
    weights=MatchWeights(skills=3, time_zone=1, language=1, preferences=1),
    weekly_for_weeks=4,
    then_every_weeks=2,
    session_minutes=60,
)
PARTIES = ["manager", "second_manager", "budget_owner", "hr", "hr_lead", "it", "facilities"]


def somebody(person: str, **details: Any) -> Person:
    values: dict[str, Any] = {
        "name": person,
        "email": f"{person}@example.org",
        "country": "GB-ENG",
        "languages": ["en"],
    }
    return Person(id=person, **(values | {"time_zone": "Europe/London"} | details))


def search(case: str = "R-1", n: int = 1, **details: Any) -> MatchRequest:
    values: dict[str, Any] = {"returner": "P-RETURN", "role": "DATA1", "reporting_line": [], "already_asked": []}
    return MatchRequest(case=case, n=n, at=at(0), **(values | {"rules": RULES} | details))


@pytest.fixture
def mentors(database: Database) -> MentorActivities:
    """P-CHIEF leads P-BOSS leads P-RETURN leads P-JUNIOR; all of these and P-BEST and P-GOOD offer to be mentors."""
    people = [
        somebody("P-CHIEF", mentor=True, skills=["sql", "python"]),
        somebody("P-BOSS", mentor=True, skills=["sql", "python"], manager="P-CHIEF"),
        somebody("P-RETURN", mentor=True, skills=["sql"], manager="P-BOSS"),
        somebody("P-JUNIOR", mentor=True, skills=["sql", "python"], manager="P-RETURN"),
        somebody("P-BEST", mentor=True, skills=["sql", "python"]),
        somebody("P-GOOD", mentor=True, skills=["sql"], time_zone="America/New_York"),
        somebody("P-OTHER", skills=["sql", "python"]),
    ]
    pay = Money.model_validate({"amount": "2500", "currency": "GBP"})
    role = Role.model_validate(
        {"id": "DATA1", "title": "Analyst", "country": "GB-ENG", "time_zone": "Europe/London", "skills": ["python"]}
        | {"stipend": pay, "salary": pay}
        | dict.fromkeys(PARTIES, "P-BOSS")
    )
    with database.session() as session:
        store_people(session, PeopleReport(entries=len(people), people=people))
        store_roles(session, RolesReport(entries=1, roles=[role]))
    return MentorActivities(database)


def chosen(result: MatchResult) -> str | None:
    return result.match.mentor if result.match else None


def test_the_best_mentor_outside_the_reporting_line_is_asked(database: Database, mentors: MentorActivities) -> None:
    result = mentors.choose_mentor(search())

    assert chosen(result) == "P-BEST"
    why = {excluded.mentor: excluded.why for excluded in result.passed_over}
    assert why == dict.fromkeys(
        ["P-BOSS", "P-CHIEF", "P-JUNIOR"], "is in the reporting line or decides on the conversion"
    ) | {"P-RETURN": "is the returner"}
    with database.reading() as session:
        (row,) = session.scalars(select(MentorshipRecord))
    assert (row.mentor, row.state, row.score, row.reasons) == (
        "P-BEST",
        "asked",
        result.match.score if result.match else None,
        result.match.reasons if result.match else None,
    )


def test_a_search_that_is_repeated_finds_the_same_mentor_and_takes_one_place(
    database: Database, mentors: MentorActivities
) -> None:
    first = mentors.choose_mentor(search())
    assert mentors.choose_mentor(search()) == first
    with database.reading() as session:
        assert len(session.scalars(select(MentorshipRecord)).all()) == 1


def test_a_mentor_who_refused_gives_the_place_back(database: Database, mentors: MentorActivities) -> None:
    # Given a policy of one mentee each, and the best mentor taken
    one_each = RULES.model_copy(update={"max_mentees": 1})
    assert chosen(mentors.choose_mentor(search("R-1", rules=one_each))) == "P-BEST"
    assert chosen(mentors.choose_mentor(search("R-2", rules=one_each))) == "P-GOOD"
    # when they refuse
    refusal = mentorship_row(1, 5, mentor="P-BEST", state="refused", reason="no time")
    JournalActivities(database).write(JournalBatch(case="R-1", rows=[refusal]))
    # then the next case gets them, and there is nobody left
    assert chosen(mentors.choose_mentor(search("R-3", rules=one_each))) == "P-BEST"
    assert chosen(mentors.choose_mentor(search("R-4", rules=one_each))) is None


def test_whom_hr_names_need_not_have_offered(mentors: MentorActivities) -> None:
    assert chosen(mentors.choose_mentor(search(nominee="P-OTHER", already_asked=["P-OTHER"]))) == "P-OTHER"


def test_but_must_be_known_and_not_in_the_reporting_line(mentors: MentorActivities) -> None:
    boss = mentors.choose_mentor(search(nominee="P-BOSS"))
    nobody = mentors.choose_mentor(search(nominee="P-NOBODY"))
    assert [(excluded.mentor, excluded.why) for excluded in boss.passed_over] == [
        ("P-BOSS", "is in the reporting line or decides on the conversion")
    ]
    assert [(excluded.mentor, excluded.why) for excluded in nobody.passed_over] == [
        ("P-NOBODY", "is not in the records")
    ]
    assert chosen(boss) is chosen(nobody) is None


@pytest.mark.parametrize("unknown", [{"returner": "P-NOBODY"}, {"role": "NONE1"}])
def test_an_unknown_returner_or_role_is_named_and_waited_for(
    mentors: MentorActivities, unknown: dict[str, Any]
) -> None:
    with pytest.raises(ApplicationError, match=next(iter(unknown.values()))) as error:
        mentors.choose_mentor(search(**unknown))
    assert (error.value.type, error.value.non_retryable) == ("Unknown", False)


def test_twenty_cases_at_once_never_get_more_than_the_places_there_are(
    database: Database, mentors: MentorActivities
) -> None:
    # Given two free mentors with three places each
    # when twenty cases search at once
    with ThreadPoolExecutor(20) as threads:
        results = list(threads.map(lambda n: mentors.choose_mentor(search(f"R-{n}")), range(20)))
    # then six find one, and for the others it is said why not
    assert Counter(map(chosen, results)) == {"P-BEST": 3, "P-GOOD": 3, None: 14}
    full = "has no place free: 3 of 3 are taken or asked for"
    assert all(full in [excluded.why for excluded in result.passed_over] for result in results if result.match is None)


def test_records_that_cant_be_reached_are_an_error_to_be_retried() -> None:
    unreachable = Database("postgresql://hr:secret@127.0.0.1:1/records")
    with pytest.raises(ApplicationError) as error:
        JournalActivities(unreachable).write(JournalBatch(case="R-1", rows=[mentorship_row()]))
    assert (error.value.type, error.value.non_retryable, error.value.__cause__) == ("RecordsUnreachable", False, None)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("who", "named", "why"),
    [
        ("P-BEST", False, None),
        ("P-OTHER", True, None),
        ("P-OTHER", False, "does not offer to be a mentor any more"),
        ("P-NOBODY", True, "is not in the records any more"),
        ("P-BOSS", True, "is above the returner in the reporting line"),
        ("P-JUNIOR", True, "is below the returner in the reporting line"),
        ("P-BEST", True, None),
    ],
)
def test_who_has_agreed_is_looked_up_once_more(mentors: MentorActivities, who: str, named: bool, why: str) -> None:
    check = MentorCheck(mentor=who, returner="P-RETURN", reporting_line=[], named=named)

    assert mentors.check_mentor(check).why_not == why


PEOPLE = [f"P-NR{n}" for n in range(7)]


@given(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), st.sampled_from(PEOPLE))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_who_is_above_and_below_somebody_is_the_same_as_following_each_manager(
    database: Database, managers: dict[str, str], of: str
) -> None:
    # Given people with their managers, who may run in circles.
    people = [somebody(person, manager=managers.get(person)) for person in PEOPLE]
    with database.session() as session:
        store_people(session, PeopleReport(entries=len(people), people=people))

    with database.reading() as session:
        above, below = known.above(session, of), known.below(session, of)

    lines = {person.id: known.managers_above({p.id: p.manager for p in people}, person.id) for person in people}
    assert above == set(lines[of])
    assert below == {person for person, line in lines.items() if of in line}
