"""The tasks that are open: whom else they are given to where people change, and what letters say of them.

How somebody is asked, and what comes of it, is told in :mod:`workflows.case.asking`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.core.case import CaseState
from domain.core.letters import AboutTask, TaskClosed, TaskEscalated, TaskLetter, TaskOpened, TaskToHandOn
from domain.core.model import Party, PersonId
from domain.core.permissions import OF_HR
from domain.core.questions import TaskKind
from domain.core.tasks import CONFIDENTIAL, VOLUNTARY, LetterSent, Task, TaskState
from workflows.case.clock import ProgrammeClock
from workflows.case.reporting import Reporter

NEVER_HANDED_OVER = frozenset({TaskKind.MENTOR_REQUEST, TaskKind.SESSION_NOTE, *VOLUNTARY})
"""Who was asked to be a mentor, held a session, or was asked how it goes, answers that also once somebody else has the
part."""

JUDGES = frozenset({Party.TRAINER, Party.SUPERVISOR, Party.REVIEWER})
"""The parts for which the manager is asked where nobody is named."""


class OpenTasks:
    """The open tasks of one case."""

    def __init__(self, state: CaseState, clock: ProgrammeClock, reporter: Reporter) -> None:
        self._state = state
        self._clock = clock
        self._report = reporter

    # Somebody else takes over

    def going_with(self, party: Party, before: PersonId) -> list[Task]:
        """The open tasks that go with a part to whoever takes it over from ``before``.

        With HR's parts, and with the last one somebody has, go those in which they stand in for others; and where they
        have left, those in which others stand in for them.
        """
        others = [part for part in self._state.party_of(before) if part is not party]

        def goes(task: Task) -> bool:
            if task.kind in NEVER_HANDED_OVER:
                return False
            if task.assignee != before:
                return task.party is party and task.stands_in and before in self._state.gone
            stands_in = task.party not in others and (party in OF_HR or not others)
            judges = party is Party.MANAGER and task.party in JUDGES and task.party not in others
            return task.party is party or stands_in or judges

        return [task for task in self._state.open_tasks() if goes(task)]

    def take_over(self, tasks: Sequence[Task], to: PersonId) -> None:
        """These tasks are this person's from now on, with the time that is left for them; they are told of each."""
        for task in tasks:
            before, task.assignee = task.assignee, to
            task.delegates = [person for person in task.delegates if person not in (before, to)]
            task.stands_in = task.stands_in and self._state.parties.get(task.party) != to
            self._told_anew(task)

    def stand_in_for(self, gone: PersonId, tasks: Sequence[Task]) -> None:
        """HR stands in for somebody who has left, in these tasks, until it is known who takes over."""
        for task in tasks:
            self._let_stand_in(task)
            task.delegates = [person for person in task.delegates if person not in (gone, task.assignee)]
            self._told_anew(task)

    def _let_stand_in(self, task: Task) -> None:
        """Somebody of HR who may answer it; where nobody of them may, the head of HR, who hands it on."""
        state, rule = self._state, self._state.policy.tasks[task.kind.value]
        parts = (Party.HR, Party.HR_LEAD, rule.escalate_to)
        there = [
            state.parties[part] for part in parts if part in state.parties and state.parties[part] not in state.gone
        ]
        barred = {*task.not_by, *state.barred(task)}
        fit = [person for person in there if person not in barred]
        heads = [person for person in there if person == state.parties[Party.HR_LEAD]]
        task.assignee, task.stands_in = [*fit, *heads, *there, *state.gone.values()][0], True

    def _told_anew(self, task: Task) -> None:
        """Whoever has a task now is told, and so is whoever it has escalated to by now."""
        about, escalation = self._said_of(task, task.assignee), self._escalation_of(task)
        changed, task.escalation = escalation != task.escalation, escalation
        letter = TaskOpened(about=about) if about.may_answer else TaskToHandOn(about=about)
        self._send_letter(task, letter, to=task.assignee)
        if task.escalated and changed:
            self._escalate(task)
        self._report.task(task)

    def escalate_past(self, before: PersonId) -> None:
        """What escalates to this person, or has, does to whoever has the part now."""
        for task in self._state.open_tasks():
            if task.escalation == before and (now := self._escalation_of(task)) != before:
                task.escalation = now
                if task.escalated:
                    self._escalate(task)
                    self._report.task(task)

    def hand_back(self, delegate: PersonId) -> list[Task]:
        """What was handed to this person is for whoever has handed it to them again, who is told; those tasks."""
        handed = [task for task in self._state.open_tasks() if delegate in task.delegates]
        for task in handed:
            task.delegates.remove(delegate)
            self._send_letter(task, TaskOpened(about=self._said_of(task, task.assignee)), to=task.assignee)
            self._report.task(task)
        return handed

    def only_theirs(self, task: Task) -> bool:
        """Whether nobody else can answer it: whether they want to be the mentor, or how a session of theirs went."""
        return task.kind in NEVER_HANDED_OVER

    def call_off_some(self, tasks: Sequence[Task], why: str, *, but: PersonId) -> None:
        """Close these without an answer, and tell those who were asked, ``but`` for one."""
        for task in tasks:
            self._close(task, TaskState.CLOSED)
            for person in task.people:
                if person != but:
                    self._send_letter(task, TaskClosed(about=self._said_of(task, person), why=why), to=person)

    def _escalation_of(self, task: Task) -> PersonId:
        return self._escalation(task.kind, task.assignee, task.not_by)

    def _escalation(self, kind: TaskKind, assignee: PersonId, not_by: Collection[PersonId]) -> PersonId:
        """Whoever plays the policy's part; where that one is asked already, or excluded, somebody else in HR.

        Where all are excluded, the head of HR all the same: they can't answer, but hand it on. Of what is confidential
        nobody learns who is excluded. It is never somebody who has left.
        """
        parties, gone = self._state.parties, self._state.gone
        holders = [
            parties[part] for part in (self._state.policy.tasks[kind.value].escalate_to, Party.HR_LEAD, Party.HR)
        ]
        others = [person for person in holders if person not in gone]
        fit = [person for person in others if person != assignee and person not in not_by]
        last = [assignee] if kind in CONFIDENTIAL else [person for person in others if person == parties[Party.HR_LEAD]]
        return [*fit, *last, *others, *gone.values()][0]

    def _escalate(self, task: Task, missed: Sequence[datetime] = ()) -> None:
        task.escalated = True
        about = self._said_of(task, task.escalation)
        self._send_letter(task, TaskEscalated(about=about, assignee=task.assignee, missed=missed), to=task.escalation)

    def _close(self, task: Task, state: TaskState) -> None:
        task.state = state
        task.closed_at = self._clock.now()
        self._report.task(task)

    def _said_of(self, task: Task, to: PersonId) -> AboutTask:
        """What a letter to this person says of a task."""
        return AboutTask(
            task=task.id,
            subject=task.subject,
            kind=task.kind,
            due_at=task.due_at,
            facts=task.facts,
            may_answer=to not in {*task.not_by, *self._state.barred(task)},
            holder=task.facts.get("holder"),
        )

    def _send_letter(self, task: Task, letter: TaskLetter, *, to: PersonId) -> None:
        """Write to somebody, and note it in the task."""
        key = self._report.letter(letter, to=to)
        task.letters.append(LetterSent(at=self._clock.now(), what=letter.template, to=to, letter=key))
