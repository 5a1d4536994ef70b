"""Who takes over in paths, certifications and cohorts: the parts that placements don't have. Without a server."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Done
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.reassigning import HandedOver, Handing, Reassign
from domain.core.tasks import AnswerTask, Receipt
from tests.office import HR, HR_LEAD, MANAGER, STAND_IN
from tests.school import LEARNER, REVIEWER, TRAINER
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import NEWCOMER, certification, cohort, goes, path
from tests.workflows.cohort.cohorts_by_hand import COHORT

PATH, CERTIFICATION = "upskilling-U-1-DATA1", "certification-C-1-DATA1"


def open_tasks(course: Course, workflow: str, kind: TaskKind) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = course.driver.query(workflow, "open_tasks")
    return [task for task in tasks if task["kind"] == kind]


def reassign(course: Course, workflow: str, party: Party, to: PersonId, **more: Any) -> Done:
    request = Reassign(actor=HR, party=party, to=to, reason="another team", **more)
    return course.driver.ask(workflow, "reassign", request, Done)


def invitations(course: Course, template: str) -> list[Any]:
    letters = [letter for delivery in course.office.delivered for letter in delivery.letters]
    return [letter for letter in letters if letter.template == template]


def test_another_trainer_is_told_to_who_has_a_seat_and_says_who_attended() -> None:
    # Given a path in which somebody has a seat in a workshop
    course = path()
    with course.driver:
        course.until(lambda: bool(invitations(course, "workshop_invitation")))
        (invited,) = invitations(course, "workshop_invitation")

        # When another trainer takes over, then the entry of the calendar is moved, with their name
        reassign(course, PATH, Party.TRAINER, NEWCOMER)
        course.driver.settle()
        again = invitations(course, "workshop_invitation")[-1]
        assert (again.people["trainer"], again.to) == (NEWCOMER, LEARNER)
        assert again.invitation.uid == invited.invitation.uid
        assert again.invitation.sequence > invited.invitation.sequence

        # And they are asked who attended; the learner can't be
        with pytest.raises(ApplicationError, match="it is about themselves"):
            reassign(course, PATH, Party.TRAINER, LEARNER)
        course.until(lambda: bool(open_tasks(course, PATH, TaskKind.ATTENDANCE)))
        assert open_tasks(course, PATH, TaskKind.ATTENDANCE)[0]["assignee"] == NEWCOMER
        course.run_to_completion()


def test_a_manager_of_a_path_who_leaves_is_followed_by_whom_hr_names() -> None:
    course = path()
    with course.driver:
        course.unanswered = {TaskKind.SUCCESSOR}
        course.until(lambda: bool(open_tasks(course, PATH, TaskKind.PLAN_APPROVAL)))
        said = course.driver.ask(PATH, "hand_over", goes(MANAGER), HandedOver)
        assert [(part.what, part.state) for part in said.parts] == [("manager", Handing.WAITS)]
        (approval,) = open_tasks(course, PATH, TaskKind.PLAN_APPROVAL)
        assert (approval["assignee"], approval["stands_in"]) == (HR, True)

        (question,) = open_tasks(course, PATH, TaskKind.SUCCESSOR)
        answer = AnswerTask(actor=HR, task=question["id"], answer={"to": NEWCOMER})
        course.driver.ask(PATH, "answer_task", answer, Receipt)

        (approval,) = open_tasks(course, PATH, TaskKind.PLAN_APPROVAL)
        assert approval["assignee"] == NEWCOMER
        course.run_to_completion()


def test_where_several_review_it_is_said_whom_somebody_replaces() -> None:
    course = path()
    with course.driver:
        course.until(lambda: bool(invitations(course, "plan_agreed")))
        parts = course.driver.query(PATH)["parts_on_record"]
        assert parts["trainer"] == [TRAINER]
        if REVIEWER in parts.get("reviewer", []):
            assert reassign(course, PATH, Party.REVIEWER, NEWCOMER, person=REVIEWER)
        with pytest.raises(ApplicationError, match="is not the trainer in U-1-DATA1"):
            reassign(course, PATH, Party.TRAINER, NEWCOMER, person=MANAGER)
        course.run_to_completion()


def test_an_examiner_who_leaves_is_followed_and_a_holder_who_leaves_ends_it() -> None:
    course = certification()
    with course.driver:
        course.until(lambda: bool(open_tasks(course, CERTIFICATION, TaskKind.EXAM_RESULT)))
        course.driver.ask(CERTIFICATION, "hand_over", goes(STAND_IN, successor=NEWCOMER), HandedOver)
        assert open_tasks(course, CERTIFICATION, TaskKind.EXAM_RESULT)[0]["assignee"] == NEWCOMER

        said = course.driver.ask(CERTIFICATION, "hand_over", goes(LEARNER), HandedOver)
        assert [part.what for part in said.parts] == ["the whole case"]
        course.run_to_completion()


def test_whoever_leads_a_cohort_is_followed_by_whom_the_head_of_hr_names() -> None:
    course = cohort()
    with course.driver:
        course.until(lambda: bool(open_tasks(course, COHORT, TaskKind.MATCHING_REVIEW)))
        course.driver.ask(COHORT, "hand_over", goes(HR), HandedOver)
        (review,) = open_tasks(course, COHORT, TaskKind.MATCHING_REVIEW)
        assert review["assignee"] == HR_LEAD
        (question,) = open_tasks(course, COHORT, TaskKind.SUCCESSOR)
        answer = AnswerTask(actor=HR_LEAD, task=question["id"], answer={"to": NEWCOMER})
        course.driver.ask(COHORT, "answer_task", answer, Receipt)

        assert course.driver.query(COHORT)["led_by"] == NEWCOMER
        assert open_tasks(course, COHORT, TaskKind.MATCHING_REVIEW)[0]["assignee"] == NEWCOMER
