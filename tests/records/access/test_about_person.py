"""What is stored about somebody: all of it, and nothing that is somebody else's."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.core.access import Duty
from domain.core.model import Party
from domain.core.naming import mentor_capacity
from domain.core.placement_rows import PulseRow
from domain.core.questions import TaskKind
from domain.core.tasks import Refused, TaskState
from records.database import Database
from records.queries.kinds_about_person import KINDS, NOT_ABOUT_PEOPLE
from records.tables.base import Base
from records.tables.capacity import ReservationRecord
from records.tables.core import ProtectedRecord
from service.core.about_me import AboutMe, about
from service.core.access import grant
from service.core.drafts import save
from tests.office import HR, MANAGER, RETURNER
from tests.records.access.people import CASE, MENTOR, STRANGER, ask, open_case, staff, tell
from tests.records.rows import at, decision_row, leave_row, mentorship_row, pay_row

PULSE = "What they told HR alone"


@pytest.fixture(autouse=True)
def _staffed(database: Database) -> None:
    staff(database)


def pulse(n: int, party: Party, person: str, comment: str) -> PulseRow:
    return PulseRow(
        n=n,
        at=at(n),
        week=2,
        party=party,
        person=person,
        questions={"a": "How is it?"},
        scores={"a": 2},
        comment=comment,
    )


def a_placement(database: Database) -> None:
    open_case(database)
    ask(database, people=[MANAGER], state=TaskState.ANSWERED, answered_by=MANAGER, answer={"comment": "by the manager"})
    ask(database, 2, assignee=RETURNER, people=[RETURNER], state=TaskState.ANSWERED, answered_by=RETURNER,
        answer={"comment": "by the returner"})  # fmt: skip
    tell(
        database,
        decision_row(reason="she has shown it", evidence={"reviews": "written by others"}),
        pay_row(),
        leave_row(),
        mentorship_row(mentor=MENTOR, reason="hidden from her"),
        pulse(1, Party.RETURNER, RETURNER, PULSE),
        pulse(2, Party.MENTOR, MENTOR, "the mentor's own words"),
    )
    with database.session() as session:
        session.add(ProtectedRecord(person=RETURNER, characteristic="gender", value="f"))


def entries(found: AboutMe, what: str) -> list[dict[str, Any]]:
    return next((part.entries for part in found.stored if part.what == what), [])


def test_every_table_says_what_of_it_is_about_a_person(database: Database) -> None:
    said = {kind.table.__tablename__ for kind in KINDS} | set(NOT_ABOUT_PEOPLE)
    assert said == set(Base.metadata.tables)


def test_people_get_all_that_is_about_them_and_nothing_of_others_confidences(database: Database) -> None:
    a_placement(database)
    save(database, ask(database, 3, people=[RETURNER]), RETURNER, {"comment": "not sent yet"})

    found = about(database, RETURNER, RETURNER)

    shown = json.dumps(found.as_json())
    for theirs in ("by the returner", "she has shown it", PULSE, "not sent yet", "1234.56", "carer", "gender", MENTOR):
        assert theirs in shown, theirs
    for others in ("by the manager", "written by others", "hidden from her", "the mentor's own words"):
        assert others not in shown, others
    assert entries(found, "Your cases")[0]["case_id"] == CASE
    assert {entry["party"] for entry in entries(found, "Parts that you play in cases")} == {"returner"}


def test_hr_of_all_roles_hands_it_on_without_what_is_theirs_alone(database: Database) -> None:
    a_placement(database)
    save(database, ask(database, 3, people=[RETURNER]), RETURNER, {"comment": "not sent yet"})
    with pytest.raises(Refused, match="for themselves and HR of all roles"):
        about(database, RETURNER, HR)

    grant(database, HR, Duty.HR)
    ask(database, 4, kind=TaskKind.PULSE, assignee=RETURNER, people=[RETURNER])
    found = about(database, RETURNER, HR)

    shown = json.dumps(found.as_json())
    assert f"{CASE}-4" not in shown
    assert f"{CASE}-4" in json.dumps(about(database, RETURNER, RETURNER).as_json())
    assert "by the returner" in shown
    for theirs_alone in (PULSE, "not sent yet", "carer", "gender"):
        assert theirs_alone not in shown
    assert len(found.not_shown) == len(about(database, RETURNER, RETURNER).not_shown) + 1


def test_who_was_asked_to_be_the_mentor_and_is_not_is_no_business_of_the_returner(database: Database) -> None:
    a_placement(database)
    tell(
        database,
        decision_row(2, what="mentor", decided=MENTOR, by=MENTOR),
        decision_row(3, what="mentor", decided=f"{STRANGER} named", by=HR),
        decision_row(4, what="mentor", decided="reassigned", by=HR),
        decision_row(5, what="mentor", decided=f"{STRANGER} can't be the mentor HR wants", by=None),
        *(
            mentorship_row(n, mentor=STRANGER, state=state)
            for n, state in enumerate(("asked", "refused", "expired", "no_place", "called_off"), start=2)
        ),
        mentorship_row(7, mentor=MANAGER, state="ended"),
    )
    with database.session() as session:
        for n, (capacity, status) in enumerate((("budget-ALL", "given_back"), (mentor_capacity(STRANGER), "given_back"),
                                                (mentor_capacity(MENTOR), "held"))):  # fmt: skip
            session.add(ReservationRecord(capacity=capacity, holder=f"{CASE}/mentee-{n}", at=at(n), amount=Decimal(1),
                                          status=status))  # fmt: skip

    found = about(database, RETURNER, RETURNER)

    assert [(each["mentor"], each["state"]) for each in entries(found, "Who is or was your mentor")] == [
        (MENTOR, "held"),
        (MANAGER, "ended"),
    ]
    assert [each["n"] for each in entries(found, "Decisions in your cases")] == [1, 2, 4]
    assert len(entries(found, "Places, seats and money that your cases hold")) == 2
    assert STRANGER not in json.dumps(found.as_json())


def test_whoever_plays_other_parts_gets_those(database: Database) -> None:
    a_placement(database)
    found = about(database, MENTOR, MENTOR)
    assert entries(found, "Whose mentor you were asked to be")[0]["case_id"] == CASE
    assert "the mentor's own words" in json.dumps(found.as_json())
    assert PULSE not in json.dumps(found.as_json())
    assert entries(about(database, MANAGER, MANAGER), "Your answers")[0]["answer"] == {"comment": "by the manager"}
    assert [part.what for part in about(database, STRANGER, STRANGER).stored] == ["You, as HR has imported it"]
