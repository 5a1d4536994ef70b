"""Matching a whole cohort by the records: who is there, who is above whom, and which places are free."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.cohort.matching import CohortMatchingActivities
from activities.core.journal import JournalActivities
from domain.cohort.matching import CohortMatchRequest, CohortProposal, Pair, Seeker
from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.holdings import PLACES, ReservationStatus
from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.naming import mentor_capacity
from domain.core.people import Person, Role
from records.database import Database
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.report import PeopleReport, RolesReport
from records.queries.placement.mentors import places, places_taken
from tests.domain.factories import shipped_policy
from tests.records.rows import at, mentorship_row

PARTIES = ["manager", "second_manager", "budget_owner", "hr", "hr_lead", "it", "facilities"]


def somebody(person: str, **details: Any) -> Person:
    values: dict[str, Any] = {
        "name": person,
        "email": f"{person}@example.org",
        "country": "GB-ENG",
        "languages": ["en"],
    }
    return Person(id=person, **(values | {"time_zone": "Europe/London", "skills": ["sql"]} | details))


def case_of(returner: str) -> str:
    return f"R-{returner[2:]}-DATA1"


@pytest.fixture
def office(database: Database) -> Database:
    """P-BOSS leads P-ANN leads P-JUN; these, and P-MAY, offer to be mentors. P-BEA and P-CAT seek too."""
    people = [
        somebody("P-BOSS", mentor=True, skills=["sql", "python"]),
        somebody("P-ANN", mentor=True, manager="P-BOSS"),
        somebody("P-JUN", mentor=True, manager="P-ANN", skills=["sql", "python"]),
        somebody("P-MAY", mentor=True, skills=["python"], time_zone="America/New_York"),
        somebody("P-BEA"),
        somebody("P-CAT"),
        somebody("P-QUIET"),
    ]
    pay = Money(amount=Decimal("2500"), currency="GBP")
    roles = [
        Role.model_validate(
            {"id": "DATA1", "title": "Analyst", "country": "GB-ENG", "time_zone": "Europe/London", "skills": ["python"]}
            | {"stipend": pay, "salary": pay}
            | dict.fromkeys(PARTIES, "P-BOSS")
        )
    ]
    with database.session() as session:
        store_people(session, PeopleReport(entries=len(people), people=people))
        store_roles(session, RolesReport(entries=1, roles=roles))
    return database


def propose(database: Database, *returners: str, max_mentees: int = 3, **details: Any) -> CohortProposal:
    """A proposal for these returners, each in the role DATA1."""
    request: dict[str, Any] = {
        "cohort": "SPRING-2027",
        "n": 1,
        "at": at(0),
        "seekers": [seeker(returner) for returner in returners],
        "pins": [],
        "forbids": [],
        "taken": {},
        "counted_cases": [],
        "rules": shipped_policy().mentoring.model_copy(update={"max_mentees": max_mentees}),
        "objective": "best_total",
    }
    asked = CohortMatchRequest.model_validate(request | details)
    return CohortMatchingActivities(database).match_cohort(asked)


def seeker(returner: str, **details: Any) -> Seeker:
    values: dict[str, Any] = {"role": "DATA1", "reporting_line": [], "already_asked": []} | details
    return Seeker(case=case_of(returner), returner=returner, **values)


def proposed(proposal: CohortProposal) -> dict[str, str]:
    return {pair.returner: pair.mentor for pair in proposal.pairs}


def tell(database: Database, case: str, mentor: str, state: str) -> None:
    """A placement tells the records how it stands with a mentor."""
    JournalActivities(database).write(JournalBatch(case=case, rows=[mentorship_row(mentor=mentor, state=state)]))


def reserve(database: Database, mentor: str, *cases: str, size: int) -> None:
    """The capacity of a mentor tells the records who holds its places."""
    capacity = mentor_capacity(mentor)
    stands = CapacityRow(
        id=capacity,
        at=at(0),
        title="places",
        unit=PLACES,
        size=Decimal(size),
        held=Decimal(len(cases)),
        waiting=0,
    )
    rows = [
        ReservationRow(
            capacity=capacity, holder=f"{case}/mentor", at=at(0), status=ReservationStatus.HELD, amount=Decimal(1)
        )
        for case in cases
    ]
    JournalActivities(database).write(JournalBatch(case=capacity, rows=[*rows, stands]))


def only(mentor: str, *, others: Sequence[str] = ("P-BOSS", "P-ANN", "P-JUN", "P-MAY")) -> list[str]:
    """Who was asked already, so that but one is left."""
    return [person for person in others if person != mentor]


def test_each_gets_the_best_mentor_who_is_neither_above_nor_below_them_by_the_records(office: Database) -> None:
    proposal = propose(office, "P-ANN", "P-BEA", max_mentees=1)

    # P-ANN, whom both P-BOSS and P-JUN would suit better, can only have P-MAY
    assert proposed(proposal)["P-ANN"] == "P-MAY"
    assert proposed(proposal)["P-BEA"] in ("P-BOSS", "P-JUN")
    ann = proposal.pairs[0]
    assert ann.reasons[:2] == ["shared skills: python", "time zones 5 h apart"]


def test_whoever_the_placement_says_is_in_the_reporting_line_is_excluded_too(office: Database) -> None:
    ours = seeker("P-ANN", reporting_line=["P-MAY"])
    (unmatched,) = propose(office, seekers=[ours]).unmatched
    assert unmatched.why.count("is in the reporting line or decides on the conversion") == 3
    assert "P-ANN is the returner" in unmatched.why


def test_places_are_as_many_as_the_capacity_says_and_else_as_many_as_the_policy_does(office: Database) -> None:
    # Given one mentor to be had, with two places by the policy
    seekers = [seeker(name, already_asked=only("P-MAY")) for name in ("P-ANN", "P-BEA", "P-CAT")]
    assert len(propose(office, seekers=seekers, max_mentees=2).pairs) == 2
    # when HR makes it one, which another case holds
    reserve(office, "P-MAY", "R-OTHER", size=1)
    # then nobody gets it
    proposal = propose(office, seekers=seekers, max_mentees=2)
    assert proposal.pairs == []
    assert all("P-MAY (0." in returner.why and "1 of 1 places taken" in returner.why for returner in proposal.unmatched)


def test_a_single_search_counts_the_same_places_as_a_matching(office: Database) -> None:
    # Given somebody asked, somebody who agreed and holds a place, and places whose mentorships come later.
    tell(office, "R-1", "P-BEST", "asked")
    tell(office, "R-2", "P-GOOD", "held")
    tell(office, "R-3", "P-GOOD", "refused")
    reserve(office, "P-GOOD", "R-2", "R-4", size=5)
    reserve(office, "P-MAY", "R-5", size=1)

    with office.reading() as session:
        listed = places(session, 3)
        counted = places_taken(session, 3)

    assert counted == {mentor: (len(own.held) + len(own.asked), own.size) for mentor, own in listed.items()}
    assert counted == {"P-BEST": (1, 3), "P-GOOD": (2, 5), "P-MAY": (1, 1)}


def test_who_was_asked_or_agreed_elsewhere_takes_a_place_and_who_refused_does_not(office: Database) -> None:
    seekers = [seeker(name, already_asked=only("P-MAY")) for name in ("P-ANN", "P-BEA", "P-CAT")]
    tell(office, "R-OTHER-1", "P-MAY", "asked")
    tell(office, "R-OTHER-2", "P-MAY", "held")
    tell(office, "R-OTHER-3", "P-MAY", "refused")

    assert len(propose(office, seekers=seekers, max_mentees=4).pairs) == 2


def test_what_the_cohort_knows_to_be_promised_is_counted_once_whether_the_records_know_it_or_not(
    office: Database,
) -> None:
    # Given a mentor with four places: one promised to another case, two in the cohort
    seekers = [seeker(name, already_asked=only("P-MAY")) for name in ("P-BEA", "P-CAT")]
    tell(office, "R-OTHER", "P-MAY", "held")
    ours: dict[str, Any] = {"taken": {"P-MAY": 2}, "counted_cases": ["R-ONE-DATA1", "R-TWO-DATA1"]}

    def places_left() -> int:
        return len(propose(office, seekers=seekers, max_mentees=4, **ours).pairs)

    # then one is left before the records hear of them, when they hear that both were asked,
    assert places_left() == 1
    tell(office, "R-ONE-DATA1", "P-MAY", "asked")
    tell(office, "R-TWO-DATA1", "P-MAY", "asked")
    assert places_left() == 1
    # when one of them says yes, and when the capacity tells of it too
    tell(office, "R-ONE-DATA1", "P-MAY", "held")
    assert places_left() == 1
    reserve(office, "P-MAY", "R-ONE-DATA1", "R-OTHER", size=4)
    assert places_left() == 1


def test_records_that_have_not_heard_of_a_refusal_yet_cost_nobody_a_place(office: Database) -> None:
    tell(office, case_of("P-BEA"), "P-MAY", "asked")
    seekers = [
        seeker("P-BEA", already_asked=["P-MAY"]),
        seeker("P-ANN", already_asked=only("P-MAY")),
    ]

    assert proposed(propose(office, seekers=seekers, max_mentees=1))["P-ANN"] == "P-MAY"


def test_hr_may_pin_somebody_who_never_offered_and_nobody_else_gets_them(office: Database) -> None:
    # Given somebody for whom nobody who offered is left
    seekers = [seeker("P-BEA"), seeker("P-CAT", already_asked=only("nobody"))]
    # when another is pinned to somebody who has not offered, and has places enough for both
    proposal = propose(office, seekers=seekers, pins=[Pair(returner="P-BEA", mentor="P-QUIET")])
    # then only the one who is pinned gets them
    assert [(pair.returner, pair.mentor, pair.pinned) for pair in proposal.pairs] == [("P-BEA", "P-QUIET", True)]
    assert [returner.returner for returner in proposal.unmatched] == ["P-CAT"]


def test_whom_the_records_do_not_know_is_left_out_without_holding_up_the_others(office: Database) -> None:
    seekers = [seeker("P-NOBODY"), seeker("P-CAT", role="NONE1"), seeker("P-BEA")]
    proposal = propose(office, seekers=seekers)

    assert list(proposed(proposal)) == ["P-BEA"]
    assert {returner.returner: returner.why for returner in proposal.unmatched} == {
        "P-CAT": "the role NONE1 is not in the records: import roles first",
        "P-NOBODY": "P-NOBODY is not in the records: import people first",
    }


def test_matching_again_gives_the_same_because_nothing_is_taken_by_it(office: Database) -> None:
    first = propose(office, "P-ANN", "P-BEA", "P-CAT", max_mentees=1)
    assert propose(office, "P-CAT", "P-BEA", "P-ANN", max_mentees=1) == first


def test_records_that_cant_be_reached_are_an_error_to_be_retried() -> None:
    unreachable = Database("postgresql://hr:secret@127.0.0.1:1/records")
    with pytest.raises(ApplicationError) as error:
        propose(unreachable, "P-BEA")
    assert (error.value.type, error.value.non_retryable, error.value.__cause__) == ("RecordsUnreachable", False, None)
    assert "secret" not in str(error.value)
