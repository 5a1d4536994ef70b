"""An answered task is asked once more: its new answer counts, and what followed from the first is put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Done, Withdraw
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask
from domain.placement.requests import DecideEarly, PausePlacement, ReassignMentor, ResumePlacement
from tests.office import HR, HR_LEAD, MANAGER, RETURNER
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

LOW: dict[str, Any] = {"score": 1, "comment": "not yet"}
REVIEWS = (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)


@pytest.fixture
def placement() -> Iterator[PlacementByHand]:
    office = StandIns()
    with office.driver:
        yield PlacementByHand(office)


def reopen(placement: PlacementByHand, task: dict[str, Any], reason: str = "a slip of the pen", by: str = HR) -> Done:
    return placement.ask("reopen_task", ReopenTask(actor=by, task=task["id"], reason=reason))


def again(placement: PlacementByHand, task: dict[str, Any]) -> dict[str, Any]:
    """The open task by which this one is asked once more."""
    return next(other for other in placement.open_tasks() if other["reopens"] == task["id"])


def last(placement: PlacementByHand, kind: TaskKind) -> dict[str, Any]:
    """The last of these tasks that was answered."""
    found = [task for task in placement.view()["tasks"] if task["kind"] == kind and task["state"] == "answered"]
    answered: dict[str, Any] = found[-1]
    return answered


def after_a_low_review(placement: PlacementByHand) -> dict[str, Any]:
    """The first round came out low by a slip of the manager's; the view once a plan for improvement is asked for."""
    placement.next_task(TaskKind.MANAGER_REVIEW, *REVIEWS)
    placement.go_on(
        lambda _: placement.open_tasks(TaskKind.IMPROVEMENT_PLAN),
        unanswered=[TaskKind.IMPROVEMENT_PLAN],
        answers={TaskKind.MANAGER_REVIEW: LOW, TaskKind.MENTOR_REVIEW: {"score": 3}},
    )
    return last(placement, TaskKind.MANAGER_REVIEW)


@pytest.mark.parametrize("agreed", [False, True])
def test_a_review_that_was_wrong_and_the_improvement_that_followed_from_it(
    placement: PlacementByHand, agreed: bool
) -> None:
    """Given a score of 1 that should have been 5, when the review is put right while a plan is asked for, or is under
    way, then the result is worked out again, no plan counts, the case is at risk no more, and both answers stay."""
    review = after_a_low_review(placement)
    if agreed:
        placement.answer(placement.open_tasks(TaskKind.IMPROVEMENT_PLAN)[0])
    assert "improvement" in placement.view()["at_risk"]

    assert "the first answer counts" in reopen(placement, review).sentence
    assert placement.view()["reviews"][0]["scores"]["manager"] == 1
    assert placement.course.office.letters_to(MANAGER)[-1] == "task_reopened"
    placement.answer(again(placement, review), score=5)

    view = placement.view()
    assert view["reviews"][0]["scores"]["manager"] == 5
    assert not view["reviews"][0]["below_threshold"]
    assert (view["improvement_plans"], view["at_risk"]) == (0, {})
    assert not placement.open_tasks(TaskKind.IMPROVEMENT_PLAN)
    assert placement.task(review)["state"] == "replaced"
    corrections = [said for said in view["decisions"] if said["what"] == "correction"]
    assert [said["by"] for said in corrections] == [HR, MANAGER]
    before, now = corrections[-1]["evidence"]["before"], corrections[-1]["evidence"]["now"]
    assert (before["score"], now["score"], corrections[-1]["reason"]) == (1, 5, "a slip of the pen")

    proposal = placement.next_task(TaskKind.PROPOSAL)
    assert not any("improvement" in line for line in proposal["facts"]["evidence"])
    assert not any(task["kind"] == TaskKind.IMPROVEMENT_CHECK for task in placement.view()["tasks"])


def test_a_review_that_was_too_kind(placement: PlacementByHand) -> None:
    """Put right, it comes out below the threshold, and a plan is asked for."""
    placement.next_task(TaskKind.MANAGER_REVIEW)
    placement.go_on(lambda view: view["reviews"][0]["combined"])
    review = last(placement, TaskKind.MANAGER_REVIEW)

    reopen(placement, review)
    placement.answer(again(placement, review), **LOW)

    assert placement.open_tasks(TaskKind.IMPROVEMENT_PLAN)
    assert placement.view()["reviews"][0]["below_threshold"]
    assert "improvement" in placement.view()["at_risk"]


def test_once_the_decision_has_begun_the_reviews_stay(placement: PlacementByHand) -> None:
    """What is asked for once more is called off by the beginning of the decision, and the first answer counts."""
    placement.next_task(TaskKind.MANAGER_REVIEW)
    placement.go_on(lambda view: view["reviews"][0]["combined"] and view["week"] >= 9)
    review = placement.view()["tasks"]
    first = next(task for task in review if task["kind"] == TaskKind.MANAGER_REVIEW and task["state"] == "answered")
    reopen(placement, first)
    asked = again(placement, first)
    with pytest.raises(ApplicationError, match=f"is reopened already: {asked['id']} asks"):
        reopen(placement, first)

    placement.ask("decide_early", DecideEarly(actor=HR, reason="a post is free"))

    assert placement.task(asked)["state"] == "closed"
    assert placement.task(first)["state"] == "answered"
    with pytest.raises(ApplicationError, match="the conversion decision has begun, and the reviews are its evidence"):
        reopen(placement, first)
    with pytest.raises(ApplicationError, match="is closed since"):
        placement.answer(asked, score=5)


def test_other_goals_are_agreed_anew(placement: PlacementByHand) -> None:
    placement.go_on(lambda view: view["goals_agreed"])
    goals, consent = last(placement, TaskKind.GOALS), last(placement, TaskKind.GOALS_AGREEMENT)
    with pytest.raises(ApplicationError, match="reopen the goals instead"):
        reopen(placement, consent)

    reopen(placement, goals)
    placement.answer(again(placement, goals), goals=["lead the migration"])

    view = placement.view()
    assert (view["goals"], view["goals_agreed"]) == (["lead the migration"], False)
    placement.answer(placement.open_tasks(TaskKind.GOALS_AGREEMENT)[0], yes=True)
    assert placement.view()["goals_agreed"] is True
    with pytest.raises(ApplicationError, match="was reopened before, and the answer to"):
        reopen(placement, goals)


def test_a_session_that_was_not_held_and_an_item_that_somebody_else_has_done(placement: PlacementByHand) -> None:
    """A note on a session is asked of the mentor who held it, although another is the mentor by now."""
    placement.go_on(lambda view: any(session["state"] == "held" for session in view["sessions"]))
    note, item = last(placement, TaskKind.SESSION_NOTE), last(placement, TaskKind.CHECKLIST_ITEM)
    held_by = note["assignee"]
    placement.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))

    reopen(placement, note)
    asked = again(placement, note)
    assert asked["assignee"] == held_by
    placement.answer(asked, held=False, note="we moved it and never met")
    reopen(placement, item)
    asked = again(placement, item)
    placement.answer(asked, remark="only now")

    view = placement.view()
    (session,) = [session for session in view["sessions"] if session["note"] == "we moved it and never met"]
    assert session["state"] == "not_held"
    assert any(done["done_at"] == placement.task(asked)["closed_at"] for done in view["checklist"])


def test_a_follow_up_that_was_answered_too_soon(placement: PlacementByHand) -> None:
    """Given somebody of whom HR had said that they are still here, when it is put right, then there are no more."""
    placement.go_on(lambda view: view["follow_ups"])
    answered = last(placement, TaskKind.FOLLOW_UP)

    reopen(placement, answered)
    placement.answer(again(placement, answered), still_here=False)

    view = placement.view()
    assert view["stage"] == "ended"
    assert [result["still_here"] for result in view["follow_ups"]] == [False]


def test_an_improvement_plan_is_agreed_anew_until_its_check_is_asked_for(placement: PlacementByHand) -> None:
    """Given a plan with the wrong actions, when it is put right, then the check asks about the new ones; after that
    the plan stays, and what was being asked once more then is called off."""
    after_a_low_review(placement)
    placement.answer(placement.open_tasks(TaskKind.IMPROVEMENT_PLAN)[0], actions=["more meetings"])
    plan = last(placement, TaskKind.IMPROVEMENT_PLAN)

    reopen(placement, plan)
    placement.answer(again(placement, plan), actions=["pair twice a week"])
    anew = last(placement, TaskKind.IMPROVEMENT_PLAN)
    reopen(placement, anew)
    asked = again(placement, anew)
    check = placement.next_task(TaskKind.IMPROVEMENT_CHECK, TaskKind.IMPROVEMENT_PLAN)

    assert check["facts"]["actions"] == ["pair twice a week"]
    assert placement.view()["improvement_plans"] == 1
    assert (placement.task(asked)["state"], placement.task(anew)["state"]) == ("closed", "answered")
    with pytest.raises(ApplicationError, match="its check has been asked for, or it is not needed any more"):
        reopen(placement, anew)


def test_what_was_ticked_off_in_the_off_boarding_while_it_lasts(placement: PlacementByHand) -> None:
    """Given somebody who is released, and accounts that were not closed at all, when HR reopens that after the last
    day, then IT is asked once more, and the rest of the placement stays as it is; the case waits for no new answer."""
    items = TaskKind.OFFBOARDING_ITEM
    placement.answer(placement.next_task(TaskKind.PROPOSAL), convert=False, reasons="below what the role asks")
    placement.go_on(lambda view: view["stage"] == "offboarding", unanswered=[items])
    tasks = {task["ref"]: task for task in placement.open_tasks(items)}
    for key in ("access", "equipment"):
        placement.answer(tasks[key])

    assert "the first answer counts" in reopen(placement, tasks["access"]).sentence
    placement.answer(again(placement, tasks["access"]), by=HR, waived_because="there never were any")
    reopen(placement, tasks["equipment"])
    asked = again(placement, tasks["equipment"])

    listed = {entry["key"]: entry for entry in placement.view()["offboarding"]}
    assert (listed["access"]["done_by"], listed["access"]["waived_because"]) == (HR, "there never were any")
    assert listed["equipment"]["done_by"] == tasks["equipment"]["assignee"], "the first answer counts until then"
    assert placement.task(tasks["access"])["state"] == "replaced"
    for kind in (TaskKind.GOALS, TaskKind.CHECKLIST_ITEM, TaskKind.SELF_REVIEW):
        with pytest.raises(ApplicationError, match=r"can't be (reopened|put right)"):
            reopen(placement, last(placement, kind))
    with pytest.raises(ApplicationError, match="can't be reopened: the placement has ended"):
        reopen(placement, last(placement, TaskKind.GOALS))
    for task in placement.open_tasks(items):
        if task["id"] != asked["id"]:
            placement.answer(task)
    assert placement.view()["stage"] == "ended"
    assert (placement.task(asked)["state"], placement.task(tasks["equipment"])["state"]) == ("closed", "answered")


def test_what_is_asked_once_more_is_brought_nearer_by_an_early_end_as_well(placement: PlacementByHand) -> None:
    items = TaskKind.OFFBOARDING_ITEM
    placement.answer(placement.next_task(TaskKind.PROPOSAL), convert=False, reasons="below what the role asks")
    task = placement.next_task(items)
    placement.answer(task)
    reopen(placement, task)
    asked = again(placement, task)

    placement.ask("withdraw", Withdraw(actor=HR, reason="does not come any more"))

    moved = placement.task(asked)
    assert moved["state"] == "open"
    assert moved["due_at"] < asked["due_at"]


def test_what_was_ticked_off_in_the_change_over_until_it_is_called_off(placement: PlacementByHand) -> None:
    """Given somebody who is employed, when an item is put right, then who has done it counts anew, and what is not
    required does not take with it what is being asked once more; called off, the change-over stays as it was."""
    items = TaskKind.CHANGEOVER_ITEM
    placement.next_task(items)
    placement.go_on(lambda view: all(entry["task"] for entry in view["changeover"]), unanswered=[items])
    tasks = {task["ref"]: task for task in placement.open_tasks(items)}
    required = [entry["key"] for entry in placement.view()["changeover"] if entry["required"]]
    for key in required:
        placement.answer(tasks[key])
    reopen(placement, tasks["contract"])
    placement.answer(again(placement, tasks["contract"]), by=HR_LEAD, waived_because="signed at the start")
    reopen(placement, tasks["payroll"])
    asked = again(placement, tasks["payroll"])

    entry = next(entry for entry in placement.view()["changeover"] if entry["key"] == "contract")
    assert (entry["done_by"], entry["waived_because"]) == (HR_LEAD, "signed at the start")
    placement.go_on(lambda view: len(view["follow_ups"]) == 1, unanswered=[items])
    rest = [task for key, task in tasks.items() if key not in required]
    assert rest
    assert {placement.task(task)["state"] for task in rest} == {"closed"}
    assert placement.task(asked)["state"] == "open"
    placement.answer(asked)
    assert placement.task(tasks["payroll"])["state"] == "replaced"


def test_a_change_over_that_was_called_off_stays_as_it_was(placement: PlacementByHand) -> None:
    items = [TaskKind.CHANGEOVER_ITEM, TaskKind.OFFBOARDING_ITEM]
    task = placement.next_task(*items)
    placement.answer(task)
    reopen(placement, task)
    asked = again(placement, task)

    placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another offer"))

    assert placement.view()["stage"] == "offboarding"
    assert (placement.task(asked)["state"], placement.task(task)["state"]) == ("closed", "answered")
    with pytest.raises(ApplicationError, match="the change-over was called off"):
        reopen(placement, task)


def test_a_leave_and_a_withdrawal_treat_it_as_any_open_task(placement: PlacementByHand) -> None:
    placement.next_task(TaskKind.MANAGER_REVIEW)
    placement.go_on(lambda view: view["reviews"][0]["combined"])
    review = last(placement, TaskKind.MANAGER_REVIEW)
    reopen(placement, review)
    due = again(placement, review)["due_at"]
    placement.ask("pause", PausePlacement(actor=HR))
    placement.pass_time(timedelta(days=20))
    placement.ask("resume", ResumePlacement(actor=HR))
    asked = again(placement, review)
    assert asked["due_at"] > due

    placement.ask("withdraw", Withdraw(actor=HR, reason="another plan"))

    assert placement.task(asked)["state"] == "closed"
    assert placement.task(review)["state"] == "answered"


def test_what_can_never_be_reopened(placement: PlacementByHand) -> None:
    """Each with the sentence that says what can be done instead; nothing of it leaves a trace."""
    placement.go_on(lambda view: view["stage"] == "closing")
    tasks = len(placement.view()["tasks"])
    for kind, why in (
        (TaskKind.MENTOR_REQUEST, "the mentor can be changed instead"),
        (TaskKind.PROPOSAL, "it goes back to the manager"),
        (TaskKind.CONFIRMATION, "the returner has been told"),
        (TaskKind.OFFER, "irrevocable"),
    ):
        with pytest.raises(ApplicationError, match=why):
            reopen(placement, last(placement, kind))
    with pytest.raises(ApplicationError, match=f"{MANAGER} can't do that in R-1-DATA1: it is for HR"):
        reopen(placement, last(placement, TaskKind.GOALS), by=MANAGER)
    with pytest.raises(ApplicationError, match="there is no task"):
        reopen(placement, {"id": "R-1-DATA1-999"})
    assert len(placement.view()["tasks"]) == tasks
    assert not [said for said in placement.view()["decisions"] if said["what"] == "correction"]


def test_answered_reopened_and_answered_anew_before_anybody_has_read_the_first(placement: PlacementByHand) -> None:
    """Given a review, its reopening and the new answer that arrive in one step, then there is no answer that could be
    lost: what is just being taken up is not reopened."""
    review = placement.next_task(TaskKind.SELF_REVIEW)
    sent = [
        placement.driver.update(CASE, name, message)
        for name, message in (
            ("answer_task", AnswerTask(actor=RETURNER, task=review["id"], answer={"score": 2})),
            ("reopen_task", ReopenTask(actor=HR, task=review["id"], reason="too fast")),
        )
    ]
    placement.driver.settle()

    assert sent[0].failure is None
    assert sent[1].failure is not None
    assert "just being taken up" in sent[1].failure.message
    reopen(placement, review)
    placement.answer(again(placement, review), score=3)
    assert placement.view()["reviews"][0]["scores"]["returner"] == 3
