"""Somebody says that a task is not theirs: it goes to whom HR names, or stays, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Done
from domain.core.model import Party
from domain.core.not_mine import NotMine
from domain.core.questions import TaskKind
from domain.core.reassigning import Reassign
from domain.core.tasks import AnswerTask
from domain.placement.requests import PausePlacement, ReassignMentor, ResumePlacement
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, ROLE, SECOND_MANAGER, STAND_IN
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

REVIEW, RIGHT_PERSON = TaskKind.MANAGER_REVIEW, TaskKind.RIGHT_PERSON


@pytest.fixture
def placement() -> Iterator[PlacementByHand]:
    office = StandIns()
    with office.driver:
        yield PlacementByHand(office)


def not_mine(placement: PlacementByHand, task: dict[str, Any], by: str = MANAGER, note: str | None = None) -> Done:
    return placement.ask("not_mine", NotMine(actor=by, task=task["id"], **({"note": note} if note else {})))


def test_the_task_of_a_wrong_manager_goes_to_the_right_one(placement: PlacementByHand) -> None:
    """Given a review asked of a manager who has moved on, when they say that it is not theirs, then HR is asked, nobody
    reminds them, and whom HR names has the whole time for it and gives the review."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)

    done = not_mine(placement, review, note="I moved to another team in May")
    assert HR in done.sentence
    asked = placement.open_tasks(RIGHT_PERSON)[0]
    assert (asked["assignee"], asked["facts"]["note"]) == (HR, "I moved to another team in May")
    reminders = placement.course.office.letters_to(MANAGER).count("task_reminder")
    placement.pass_time(timedelta(days=1.5))
    assert placement.course.office.letters_to(MANAGER).count("task_reminder") == reminders

    placement.answer(asked, person=STAND_IN)
    moved = placement.task(review)
    assert (moved["assignee"], moved["delegates"]) == (STAND_IN, [])
    left = datetime.fromisoformat(moved["due_at"]) - datetime.fromisoformat(moved["came_at"])
    assert left >= timedelta(days=7)
    with pytest.raises(ApplicationError, match="was not asked"):
        placement.answer(review, score=2)
    assert not placement.open_tasks(RIGHT_PERSON)
    placement.answer(moved, score=5)
    placement.go_on(lambda view: view["reviews"][0]["combined"])
    assert placement.view()["reviews"][0]["scores"]["manager"] == 5


def test_it_is_theirs_after_all(placement: PlacementByHand) -> None:
    """They are told why, have the time back that it stood still, and can't say so once more."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    not_mine(placement, review)
    placement.pass_time(timedelta(days=1))
    asked = placement.open_tasks(RIGHT_PERSON)[0]

    placement.answer(asked, theirs_because="you led the team until the week ended")

    stayed = placement.task(review)
    gained = datetime.fromisoformat(stayed["due_at"]) - datetime.fromisoformat(review["due_at"])
    assert timedelta(days=1) <= gained < timedelta(days=1, minutes=1)
    assert placement.course.office.letters_to(MANAGER)[-1] == "task_is_theirs"
    with pytest.raises(ApplicationError, match="HR has answered"):
        not_mine(placement, review)


def test_an_answer_meanwhile_is_as_good(placement: PlacementByHand) -> None:
    """Twice is as good as once, too; once it is answered, HR need not say whose it is, and is told."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    assert not_mine(placement, review).sentence == not_mine(placement, review).sentence
    assert len(placement.open_tasks(RIGHT_PERSON)) == 1

    placement.answer(review, score=4)

    assert not placement.open_tasks(RIGHT_PERSON)
    assert placement.course.office.letters_to(HR)[-1] == "task_closed"
    with pytest.raises(ApplicationError, match="is closed since"):
        not_mine(placement, review)


def test_an_answer_and_its_denial_in_the_same_moment(placement: PlacementByHand) -> None:
    """Whichever comes first, there is one answer, and nothing is left open."""
    for first in ("answer", "denial"):
        review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
        messages = {
            "answer": ("answer_task", AnswerTask(actor=MANAGER, task=review["id"], answer={"score": 4})),
            "denial": ("not_mine", NotMine(actor=MANAGER, task=review["id"])),
        }
        order = [first, *(name for name in messages if name != first)]
        sent = {name: placement.driver.update(CASE, *messages[name]) for name in order}
        placement.driver.settle()
        assert sent["answer"].failure is None
        assert (sent["denial"].failure is None) is (first == "denial")
        assert placement.task(review)["state"] == "answered"
        assert not placement.open_tasks(RIGHT_PERSON)
        placement.go_on(lambda view: not placement.open_tasks(TaskKind.SELF_REVIEW))


def test_what_nobody_can_say(placement: PlacementByHand) -> None:
    own = placement.next_task(TaskKind.SELF_REVIEW, REVIEW, TaskKind.MENTOR_REVIEW)
    with pytest.raises(ApplicationError, match="is P-RETURN's alone"):
        not_mine(placement, own, by=RETURNER)
    review = placement.open_tasks(REVIEW)[0]
    with pytest.raises(ApplicationError, match="was not asked"):
        not_mine(placement, review, by=RETURNER)
    with pytest.raises(ApplicationError, match="there is no task"):
        not_mine(placement, {"id": "R-1-DATA1-999"})

    not_mine(placement, review)
    asked = placement.open_tasks(RIGHT_PERSON)[0]
    with pytest.raises(ApplicationError, match="can't be somebody else's"):
        not_mine(placement, asked, by=HR)
    for person, why in (
        (MANAGER, "says that it is not theirs"),
        (RETURNER, "the separation of duties excludes them"),
    ):
        with pytest.raises(ApplicationError, match=why):
            placement.answer(asked, person=person)
    with pytest.raises(ApplicationError, match="either the person whose it is, or theirs_because"):
        placement.answer(asked, person=STAND_IN, theirs_because="who knows")


def test_hr_says_it_of_its_own_and_the_head_of_hr_is_asked(placement: PlacementByHand) -> None:
    nomination = placement.next_task(TaskKind.CONFIRMATION)

    not_mine(placement, nomination, by=nomination["assignee"])

    assert placement.open_tasks(RIGHT_PERSON)[0]["assignee"] == HR_LEAD


def test_whoever_decides_at_another_step_names_nobody_for_this_one(placement: PlacementByHand) -> None:
    """HR confirms the decision, so not HR but its head is asked who approves in somebody's place; whoever proposed
    can't be named, and the attempt is on record."""
    approval = placement.next_task(TaskKind.APPROVAL)
    assert approval["assignee"] == SECOND_MANAGER
    not_mine(placement, approval, by=SECOND_MANAGER)
    asked = placement.open_tasks(RIGHT_PERSON)[0]
    assert asked["assignee"] == HR_LEAD

    with pytest.raises(ApplicationError, match="the separation of duties excludes them"):
        placement.answer(asked, person=MANAGER)
    assert placement.view()["attempts"] == 1
    placement.answer(asked, person=STAND_IN)
    placement.answer(placement.task(approval), yes=True)
    placement.go_on(lambda view: view["outcome"])


def test_a_leave_and_a_question_whose_it_is_take_no_time_twice(placement: PlacementByHand) -> None:
    """Said before a leave and settled in it: what was left of the time when it was said is left when it is over."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    left = datetime.fromisoformat(review["due_at"]) - placement.driver.now
    not_mine(placement, review)
    placement.pass_time(timedelta(days=1))
    placement.ask("pause", PausePlacement(actor=HR))
    placement.pass_time(timedelta(days=10))
    placement.answer(placement.open_tasks(RIGHT_PERSON)[0], theirs_because="it was your team")
    placement.pass_time(timedelta(days=10))
    placement.ask("resume", ResumePlacement(actor=HR))

    left_now = datetime.fromisoformat(placement.task(review)["due_at"]) - placement.driver.now
    assert abs(left_now - left) < timedelta(seconds=1)


def test_whoever_it_was_escalated_to_can_say_it_too(placement: PlacementByHand) -> None:
    """They are written to no more; the task goes on for whoever was asked, and whom HR names can step in."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    placement.pass_time(timedelta(days=8))
    assert SECOND_MANAGER in placement.task(review)["letters"][-1]["to"]
    not_mine(placement, review, by=SECOND_MANAGER)
    letters_before = len(placement.course.office.letters_to(SECOND_MANAGER))
    overdue = placement.course.office.letters_to(MANAGER).count("task_overdue")
    placement.pass_time(timedelta(days=12))
    assert placement.course.office.letters_to(MANAGER).count("task_overdue") > overdue
    assert len(placement.course.office.letters_to(SECOND_MANAGER)) == letters_before

    placement.answer(placement.open_tasks(RIGHT_PERSON)[0], person=ROLE.facilities)

    moved = placement.task(review)
    assert (moved["assignee"], moved["escalation"]) == (MANAGER, ROLE.facilities)
    placement.answer(review, by=ROLE.facilities, waived_because="nobody who knows is there")


def test_another_mentor_makes_the_question_pointless(placement: PlacementByHand) -> None:
    review = placement.next_task(TaskKind.MENTOR_REVIEW, REVIEW, TaskKind.SELF_REVIEW)
    not_mine(placement, review, by=review["assignee"])

    placement.ask("reassign_mentor", ReassignMentor(actor=HR, reason="they say they are none"))

    assert not placement.open_tasks(RIGHT_PERSON)
    assert placement.task(review)["assignee"] == HR


def test_whoever_takes_the_part_over_has_the_task_too(placement: PlacementByHand) -> None:
    """HR need not say any more whose it is; the time that stood still is given back."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    not_mine(placement, review)
    placement.pass_time(timedelta(days=1))

    placement.ask("reassign", Reassign(actor=HR, party=Party.MANAGER, to=STAND_IN, reason="another team"))

    moved = placement.task(review)
    assert (moved["assignee"], placement.open_tasks(RIGHT_PERSON)) == (STAND_IN, [])
    gained = datetime.fromisoformat(moved["due_at"]) - datetime.fromisoformat(review["due_at"])
    assert timedelta(days=1) <= gained < timedelta(days=1, minutes=1)
    placement.answer(moved, score=5)


def test_who_says_so_leaves_and_hr_stands_in(placement: PlacementByHand) -> None:
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    not_mine(placement, review)
    placement.pass_time(timedelta(days=1))

    placement.leaves(MANAGER)

    moved = placement.task(review)
    assert (moved["assignee"], moved["stands_in"], placement.open_tasks(RIGHT_PERSON)) == (HR, True, [])
    assert moved["due_at"] > review["due_at"]
    placement.answer(moved, waived_because="nobody who knows is there")


def test_whoever_is_asked_whose_it_is_leaves_and_another_says_it(placement: PlacementByHand) -> None:
    """The question goes on; whom it names keeps the task when the part is given to somebody else, and hands it back to
    HR by leaving."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    not_mine(placement, review)

    placement.leaves(HR)

    (asked,) = placement.open_tasks(RIGHT_PERSON)
    assert asked["assignee"] == HR_LEAD
    placement.answer(asked, person=STAND_IN)
    placement.ask("reassign", Reassign(actor=HR_LEAD, party=Party.MANAGER, to=ROLE.facilities, reason="another team"))
    assert placement.task(review)["assignee"] == STAND_IN
    placement.leaves(STAND_IN)
    assert (placement.task(review)["assignee"], placement.task(review)["stands_in"]) == (HR_LEAD, True)


def test_nobody_is_named_who_has_the_task_already(placement: PlacementByHand) -> None:
    """Or whoever is asked would be whom it escalates to."""
    review = placement.next_task(REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)
    placement.pass_time(timedelta(days=8))
    not_mine(placement, review, by=SECOND_MANAGER)
    asked = placement.open_tasks(RIGHT_PERSON)[0]

    with pytest.raises(ApplicationError, match="already; name somebody else"):
        placement.answer(asked, person=MANAGER)
    placement.answer(asked, person=ROLE.facilities)
    assert placement.task(review)["escalation"] == ROLE.facilities
