"""What operators find a case by, and what it costs. Without a server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.core.questions import TaskKind
from domain.placement.requests import PausePlacement, ResumePlacement
from tests.office import HR, has_ended
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

DAY = timedelta(days=1)


def found_by(case: PlacementByHand) -> dict[str, Any]:
    """The search attributes as they are now, without their common beginning."""
    case.driver.settle()
    execution = case.driver.executions[CASE]
    return {name.removeprefix("Waymark"): value for name, value in execution.search_attributes.items()}


def test_a_task_is_found_from_its_first_reminder_on_until_it_is_answered(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    note = case.next_task(TaskKind.SESSION_NOTE)
    at_first = found_by(case)

    case.pass_time(3 * DAY)
    reminded = found_by(case)
    case.answer(note)
    answered = found_by(case)

    assert (at_first["WaitingFor"], at_first["Due"]) == ([], None)
    assert (reminded["WaitingFor"], reminded["Due"]) == (["mentor"], note["due_at"].replace("Z", "+00:00"))
    assert (answered["WaitingFor"], answered["Due"]) == ([], None)


def test_with_a_change_of_the_stage_all_is_shown_that_is_open(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "decision", unanswered=[TaskKind.PROPOSAL])

    assert found_by(case)["Stage"] == "decision"
    assert found_by(case)["WaitingFor"] == ["manager"]


def test_what_is_shown_follows_a_leave(stand_ins: StandIns) -> None:
    """Given a task that is shown, when a leave moves its due time, then the shown one moves with it."""
    case = PlacementByHand(stand_ins)
    case.next_task(TaskKind.SESSION_NOTE)
    case.pass_time(3 * DAY)
    case.ask("pause", PausePlacement(actor=HR))
    case.pass_time(10 * DAY)
    case.ask("resume", ResumePlacement(actor=HR))

    (note,) = case.open_tasks(TaskKind.SESSION_NOTE)
    assert found_by(case)["Due"] == note["due_at"].replace("Z", "+00:00")


def test_a_placement_where_people_answer_in_time_writes_to_the_index_when_its_stage_changes(
    stand_ins: StandIns,
) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(has_ended)

    stages = 10
    assert case.driver.executions[CASE].upserts <= 2 * stages
