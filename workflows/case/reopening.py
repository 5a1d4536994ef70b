"""An answered task is asked once more, and its new answer takes the place of the first.

Whoever awaited the first answer has gone on with it. So each programme says here what is to be done with a new one, by
kind (``apply``), and which can't be put right any more (``why_not``); the rules by kind stand in
:mod:`domain.registry.reopening`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from domain.core.decisions import DecisionKind
from domain.core.model import PersonId
from domain.core.questions import Form, TaskKind, Waivable
from domain.core.reopening import ReopenTask, check_can_be_reopened
from domain.core.task_letters import AnswerReopened, TaskReopened
from domain.core.tasks import Refused, Task, TaskState
from domain.registry.reopening import REOPENING
from workflows.case.answers import Details
from workflows.case.task_book import TaskBook

Apply: TypeAlias = Callable[[Task, Any], None]
"""Puts the answer (the form) to a task that was asked once more in the place of the first."""


TOO_LATE = "it can't be put right any more; the first answer counts"


def _nothing_against(_: Task) -> str | None:
    return None


class Reopening:
    """The answered tasks of one case that are asked once more."""

    def __init__(self, tasks: TaskBook) -> None:
        self._tasks = tasks
        self._state = tasks.state
        self.apply: dict[TaskKind, Apply] = {}
        self.why_not: Callable[[Task], str | None] = _nothing_against
        """Why the answer to a task can't be put right any more, or none."""
        self.must_be_given: frozenset[TaskKind] = frozenset()
        """The kinds whose first answer can't be taken back, only replaced."""
        self.copy_check: Callable[[Task, Task], None] = lambda _, __: None
        """Lets what is checked of answers to the first task be checked of those to the second."""

    def check(self, request: ReopenTask) -> None:
        """Refuse what can't be reopened (any more). Raises :class:`Refused`."""
        task = self._tasks.find(request.task, request.actor)
        check_can_be_reopened(task, self._state.tasks, REOPENING[task.kind])
        if (why := self.why_not(task)) is not None:
            raise Refused(f"{task.id} ({task.subject}) can't be reopened: {why}")

    def concerned(self, request: ReopenTask) -> list[PersonId]:
        """Whom reopening would ask or write to: who was asked, who answered, and who has the part now."""
        task = self._tasks.find(request.task, request.actor)
        people = [task.assignee, task.answered_by, self._state.parties.get(task.party)]
        return [person for person in dict.fromkeys(people) if person is not None]

    def reopen(self, request: ReopenTask) -> str:
        """Ask once more whoever was asked, or has the part now; what has happened, as a sentence."""
        task = self._tasks.find(request.task)
        again = self._tasks.open(task.kind, task.subject, task.party, self._details(task, request))
        again.reopens, again.by_name = task.id, task.by_name
        self.copy_check(task, again)
        before = task.answer if again.assignee == task.answered_by else None  # else it would lead the other's hand
        about = self._tasks.said_of(again, again.assignee)
        self._tasks.begin(again, TaskReopened(about=about, before=before))
        if task.answered_by is not None and task.answered_by != again.assignee:
            about = self._tasks.said_of(task, task.answered_by)
            letter = AnswerReopened(about=about, reason=request.reason)
            self._tasks.send_letter(task, letter, to=task.answered_by)
        self._tasks.report.decision(
            DecisionKind.CORRECTION,
            f"{task.id} reopened",
            by=request.actor,
            reason=request.reason,
            evidence={**_named(task), "again": again.id, "before": task.answer},
        )
        return f"{self._said(again)}; until they answer, the first answer counts"

    def _said(self, again: Task) -> str:
        """Who is asked; what only one person can answer waits where they have left, for whoever takes over."""
        if again.assignee in self._state.gone:
            return f"{again.id} waits for whoever takes over from {again.assignee}, who has left the company"
        return f"{again.assignee} is asked once more ({again.id})"

    def _details(self, task: Task, request: ReopenTask) -> Details[Any]:
        """As the first time. Whoever has the part now is asked, unless somebody was asked by name."""
        person = task.assignee if task.by_name else None
        facts = {**task.facts, "asked_again_because": request.reason}
        details: Details[Any] = {"person": person, "facts": facts, "not_by": task.not_by}
        if task.ref is not None:
            details["ref"] = task.ref
        return details

    # The new answer

    def check_answer(self, task: Task, form: Form) -> None:
        """Refuse an answer to a task that was asked once more, where it would come too late, or be none.

        Raises :class:`Refused`.
        """
        if task.reopens is None:
            return
        if (why := self.why_not(task)) is not None:
            raise Refused(f"{task.id} ({task.subject}) can't be put right any more: {why}; the first answer counts")
        if task.kind in self.must_be_given and isinstance(form, Waivable) and form.waived_because:
            raise Refused("waived_because: there is an answer, which counts as long as no other is given")

    def answered(self, task: Task, form: Form, by: PersonId) -> None:
        """The new answer takes the place of the first."""
        if task.reopens is None:
            return
        first = self._tasks.find(task.reopens)
        first.state, first.replaced_by = TaskState.REPLACED, task.id
        self._tasks.report.task(first)
        self._tasks.report.decision(
            DecisionKind.CORRECTION,
            f"{first.id} answered anew",
            by=by,
            reason=task.facts.get("asked_again_because"),
            evidence={**_named(first), "again": task.id, "before": first.answer, "now": task.answer},
        )
        self.apply[task.kind](task, form)

    def close_lapsed(self) -> None:
        """Call off what was asked once more and can't be put right any more: the first answer counts."""
        for task in self._state.open_tasks():
            if task.reopens is not None and self.why_not(task) is not None:
                self._tasks.call_off(task, TOO_LATE)


def _named(task: Task) -> dict[str, Any]:
    return {"task": task.id, "kind": task.kind.value, "subject": task.subject}
