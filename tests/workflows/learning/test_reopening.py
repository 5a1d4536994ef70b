"""Answers in a path that are put right: levels, work that was handed in, and whether a training was passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Done, Withdraw
from domain.core.learning_rows import LearningRow
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask, Receipt
from tests.office import HR, MANAGER, STAND_IN
from tests.school import FIRST, REACHED, levels
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import path

CASE = "upskilling-U-1-DATA1"
MORE = {**FIRST, "statistics": 4, "storytelling": 3}


class Path:
    """A path by hand, with a training of each kind."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.driver = course.driver
        self.course.answers = dict.fromkeys(
            (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER), lambda task, _: levels(task, FIRST)
        )

    def view(self) -> dict[str, Any]:
        """Its state."""
        found: dict[str, Any] = self.driver.query(CASE)
        return found

    def open(self, kind: TaskKind) -> list[dict[str, Any]]:
        """The open tasks of a kind, once all has come to rest."""
        self.driver.settle()
        return [task for task in self.driver.query(CASE, "open_tasks") if task["kind"] == kind]

    def until_asked(self, kind: TaskKind, *unanswered: TaskKind) -> dict[str, Any]:
        """Go on until a task of this kind is open."""
        self.course.unanswered = {kind, *unanswered}
        self.course.until(lambda: not self.driver.choices() and bool(self.open(kind)))
        return self.open(kind)[0]

    def last(self, kind: TaskKind) -> dict[str, Any]:
        """The last of these tasks that was answered."""
        tasks = self.view()["tasks"]
        found: dict[str, Any] = [task for task in tasks if task["kind"] == kind and task["state"] == "answered"][-1]
        return found

    def reopen(self, task: dict[str, Any]) -> dict[str, Any]:
        """HR reopens a task; the one by which it is asked once more."""
        self.driver.ask(CASE, "reopen_task", ReopenTask(actor=HR, task=task["id"], reason="a slip of the pen"), Done)
        return next(
            again for again in self.view()["tasks"] if again["reopens"] == task["id"] and again["state"] == "open"
        )

    def answer(self, task: dict[str, Any], **fields: Any) -> None:
        """Whoever is asked answers."""
        message = AnswerTask(actor=task["assignee"], task=task["id"], answer=fields)
        self.driver.ask(CASE, "answer_task", message, Receipt)

    def attended_hours(self) -> float:
        """The hours of workshops that count as attended."""
        return sum(
            float(attended["hours"]) for enrolment in self.view()["enrolments"] for attended in enrolment["attended"]
        )

    def states(self) -> dict[str, str]:
        """How it stands with each training."""
        return {enrolment["training"]["id"]: enrolment["state"] for enrolment in self.view()["enrolments"]}


@pytest.fixture
def learner() -> Iterator[Path]:
    course = path()
    with course.driver:
        yield Path(course)


def test_levels_that_were_wrong_lead_to_another_plan(learner: Path) -> None:
    """Given a plan that is being agreed, when learner and manager put their levels right, then the gaps are ranked
    anew and another plan is proposed; once it is agreed, the levels stay."""
    choice = learner.until_asked(TaskKind.PLAN_CHOICE)
    assert len(choice["facts"]["trainings"]) == 4
    for kind in (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER):
        again = learner.reopen(learner.last(kind))
        learner.answer(again, **levels(again, MORE))

    (another,) = learner.open(TaskKind.PLAN_CHOICE)
    assert another["id"] != choice["id"]
    assert sorted(line.partition(" ")[0] for line in another["facts"]["trainings"]) == ["PY-W", "SQL-E"]
    assert [gap["skill"] for gap in learner.view()["first_gaps"]] == ["sql", "python"]
    waived = learner.reopen(learner.last(TaskKind.SKILLS_MANAGER))
    learner.answer(another, agree=True)
    learner.until_asked(TaskKind.E_LEARNING, TaskKind.SKILLS_MANAGER)
    assert next(task for task in learner.view()["tasks"] if task["id"] == waived["id"])["state"] == "closed"
    with pytest.raises(ApplicationError, match="the plan is agreed"):
        learner.reopen(learner.last(TaskKind.SKILLS_SELF))
    with pytest.raises(ApplicationError, match="the money is taken"):
        learner.reopen(learner.last(TaskKind.PLAN_APPROVAL))


def test_no_gap_was_there_at_all(learner: Path) -> None:
    """Given gaps by mistake, when both levels are put right before a plan is agreed, then the path ends without one."""
    learner.until_asked(TaskKind.PLAN_CHOICE)
    for kind in (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER):
        again = learner.reopen(learner.last(kind))
        learner.answer(again, **levels(again, REACHED))

    learner.course.run_to_completion()
    assert learner.view()["outcome"] == "no_gap"


def test_the_wrong_link_was_handed_in(learner: Path) -> None:
    """Whoever is to accept the work sees what was handed in anew; once it is accepted, it stays."""
    accept = learner.until_asked(TaskKind.SIGN_OFF, TaskKind.E_LEARNING)
    report = learner.last(TaskKind.ASSIGNMENT_REPORT)

    learner.answer(learner.reopen(report), evidence="the talk of Monday", link="https://wiki.example.org/talk")

    (shown,) = learner.open(TaskKind.SIGN_OFF)
    assert (shown["id"], shown["facts"]["link"]) == (accept["id"], "https://wiki.example.org/talk")
    learner.answer(shown, yes=True)
    with pytest.raises(ApplicationError, match="it has been accepted or sent back"):
        learner.reopen(learner.last(TaskKind.ASSIGNMENT_REPORT))


@pytest.mark.parametrize("at_first", [True, False])
def test_who_signed_it_off_was_wrong(learner: Path, at_first: bool) -> None:
    """Passed that was not, and the other way round, as long as trainings go on: it counts, or does no more."""
    accept = learner.until_asked(TaskKind.SIGN_OFF, TaskKind.E_LEARNING)
    learner.answer(accept, **({"yes": True} if at_first else {"yes": False, "reason": "nobody saw it"}))
    if not at_first:  # and a second time
        learner.answer(
            learner.until_asked(TaskKind.SIGN_OFF, TaskKind.E_LEARNING), yes=False, reason="nobody saw it either"
        )
    learner.driver.settle()
    assert learner.states()["TELL-J"] == ("passed" if at_first else "not_passed")

    learner.answer(
        learner.reopen(learner.last(TaskKind.SIGN_OFF)),
        **({"yes": False, "reason": "another talk"} if at_first else {"yes": True}),
    )

    assert learner.states()["TELL-J"] == ("not_passed" if at_first else "passed")
    assert ("storytelling" in learner.view()["learned_on"]) is not at_first
    learner.course.unanswered = set()
    learner.course.run_to_completion()


@pytest.mark.parametrize("at_first", ["full", "none"])
def test_how_much_of_a_workshop_was_attended_was_wrong(learner: Path, at_first: str) -> None:
    """Attended that was not, and the other way round: whether it was passed, and the hours, are worked out again."""
    attendance = learner.until_asked(TaskKind.ATTENDANCE, TaskKind.E_LEARNING)
    learner.answer(attendance, attended=at_first)
    learner.driver.settle()
    hours = learner.attended_hours()
    assert learner.states()["PY-W"] == ("passed" if at_first == "full" else "not_passed")
    assert bool(hours) is (at_first == "full")

    again = learner.reopen(learner.last(TaskKind.ATTENDANCE))
    assert again["assignee"] == attendance["assignee"]
    learner.answer(again, **({"attended": "none"} if at_first == "full" else {"attended": "full", "hours": 7}))

    assert learner.states()["PY-W"] == ("not_passed" if at_first == "full" else "passed")
    assert learner.attended_hours() == (0 if at_first == "full" else 7)
    assert ("python" in learner.view()["learned_on"]) is (at_first != "full")
    learner.course.unanswered = set()
    learner.course.run_to_completion()


def test_a_workshop_that_was_attended_more_than_was_said_but_not_enough(learner: Path) -> None:
    """It is not passed all the same; why, and the hours, are those of the new answer, on record too."""
    learner.answer(learner.until_asked(TaskKind.ATTENDANCE, TaskKind.E_LEARNING), attended="none")
    learner.driver.settle()

    learner.answer(learner.reopen(learner.last(TaskKind.ATTENDANCE)), attended="partial", hours=3)

    (enrolment,) = [found for found in learner.view()["enrolments"] if found["training"]["id"] == "PY-W"]
    assert (enrolment["state"], enrolment["reason"]) == ("not_passed", "it was attended only in part")
    assert learner.attended_hours() == 3
    rows = [row for sent in learner.course.office.delivered for row in sent.rows if isinstance(row, LearningRow)]
    assert [row.reason for row in rows if row.training == "PY-W"][-1] == "it was attended only in part"


def test_that_an_e_learning_was_given_up_stays(learner: Path) -> None:
    """It is tried again, replaced or dropped by then, and the sentence says so; nothing of the refusal stays."""
    learner.answer(learner.until_asked(TaskKind.E_LEARNING), not_completed_because="the licence ran out")
    learner.driver.settle()
    given_up = learner.last(TaskKind.E_LEARNING)

    with pytest.raises(ApplicationError, match="what was not completed is tried again, replaced or dropped by now"):
        learner.reopen(given_up)

    assert learner.last(TaskKind.E_LEARNING) == given_up


def test_a_path_that_is_being_ended_puts_nothing_right_any_more(learner: Path) -> None:
    """Given seats and money that can't be given back yet, while the path is being ended, then no answer is reopened."""
    learner.until_asked(TaskKind.SIGN_OFF, TaskKind.E_LEARNING, TaskKind.ATTENDANCE)
    report = learner.last(TaskKind.ASSIGNMENT_REPORT)
    learner.driver.unreachable.update({"release_capacity"})

    learner.driver.ask(CASE, "withdraw", Withdraw(actor=HR, reason="another plan"), Done)

    assert learner.view()["stage"] != "ended"
    with pytest.raises(ApplicationError, match="the path has ended"):
        learner.reopen(report)
    learner.driver.unreachable.clear()


def test_what_only_the_manager_can_put_right_goes_to_whoever_takes_over_where_they_have_left(learner: Path) -> None:
    # given a calibration of a manager who has left the company since, of which the case has not heard yet
    apart = {**FIRST, "sql": 5}
    learner.course.answers = {
        **learner.course.answers,
        TaskKind.SKILLS_MANAGER: lambda task, _: levels(task, apart),
        TaskKind.CALIBRATION: lambda task, _: levels(task, FIRST),
    }
    learner.until_asked(TaskKind.PLAN_CHOICE)
    first = next(
        task for task in learner.view()["tasks"] if (task["kind"], task["party"]) == ("calibration", "manager")
    )
    learner.course.office.left[MANAGER] = date(2027, 3, 5)

    # when HR has it put right, then it waits for whoever takes over, and HR is asked who does
    request = ReopenTask(actor=HR, task=first["id"], reason="a slip of the pen")
    done = learner.driver.ask(CASE, "reopen_task", request, Done)
    assert f"waits for whoever takes over from {MANAGER}" in done.sentence
    (who,) = learner.open(TaskKind.SUCCESSOR)
    learner.answer(who, to=STAND_IN)

    # and they put it right
    (again,) = learner.open(TaskKind.CALIBRATION)
    assert (again["assignee"], again["reopens"]) == (STAND_IN, first["id"])
    assert "task_opened" in learner.course.office.letters_to(STAND_IN)
    learner.answer(again, **levels(again, FIRST))
    assert next(task for task in learner.view()["tasks"] if task["id"] == first["id"])["state"] == "replaced"
