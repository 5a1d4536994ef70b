"""Who is late, by the clock of each case: rows, counts and filters of the board and of "My tasks" say the same."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from domain.core.model import CaseId
from domain.core.questions import TaskKind
from domain.registry.lateness import is_late
from records.queries.core.board import BoardFilter
from records.queries.task_lists import Wanted
from records.tables.access import AskedRecord
from service.core.access import viewer_of
from service.registry.board_page import board_page
from service.registry.my_tasks import all_of
from tests.web.console import Console
from tests.web.registry.boards import NOW, PEOPLE, case, cohort, grant, task

HR = "P-7LM2ZA"
ASKED = PEOPLE[0]


@pytest.fixture
def late(console: Console) -> dict[CaseId, bool]:
    """Cases on record, each with one open task of ``ASKED``; which of them are late, by the rule."""
    expected: dict[CaseId, bool] = {}
    kinds = (TaskKind.GOALS, TaskKind.MENTOR_REQUEST)
    with console.database.session() as session:
        grant(session, HR)
        for n, (kind, due, told, paused) in enumerate(product(kinds, (-1, 10), (None, 5, 30), (False, True)), start=1):
            told_at = None if told is None else NOW + timedelta(days=told)
            open_task = task(n, days=due, kind=kind.value)
            session.add_all([case(n, told_at=told_at, paused=paused), open_task])
            session.add(AskedRecord(task=open_task.task, person=ASKED))
            expected[open_task.case_id] = is_late(kind, open_task.due_at, max(NOW, told_at or NOW), paused=paused)
    assert 0 < sum(expected.values()) < len(expected)
    return expected


def test_row_count_and_filter_of_the_board_agree(console: Console, late: dict[CaseId, bool]) -> None:
    viewer = viewer_of(console.database, HR)

    whole = board_page(console.database, viewer, BoardFilter(), 1, NOW)
    late_only = board_page(console.database, viewer, BoardFilter(overdue=True), 1, NOW)
    assert {row.case: row.overdue for row in whole.rows} == late
    assert {row.case for row in late_only.rows} == {case for case, is_so in late.items() if is_so}
    assert whole.overdue == late_only.total == sum(late.values())


def test_row_count_and_filter_of_my_tasks_agree(console: Console, late: dict[CaseId, bool]) -> None:
    viewer = viewer_of(console.database, ASKED)

    waiting = all_of(console.database, viewer, Wanted(), NOW)
    late_only = all_of(console.database, viewer, Wanted(overdue=True), NOW)
    assert {task.case_id: bool(task.late) for task in waiting.tasks} == late
    assert [bool(task.late) for task in waiting.tasks] == sorted(late.values(), reverse=True)
    assert {task.case_id for task in late_only.tasks} == {case for case, is_so in late.items() if is_so}
    assert waiting.totals.overdue == late_only.totals.wanted == sum(late.values())


async def test_the_pages_say_it_of_a_case_whose_clock_runs_ahead(console: Console) -> None:
    # given a placement at a fast pace: what is due in ten days by real clocks is long due by its own
    ahead = NOW + timedelta(days=30)
    with console.database.session() as session:
        grant(session, HR)
        open_task = task(1, days=10)
        session.add_all([case(1, at=ahead, told_at=ahead), open_task, AskedRecord(task=open_task.task, person=ASKED)])
    hr, asked = console.visitor(HR), console.visitor(ASKED)
    # then its row is late, and counted
    board = await hr.get("/board?overdue=1")
    assert "1 with a late answer" in board.main
    assert "R-00001-DATA1" in board.main
    assert "Late" in board.main.partition("Late only")[2]
    # and so are its page, and the task where it is answered
    assert "Late" in (await hr.get("/cases/R-00001-DATA1")).main
    assert "1 overdue" in (await asked.get("/tasks?overdue=1")).main
    assert "Overdue" in (await asked.get(f"/tasks/{open_task.task}")).main


def test_a_task_of_a_cohort_that_stands_still_is_not_late(console: Console) -> None:
    with console.database.session() as session:
        for n, paused in enumerate((False, True)):
            named = f"SPRING-{n}"
            open_task = task(n, days=-1, case_id=f"K-{named}", kind="matching_review")
            session.add_all(
                [cohort(named, led_by=HR, paused=paused), open_task, AskedRecord(task=open_task.task, person=ASKED)]
            )

    waiting = all_of(console.database, viewer_of(console.database, ASKED), Wanted(overdue=True), NOW)
    assert [task.case_id for task in waiting.tasks] == ["K-SPRING-0"]
