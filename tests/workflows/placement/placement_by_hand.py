"""A placement without a server, by the policy that comes with Waymark: people answer, and time passes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from domain.core.case import CaseRequest, Done
from domain.core.model import PersonId
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.reassigning import HandedOver, HandedPart, HandOver
from domain.core.tasks import AnswerTask, Receipt
from domain.core.working_pattern import read_patterns
from domain.placement.policy import Policy
from simulated.answers import willing
from tests.domain.factories import shipped_policy
from tests.office import HR_LEAD, ROLE
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import ASKS, LAST_DAY, placement_start
from tests.workflows.case.stand_ins import StandIns
from workflows.placement.workflow import Placement

CASE = "placement-R-1-DATA1"


class PlacementByHand:
    """A placement of sixteen weeks, from its first step."""

    def __init__(
        self, office: StandIns, policy: Policy | None = None, role: Role = ROLE, patterns: str = "", **more: Any
    ) -> None:
        self.course = Course(office, ASKS)
        self.driver = office.driver
        start = placement_start(self.driver.now)
        policy = policy or shipped_policy()  # a role and a policy that take nothing of what is scarce
        values = {"role": role, "policy": policy, "weeks": 16, "patterns": read_patterns(patterns), **more}
        self.driver.start(Placement, CASE, start.model_copy(update=values))

    def view(self) -> dict[str, Any]:
        """Its whole state."""
        found: dict[str, Any] = self.driver.query(CASE)
        return found

    def today(self) -> date:
        """The date on its clock."""
        return datetime.fromisoformat(self.view()["now"]).date()

    def open_tasks(self, kind: TaskKind | None = None) -> list[dict[str, Any]]:
        """The open tasks (of this kind), the soonest due first."""
        self.driver.settle()
        tasks: list[dict[str, Any]] = self.driver.query(CASE, "open_tasks")
        return [task for task in tasks if kind in (None, task["kind"])]

    def go_on(
        self,
        until: Callable[[dict[str, Any]], Any],
        unanswered: Collection[TaskKind] = (),
        answers: Mapping[TaskKind, dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Everybody answers (these tasks so, others willingly, and some not) and time passes, until this is true of its
        view; that view."""
        self.course.unanswered = set(unanswered)
        self.course.answers = {kind: _always(answer) for kind, answer in (answers or {}).items()}
        self.course.until(lambda: not self.driver.choices() and bool(until(self.view())))
        return self.view()

    def next_task(self, kind: TaskKind, *unanswered: TaskKind) -> dict[str, Any]:
        """Go on until a task of this kind is open, while nobody answers these."""
        self.go_on(lambda _: self.open_tasks(kind), unanswered=[kind, *unanswered])
        return self.open_tasks(kind)[0]

    def ask(self, name: str, request: CaseRequest) -> Done:
        """Somebody asks for a change. Raises the ``ApplicationError`` of a refusal."""
        return self.driver.ask(CASE, name, request, Done)

    def answer(self, task: dict[str, Any], by: PersonId | None = None, **fields: Any) -> Receipt:
        """Whoever is asked (or somebody else) answers, willingly unless told otherwise.

        Raises the ``ApplicationError`` of a refusal.
        """
        answer = fields or willing(TaskKind(task["kind"]), task["facts"])
        message = AnswerTask(actor=by or task["assignee"], task=task["id"], answer=answer)
        return self.driver.ask(CASE, "answer_task", message, Receipt)

    def delegate(self, task: dict[str, Any], to: PersonId) -> Receipt:
        """Whoever is asked hands it on. Raises the ``ApplicationError`` of a refusal."""
        message = AnswerTask(actor=task["assignee"], task=task["id"], delegate_to=to)
        return self.driver.ask(CASE, "answer_task", message, Receipt)

    def leaves(self, person: PersonId, by: PersonId = HR_LEAD, **successors: Any) -> dict[str, HandedPart]:
        """Their departure, which somebody has declared, asks for what they have; what the case says, by what it is
        called."""
        self.course.office.left[person] = LAST_DAY
        request = HandOver(actor=by, person=person, left_on=LAST_DAY, **successors)
        said = self.driver.ask(CASE, "hand_over", request, HandedOver)
        self.driver.settle()
        return {part.what: part for part in said.parts}

    def task(self, task: dict[str, Any]) -> dict[str, Any]:
        """A task as it stands now."""
        return next(other for other in self.view()["tasks"] if other["id"] == task["id"])

    def pass_time(self, duration: timedelta) -> None:
        """Time passes, and nobody answers anything."""
        self.driver.wait(duration)


def _always(answer: dict[str, Any]) -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    return lambda task, view: answer
