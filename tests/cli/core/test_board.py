"""The board: what it takes from the records, and how it looks."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import select

from domain.core.case_rows import CaseRow, TaskRow
from domain.core.journal import JournalBatch, Row
from domain.core.model import Party
from domain.core.placement_rows import LeaveRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from presentation.board import changes, note, render
from records.database import Database
from records.journal import write
from records.tables.placement import LeaveRecord
from service.registry.board import BoardRow, read_board
from tests.cli.conftest import CommandLine

CASE = "R-7F3K2M-DATA1"
NOW = datetime.now(UTC)
LATER = datetime(2099, 6, 1, 12, 0, tzinfo=UTC)
"""An instant on the clock of a rehearsal, far ahead of ours."""


def row(**changed: Any) -> BoardRow:
    values: dict[str, Any] = {
        "case": CASE,
        "person": "Anneliese Übelacker",
        "person_id": "P-5GX7RC",
        "role": "DATA1",
        "stage": "placement",
        "week": 5,
        "weeks": 16,
        "paused": False,
        "waiting_for": ("manager", "second-level manager"),
        "due": datetime(2026, 12, 7, 9, tzinfo=UTC),
        "overdue": True,
        "at_risk": ("week 4 review: 2.40, below the threshold",),
        "outcome": None,
    }
    return BoardRow(**(values | changed))


def case_row(**changed: Any) -> CaseRow:
    values: dict[str, Any] = {
        "at": NOW,
        "programme": "returnship",
        "person": "P-7F3K2M",
        "role": "DATA1",
        "cohort": "spring",
        "policy": "returnship-16-weeks@1",
        "stage": "placement",
        "stage_since": NOW,
        "week": 1,
        "starts_on": None,
        "ends_on": None,
        "mentor": None,
        "paused": False,
        "at_risk": [],
        "outcome": None,
    }
    return CaseRow(**(values | changed))


def task_row(n: int, party: Party, due_at: datetime, **changed: Any) -> TaskRow:
    values: dict[str, Any] = {
        "task": f"{CASE}-{n}",
        "at": NOW,
        "kind": TaskKind.MANAGER_REVIEW,
        "subject": "week 4 review",
        "party": party,
        "assignee": "P-5HN3TC",
        "people": ["P-5HN3TC"],
        "opened_at": NOW,
        "due_at": due_at,
        "allowed": timedelta(days=7),
        "state": TaskState.OPEN,
        "closed_at": None,
        "answered_by": None,
        "facts": {},
        "answer": None,
    }
    return TaskRow(**(values | changed))


def told(database: Database, *journal: Row) -> BoardRow:
    """The board's row of a case that told this."""
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=list(journal)))
    (found,) = read_board(database).rows
    return found


def test_of_many_cases_those_that_run_come_first_each_with_its_own(database: Database) -> None:
    """Given two cases that have ended and one that runs, the first two are that one and the first of the others."""
    for case, stage in (("R-1", "ended"), ("R-2", "placement"), ("R-3", "ended")):
        outcome = "converted" if stage == "ended" else None
        asked = task_row(1, Party.MANAGER, LATER, task=f"{case}-1")
        rows: list[Row] = [case_row(stage=stage, outcome=outcome), asked]
        with database.session() as session:
            write(session, JournalBatch(case=case, rows=rows))

    first = read_board(database, first=2)

    assert ([found.case for found in first.rows], first.total) == (["R-2", "R-1"], 3)
    assert all(found.waiting_for for found in first.rows)
    assert [found.case for found in read_board(database).rows] == ["R-1", "R-2", "R-3"]
    in_cohort = read_board(database, "spring", first=1)
    assert ([found.case for found in in_cohort.rows], in_cohort.total) == (["R-2"], 3)


def printed(*board: BoardRow, width: int = 110) -> list[str]:
    output = io.StringIO()
    Console(file=output, width=width).print(render(board, "Waymark: all cases"))
    return output.getvalue().splitlines()


def test_it_fits_into_110_columns_with_everything_at_its_longest() -> None:
    lines = printed(row(case="D0M3X5TZ-6", outcome="not_eligible", paused=True), row())
    assert max(map(len, lines)) <= 110
    assert "…" not in "".join(lines)


def test_the_name_of_a_stage_is_not_broken() -> None:
    lines = printed(row(case="D0M3X5TZ-6", stage="preboarding", outcome="not_eligible", paused=True), row())
    assert any("pre-boarding" in line for line in lines)


def test_it_says_who_is_waited_for_until_when_and_what_is_at_risk() -> None:
    text = " ".join(" ".join(printed(row())).split())
    for words in (CASE, "5/16", "2026-12-07", "manager", "below"):
        assert words in text


def test_what_people_typed_is_never_markup_nor_moves_the_cursor() -> None:
    text = "\n".join(printed(row(person="[red]x[/red]", at_risk=("\x1b[2J[/]",))))
    assert "[red]x[/red]" in text
    assert "\x1b[2J" not in text


def test_a_line_is_said_only_where_something_has_changed() -> None:
    before = [row(), row(case="R-2")]
    assert changes(before, before) == []
    after = [row(), row(case="R-2", week=6, at_risk=()), row(case="R-3", stage="ended", outcome="converted")]
    assert [line.split()[0] for line in changes(before, after)] == ["R-2", "R-3"]
    assert "week 6 of 16" in changes(before, after)[0]
    assert all(f"{row().person}: " in line for line in changes(before, after))
    assert changes([], [row(stage="ended", outcome="converted", waiting_for=(), at_risk=())])[0].endswith("converted")


def test_the_oldest_due_time_and_each_role_once(database: Database) -> None:
    found = told(
        database,
        case_row(),
        task_row(1, Party.MANAGER, NOW + timedelta(days=5)),
        task_row(2, Party.RETURNER, NOW - timedelta(days=1)),
        task_row(3, Party.MANAGER, NOW + timedelta(days=3)),
        task_row(4, Party.HR, NOW - timedelta(days=9), state=TaskState.ANSWERED, closed_at=NOW),
    )
    assert found.waiting_for == ("returner", "manager")
    assert found.due == NOW - timedelta(days=1)
    assert found.overdue
    assert not told(database, case_row(paused=True, at=NOW + timedelta(seconds=1))).overdue


def test_the_week_goes_on_while_the_case_tells_nothing(database: Database) -> None:
    start = NOW.date() - timedelta(days=30)
    found = told(database, case_row(starts_on=start, ends_on=start + timedelta(days=111)))
    assert (found.week, found.weeks) == (5, 16)


def test_a_rehearsal_is_in_the_week_its_own_clock_shows(database: Database) -> None:
    start = date(2099, 5, 4)
    case = case_row(at=LATER - timedelta(days=28), starts_on=start, ends_on=start + timedelta(days=109))
    found = told(database, case, task_row(1, Party.MANAGER, LATER + timedelta(days=7), at=LATER))
    assert (found.week, found.weeks, found.overdue) == (5, 16, False)


def test_weeks_of_leave_are_no_weeks_of_the_placement(database: Database) -> None:
    start = NOW.date() - timedelta(days=56)
    leave = LeaveRow(n=1, at=NOW, leave_type="carer", first=start + timedelta(days=14), last=start + timedelta(days=41))
    found = told(database, leave, case_row(starts_on=start, ends_on=start + timedelta(days=111 + 28)))
    assert (found.week, found.weeks) == (5, 16)


def test_the_week_stands_still_while_somebody_is_away(database: Database) -> None:
    start = NOW.date() - timedelta(days=56)
    leave = LeaveRow(n=1, at=NOW, leave_type="carer", first=start + timedelta(days=14), last=None)
    assert told(database, leave, case_row(starts_on=start, ends_on=start + timedelta(days=111), paused=True)).week == 3


def test_who_is_away_is_on_the_board_with_the_day_of_return_that_was_said(database: Database) -> None:
    leave = LeaveRow(n=1, at=NOW, leave_type="carer", first=NOW.date(), last=None, planned_back=date(2027, 3, 1))
    away = told(database, leave, case_row(paused=True))
    assert (away.planned_back, away.as_json()["planned_back"]) == (date(2027, 3, 1), "2027-03-01")
    assert "placement, paused, back on 2027-03-01" in changes([], [away])[0]
    # the row of its end says nothing of that day, and takes nothing back
    over = LeaveRow(n=1, at=NOW, leave_type="", first=NOW.date(), last=NOW.date())
    assert told(database, over, case_row(at=LATER)).planned_back is None
    with database.reading() as session:
        assert session.scalar(select(LeaveRecord.planned_back)) == date(2027, 3, 1)


def test_the_board_on_the_command_line(command: CommandLine, database: Database) -> None:
    assert "no cases" in command("board")
    told(database, case_row(), task_row(1, Party.MANAGER, LATER))
    assert CASE in command("board")
    (found,) = command.json("board", "--cohort", "spring")
    assert (found["case"], found["waiting_for"], found["due"]) == (CASE, ["manager"], LATER.isoformat())
    assert (found["person"], found["person_id"]) == ("P-7F3K2M", "P-7F3K2M")
    assert command.error("board", "--cohort", "autumn", code=3)["error"].startswith("no cohort autumn in the records")


# Zones


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Kiritimati", "America/Los_Angeles", "Pacific/Honolulu"])
def test_the_week_and_the_due_time_are_those_where_the_case_is_at_home(database: Database, zone: str) -> None:
    # Given a case on its first Monday, in its first minutes, with something due on Friday at five
    monday, friday = date(2099, 6, 1), date(2099, 6, 5)
    there = ZoneInfo(zone)
    midnight, five = datetime.combine(monday, time(0, 1), there), datetime.combine(friday, time(17), there)
    case = case_row(at=midnight.astimezone(UTC), starts_on=monday, ends_on=date(2099, 9, 20), time_zone=zone)

    found = told(database, case, task_row(1, Party.MANAGER, five.astimezone(UTC), at=midnight.astimezone(UTC)))

    assert (found.week, found.weeks) == (1, 16)
    assert str(friday) in " ".join(printed(found))


def test_whose_dates_they_are_is_said_where_they_are_not_the_readers() -> None:
    noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
    zones = ["Pacific/Auckland", "Pacific/Honolulu"]

    said = note([row(time_zone=zone) for zone in zones], noon)

    # Nobody is in both.
    assert said.startswith("Dates are those of each case's own time zone: Pacific/")
    assert note([], noon) == ""
