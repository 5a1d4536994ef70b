"""The tasks that are open: whom else they are given to where people change, and what letters say of them.

How somebody is asked, and what comes of it, is told in :mod:`workflows.case.asking`.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.case import CaseState
from domain.core.model import Party, PersonId
from domain.core.taking_over import NEVER_HANDED_OVER, going_with
from domain.core.tasks import PERSONAL, Task
from workflows.case.clock import ProgrammeClock
from workflows.case.not_mine import NotTheirs
from workflows.case.reporting import Reporter
from workflows.case.task_book import TaskBook


class OpenTasks:
    """The open tasks of one case."""

    def __init__(self, state: CaseState, clock: ProgrammeClock, reporter: Reporter) -> None:
        self._state = state
        self._clock = clock
        self._report = reporter
        self._tasks = TaskBook(state, clock, reporter)
        self.not_theirs = NotTheirs(self._tasks)

    # Somebody else takes over

    def going_with(self, party: Party, before: PersonId) -> list[Task]:
        """The open tasks that go with a part to whoever takes it over from ``before``."""
        return going_with(self._state, party, before)

    def take_over(self, tasks: Sequence[Task], to: PersonId) -> None:
        """These tasks are this person's from now on, with the time that is left for them; they are told of each."""
        for task in tasks:
            if not task.is_open:  # it was closed with one before it
                continue
            before = task.assignee
            self.not_theirs.has_handed_on(task, before)
            task.assignee, task.by_name = to, False
            task.delegates = [person for person in task.delegates if person not in (before, to)]
            task.stands_in = task.stands_in and self._state.parties.get(task.party) != to
            self._told_anew(task)

    def stood_in(self, person: PersonId) -> list[Task]:
        """The open tasks of the parts of somebody who is back in which others stand in, as far as they may do them.

        Of a part that several have, none as long as it may be another one's who has left.
        """
        parts, gone = self._state.parts(), self._state.gone

        def is_theirs(task: Task) -> bool:
            have_it = parts.get(task.party, [])
            return person in have_it and not any(other in gone for other in have_it if other != person)

        return [
            task
            for task in self._state.open_tasks()
            if task.stands_in
            and task.assignee != person
            and is_theirs(task)
            and person not in self._state.excluded_from(task)
        ]

    def stand_in_for(self, gone: PersonId, tasks: Sequence[Task]) -> None:
        """HR stands in for somebody who has left, in these tasks, until it is known who takes over.

        What nobody can stand in for waits for that.
        """
        for task in tasks:
            if task.is_open and self._tasks.stand_in_of(task) is not None:
                self.not_theirs.has_handed_on(task, gone)
                self._tasks.let_stand_in(task)
                task.delegates = [person for person in task.delegates if person not in (gone, task.assignee)]
                self._told_anew(task)

    def _told_anew(self, task: Task) -> None:
        """Whoever has a task now is told, and so is whoever it has escalated to by now."""
        before = task.escalation
        self._tasks.escalate_by_policy(task)
        self._tasks.send_letter(task, self._tasks.opened(task), to=task.assignee)
        if task.escalated and task.escalation != before:
            self._tasks.escalate(task)
        self._report.task(task)

    def escalate_past(self, before: PersonId, to: PersonId | None = None) -> None:
        """What escalates to this person, or has, does to whoever has the part now, or stands in.

        Where somebody has stood in, it escalates from now on to whoever has taken the part over (``to``).
        """
        stand_ins = [*self._state.there_for_hr, *self._state.declarers] if before in self._state.gone else []
        for task in self._state.open_tasks():
            escalation, now = task.escalation, self._tasks.due_escalation(task)
            if now != escalation and (escalation == before or (now == to and escalation in stand_ins)):
                self.not_theirs.has_handed_on(task, escalation)
                task.escalation = now
                if task.escalated:
                    self._tasks.escalate(task)
                    self._report.task(task)

    def hand_back(self, delegate: PersonId) -> list[Task]:
        """What was handed to this person is for whoever has handed it to them again, who is told; those tasks."""
        handed = [task for task in self._state.open_tasks() if delegate in task.delegates]
        for task in handed:
            self.not_theirs.has_handed_on(task, delegate)
            task.delegates.remove(delegate)
            self._tasks.send_letter(task, self._tasks.opened(task), to=task.assignee)
            self._report.task(task)
        return handed

    def only_theirs(self, task: Task) -> bool:
        """Whether nobody else can answer it: whether they want to be the mentor, or how a session of theirs went."""
        return task.kind in NEVER_HANDED_OVER

    def is_of_one_person(self, task: Task) -> bool:
        """Whether nobody can stand in for whoever is asked; who takes over their part may be able to answer it."""
        return task.kind in PERSONAL or task.confidential

    def call_off_these(self, tasks: Sequence[Task], why: str) -> None:
        """Close these without an answer, and tell those who were asked."""
        for task in tasks:
            if task.is_open:  # else it was closed with one before it
                self._tasks.call_off(task, why)
