"""An upskilling path inside a placement, on a real clock: a skipped one stands still while a child is open."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.learning.requests import ChangeRole
from domain.learning.signals import AroundThePlacement, PlacementChange
from domain.learning.start import Goal
from domain.placement.requests import PausePlacement, ResumePlacement
from engine.search_attributes import POLICY
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, MANAGER, PATIENCE_SECONDS, RETURNER, ROLE, Case, Office, has_ended, open_of, refusal
from tests.school import (
    PROFILE,
    PathCase,
    assignment,
    e_learning,
    open_school,
    path_in,
    path_start,
    self_study,
    start_path,
)

SECONDS_PER_DAY = 0.3


async def _placement_with_learning(office: Office) -> tuple[Case, PathCase]:
    """A placement of eight weeks, begun, with a path inside."""
    open_school(office, [e_learning(), assignment(), self_study()])
    learning = path_start(learner=RETURNER, manager=MANAGER)
    placement = await office.start(weeks=8, seconds_per_day=SECONDS_PER_DAY, learning=learning)
    await placement.go_on(until=lambda view: any(decision["what"] == "learning" for decision in view["decisions"]))
    return placement, path_in(office, learning)


async def test_a_path_waits_for_its_placement_and_its_results_are_evidence(office: Office) -> None:
    """Given a placement that is paused for four weeks, then the path inside waits as long; what was learned by then
    stands before those who decide on the conversion, and the path lives on after it."""
    placement, path = await _placement_with_learning(office)
    there = await path.handle.describe()
    assert there.typed_search_attributes.get(POLICY) == shipped_learning_policy().label
    decision = (await placement.view())["plan"]["decision_at"]
    assert (await path.view())["decision_at"] == decision
    memo = await there.memo()
    assert (memo["learner"], memo["role"]) == (RETURNER, ROLE.id)
    await path.learn(
        until=lambda view: view["stage"] == "training", unanswered=[TaskKind.ASSIGNMENT_REPORT, TaskKind.E_LEARNING]
    )

    await placement.ask("pause", PausePlacement(actor=HR))
    view = await _until(path, lambda view: view["clock"].get("paused_since"))
    due = _due(view, TaskKind.E_LEARNING)
    await asyncio.sleep(28 * SECONDS_PER_DAY)
    assert (await path.view())["clock"]["paused_since"]
    await placement.ask("resume", ResumePlacement(actor=HR))
    view = await _until(path, lambda view: not view["clock"].get("paused_since"))
    assert (_due(view, TaskKind.E_LEARNING) - due).days >= 27
    later = (await _until(placement, lambda view: view["plan"]["decision_at"] > decision))["plan"]["decision_at"]
    await _until(path, lambda view: view["decision_at"] == later)

    await path.learn(until=lambda view: "SQL-E" in _passed(view), unanswered=[TaskKind.ASSIGNMENT_REPORT])
    results = await asyncio.gather(
        path.learn(until=has_ended),
        placement.go_on(until=lambda view: view["stage"] == "decision", unanswered=[TaskKind.PROPOSAL]),
    )
    await _until(placement, lambda view: (view["learned"] or {}).get("outcome"))
    approval = await placement.next_task(TaskKind.APPROVAL)
    evidence = "\n".join(approval["facts"]["evidence"])
    assert f"learning path {path.id}: not closed" in evidence  # python is not in this catalogue
    assert "sql, levels missing: 3 at first, 0 now" in evidence
    assert results[0]["placement"] == placement.id
    await placement.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))
    await placement.ended()


async def test_a_second_path_to_the_same_role_does_not_begin_inside_a_placement(office: Office) -> None:
    """Given somebody with a path of their own to the role, when their placement gets to the one inside, then that does
    not begin, and HR hears which there is."""
    open_school(office, [e_learning()])
    alone = await start_path(office, learner=RETURNER)
    await alone.settled()
    placement = await office.start(
        weeks=8, seconds_per_day=SECONDS_PER_DAY, learning=path_start(learner=RETURNER, manager=MANAGER)
    )

    view = await placement.go_on(until=lambda view: view["stage"] == "placement" and view["at_risk"])

    (risk,) = view["at_risk"].values()
    assert f"does not begin: {RETURNER} has a path to this role already: {alone.id}" in risk
    for case in (placement, alone):
        await case.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))
        await case.ended()


async def test_a_withdrawal_from_the_placement_asks_what_becomes_of_the_path(office: Office) -> None:
    """Given a path under way, when the returner withdraws from the placement, then HR says whether learning goes on."""
    placement, path = await _placement_with_learning(office)
    await path.learn(
        until=lambda view: view["stage"] == "training", unanswered=[TaskKind.ASSIGNMENT_REPORT, TaskKind.E_LEARNING]
    )

    await placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    assert (await placement.ended()).outcome.value == "withdrawn"
    left = [TaskKind.PATH_AFTER_PLACEMENT, TaskKind.ASSIGNMENT_REPORT, TaskKind.E_LEARNING]
    view = await path.go_on(until=lambda view: open_of(view, TaskKind.PATH_AFTER_PLACEMENT), unanswered=left)
    (asked,) = open_of(view, TaskKind.PATH_AFTER_PLACEMENT)
    assert (asked["assignee"], asked["facts"]["placement"]) == (HR, "withdrawn")
    await path.answer(asked, go_on=False, reason="nobody could use it here")

    ended = await path.go_on(until=has_ended)
    assert ended["outcome"] == "withdrawn"
    assert ended["early_end"]["by"] == HR


async def test_a_path_that_ends_before_hr_has_said_whether_it_goes_on_just_ends(office: Office) -> None:
    """Given HR who is asked whether a path goes on without its placement, when the path ends by itself before that,
    then the question is called off and the path has ended in good order."""
    placement, path = await _placement_with_learning(office)
    await placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    await path.learn(
        until=lambda view: open_of(view, TaskKind.PATH_AFTER_PLACEMENT), unanswered=[TaskKind.PATH_AFTER_PLACEMENT]
    )

    ended = await path.learn(until=has_ended, unanswered=[TaskKind.PATH_AFTER_PLACEMENT])

    assert await asyncio.wait_for(path.ended(), PATIENCE_SECONDS)
    (asked,) = (task for task in ended["tasks"] if task["kind"] == TaskKind.PATH_AFTER_PLACEMENT)
    assert (asked["state"], ended["outcome"], ended["early_end"]) == ("closed", "not_closed", None)


async def test_a_role_is_not_changed_while_hr_is_asked_whether_the_path_goes_on_at_all(office: Office) -> None:
    """Given a path that hears of the end of its placement while it is looked up who is around the other role, then the
    change is refused until HR has said whether it goes on."""
    open_school(office, [e_learning(), assignment(), self_study()])
    placement = await office.start()
    path = await start_path(office, placement=placement.id)
    await path.learn(until=lambda view: view["stage"] == "planning", unanswered=[TaskKind.PLAN_CHOICE])
    role = ROLE.model_copy(update={"id": "ENG1", "title": "Data engineer"})
    change = ChangeRole(actor=HR, goal=Goal(role=role, profile=PROFILE), reason="a post is free")

    async with office.worker_stopped():
        changed = asyncio.create_task(path.ask("change_role", change))
        await path.handle.signal(
            "around_the_placement", AroundThePlacement(what=PlacementChange.ENDED, outcome="withdrawn")
        )
        await asyncio.sleep(1)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await changed
    assert "HR is being asked whether the path goes on" in refusal(refused.value)
    view = await _until(path, lambda view: open_of(view, TaskKind.PATH_AFTER_PLACEMENT))
    await path.answer(open_of(view, TaskKind.PATH_AFTER_PLACEMENT)[0], go_on=True, reason="it is of use here")
    await path.ask("change_role", change)

    left = [TaskKind.PLAN_CHOICE]
    await path.learn(
        until=lambda view: view["goal"]["role"]["id"] == "ENG1" and open_of(view, TaskKind.PLAN_CHOICE), unanswered=left
    )
    for case in (path, placement):
        await case.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))
        await case.ended()


async def test_a_change_of_role_leaves_the_question_whether_the_path_goes_on_open(office: Office) -> None:
    """Given a path that hears of the end of its placement just as it turns to another role, then HR is asked whether it
    goes on at all."""
    open_school(office, [e_learning(), assignment(), self_study()])
    placement = await office.start()
    path = await start_path(office, placement=placement.id)
    await path.learn(until=lambda view: view["stage"] == "planning", unanswered=[TaskKind.PLAN_CHOICE])
    role = ROLE.model_copy(update={"id": "ENG1", "title": "Data engineer"})
    await path.ask("change_role", ChangeRole(actor=HR, goal=Goal(role=role, profile=PROFILE), reason="a post is free"))
    await path.handle.signal(
        "around_the_placement", AroundThePlacement(what=PlacementChange.ENDED, outcome="withdrawn")
    )

    left = [TaskKind.PATH_AFTER_PLACEMENT, TaskKind.PLAN_CHOICE]
    view = await path.learn(
        until=lambda view: view["goal"]["role"]["id"] == "ENG1" and open_of(view, TaskKind.PLAN_CHOICE), unanswered=left
    )
    (question,) = open_of(view, TaskKind.PATH_AFTER_PLACEMENT)
    await path.answer(question, go_on=False, reason="nobody could use it here")
    assert (await path.go_on(until=has_ended))["outcome"] == "withdrawn"
    await placement.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))
    await placement.ended()


async def _until(case: Case, true: Any) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while not true(view := await case.view()):
            await asyncio.sleep(0.05)
        return view


def _due(view: dict[str, Any], kind: TaskKind) -> Any:
    (task,) = open_of(view, kind)
    return datetime.fromisoformat(task["due_at"])


def _passed(view: dict[str, Any]) -> list[str]:
    return [enrolment["training"]["id"] for enrolment in view["enrolments"] if enrolment["state"] == "passed"]
