"""The board's questions, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import pytest

from domain.core.access import Duty
from domain.core.model import PersonId
from records.database import Database
from records.queries import changes
from records.queries.core.board import BoardFilter, StageCount, counts, page
from records.tables.core import CaseRecord, PersonRecord
from service.core.access import viewer_of
from tests.office import person
from tests.web.registry.boards import NOW, PEOPLE, case, grant, task

HR = "P-7LM2ZA"
RETURNER, OTHER = PEOPLE


@pytest.fixture
def board(database: Database) -> Database:
    """Four cases: one late, one at risk, one paused and one that has ended."""
    with database.session() as session:
        session.add_all([named(HR, "Ines Moreau"), named(RETURNER, "Zoë Ångström"), named(OTHER, "Li 50% Wei")])
        session.flush()
        grant(session, HR, Duty.HR)
        session.add_all(
            [case(1), case(2, at_risk=["the mentor has left"]), case(3, paused=True), case(4, stage="ended")]
        )
        session.add_all([task(1, days=-1), task(2, days=1), task(3, days=-9)])
    return database


def named(person_id: PersonId, name: str) -> PersonRecord:
    """Somebody of this name."""
    record = person(person_id)
    record.name = name
    return record


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (BoardFilter(), [1, 2, 3]),
        (BoardFilter(at_risk=True), [2]),
        (BoardFilter(overdue=True), [1]),
        (BoardFilter(which="all"), [1, 2, 3, 4]),
        (BoardFilter(person="50%"), [1, 3]),
        (BoardFilter(person="%"), [1, 3]),
        (BoardFilter(person="zoë"), [2]),
    ],
)
def test_filters_find_what_they_say(board: Database, wanted: BoardFilter, found: list[int]) -> None:
    viewer = viewer_of(board, HR)

    with board.reading() as session:
        cases = page(session, viewer, wanted, NOW, first=0, many=10)
        counted = counts(session, viewer, wanted, NOW)
    assert [int(record.case_id.split("-")[1]) for record in cases] == found
    assert sum(count.cases for count in counted) == len(found)


def test_what_is_late_and_at_risk_is_counted_by_stage(board: Database) -> None:
    with board.reading() as session:
        counted = counts(session, viewer_of(board, HR), BoardFilter(), NOW)

    assert counted == [StageCount("returnship", "placement", 3, 1, 1)]


def test_marks_differ_as_soon_as_something_has_changed(board: Database) -> None:
    ids = ["R-00001-DATA1", "R-00002-DATA1"]
    with board.reading() as session:
        before, before_all = changes.of_cases(session, ids), changes.of_all(session)
    with board.reading() as session:
        assert (changes.of_cases(session, ids), changes.of_all(session)) == (before, before_all)

    with board.session() as session:
        session.get_one(CaseRecord, ids[0]).position = 99
    with board.reading() as session:
        after, after_all = changes.of_cases(session, ids), changes.of_all(session)
    assert (after[ids[0]] != before[ids[0]], after[ids[1]] == before[ids[1]]) == (True, True)
    assert after_all != before_all
