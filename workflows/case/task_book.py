"""The tasks of one case: how one is opened, closed, and written about; what for, the modules beside it tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.core.case import DAY, CaseState
from domain.core.letters import AboutTask, TaskClosed, TaskEscalated, TaskLetter, TaskOpened, TaskToHandOn
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import CONFIDENTIAL, VOLUNTARY, LetterSent, Refused, Task, TaskState, ladder_for
from domain.registry.forms import MAY_EXPIRE
from workflows.case.answers import Details
from workflows.case.clock import ProgrammeClock
from workflows.case.reporting import Reporter


class TaskBook:
    """The tasks of one case. ``on_close`` are told of each task that is closed."""

    def __init__(self, state: CaseState, clock: ProgrammeClock, reporter: Reporter) -> None:
        self.state = state
        self.clock = clock
        self.report = reporter
        self.on_close: list[Callable[[Task], None]] = []

    def find(self, task_id: str, actor: PersonId | None = None) -> Task:
        """The task with this id. Raises :class:`Refused` where there is none, or none for the ``actor`` to know of."""
        task = self.state.task(task_id)
        if task is None or (actor is not None and not task.is_there_for(actor)):
            raise Refused(f"there is no task {task_id} in the case {self.state.case}", "invalid")
        return task

    # Opening

    def open(self, kind: TaskKind, subject: str, party: Party, details: Details[Any]) -> Task:
        """A new task, of which nobody has heard yet."""
        rule = self.state.policy.tasks[kind.value]
        now, due_at = self.clock.now(), details.get("due_at")
        person, not_by = details.get("person"), list(details.get("not_by", ()))
        allowed = max(due_at - now, DAY) if due_at else timedelta(days=rule.within_days)
        assignee = person or self.state.parties.get(party) or self.state.parties[rule.escalate_to]
        allowed = self.state.due_for(assignee, now + allowed) - now
        self.state.tasks_asked += 1
        task = Task(
            id=f"{self.state.case}-{self.state.tasks_asked}",
            kind=kind,
            subject=subject,
            party=party,
            assignee=assignee,
            escalation=self.escalation_of(kind, assignee, not_by),
            stands_in=person is None and party not in self.state.parties,
            by_name=person is not None,
            opened_at=now,
            due_at=now + allowed,
            ladder=ladder_for(
                self.state.policy.ladder, now, allowed, may_expire=kind in MAY_EXPIRE, voluntary=kind in VOLUNTARY
            ),
            then_every=timedelta(days=self.state.policy.ladder.then_every_days),
            not_by=not_by,
            facts=details.get("facts") or {},
            ref=details.get("ref"),
        )
        self.state.tasks.append(task)
        if assignee in self.state.gone:
            self.let_stand_in(task)
            self.escalate_by_policy(task)
        return task

    def escalation_of(self, kind: TaskKind, assignee: PersonId, not_by: Collection[PersonId]) -> PersonId:
        """Whoever plays the policy's part; where that one is asked already, or excluded, somebody else in HR.

        Where all are excluded, the head of HR all the same: they can't answer, but hand it on. Of what is confidential
        nobody learns who is excluded. It is never somebody who has left.
        """
        parties, gone = self.state.parties, self.state.gone
        holders = [parties[part] for part in (self.state.policy.tasks[kind.value].escalate_to, Party.HR_LEAD, Party.HR)]
        others = [person for person in holders if person not in gone]
        fit = [person for person in others if person != assignee and person not in not_by]
        last = [assignee] if kind in CONFIDENTIAL else [person for person in others if person == parties[Party.HR_LEAD]]
        return [*fit, *last, *others, *gone.values()][0]

    def escalate_by_policy(self, task: Task) -> None:
        """Whom it escalates to goes by who is asked now."""
        task.escalation = self.due_escalation(task)

    def due_escalation(self, task: Task) -> PersonId:
        """To whom it escalates by who is asked now."""
        return self.escalation_of(task.kind, task.assignee, task.not_by)

    def let_stand_in(self, task: Task) -> None:
        """Somebody of HR who may answer it; where nobody of them may, the head of HR, who hands it on."""
        state, rule = self.state, self.state.policy.tasks[task.kind.value]
        parts = (Party.HR, Party.HR_LEAD, rule.escalate_to)
        there = [
            state.parties[part] for part in parts if part in state.parties and state.parties[part] not in state.gone
        ]
        barred = {*task.not_by, *state.barred(task)}
        fit = [person for person in there if person not in barred]
        heads = [person for person in there if person == state.parties[Party.HR_LEAD]]
        task.assignee, task.stands_in = [*fit, *heads, *there, *state.gone.values()][0], True

    def begin(self, task: Task, letter: TaskLetter) -> None:
        """Whoever is asked hears of it; where they can't answer, they are to hand it on."""
        excluded = task.assignee in task.not_by
        about = letter.about
        self.send_letter(task, TaskToHandOn(about=about) if excluded else letter, to=task.assignee)
        if excluded and task.escalation != task.assignee:
            self.escalate(task)
        self.report.task(task)

    # Closing

    def close(self, task: Task, state: TaskState) -> None:
        """A task ends so; nobody is written to."""
        task.state = state
        task.closed_at = self.clock.now()
        self.report.task(task)
        for told in self.on_close:
            told(task)

    def call_off(self, task: Task, why: str) -> None:
        """A task ends without an answer, and those who were asked are told why."""
        self.close(task, TaskState.CLOSED)
        for person in [] if task.kind in VOLUNTARY else task.people:
            self.send_letter(task, TaskClosed(about=self.said_of(task, person), why=why), to=person)

    # Writing

    def escalate(self, task: Task, missed: Sequence[datetime] = ()) -> None:
        """Whom it escalates to may answer from now on, and is written to, unless they say that it is not theirs."""
        task.escalated = True
        if task.disowned_by(task.escalation) is None:
            about = self.said_of(task, task.escalation)
            letter = TaskEscalated(about=about, assignee=task.assignee, missed=missed)
            self.send_letter(task, letter, to=task.escalation)

    def opened(self, task: Task) -> TaskOpened:
        """The usual letter to whoever is asked."""
        return TaskOpened(about=self.said_of(task, task.assignee))

    def said_of(self, task: Task, to: PersonId) -> AboutTask:
        """What a letter to this person says of a task."""
        return AboutTask(
            task=task.id,
            subject=task.subject,
            kind=task.kind,
            due_at=task.due_at,
            facts=task.facts,
            may_answer=to not in {*task.not_by, *self.state.barred(task)},
            holder=task.facts.get("holder"),
        )

    def send_letter(self, task: Task, letter: TaskLetter, *, to: PersonId) -> None:
        """Write to somebody, and note it in the task."""
        key = self.report.letter(letter, to=to)
        task.letters.append(LetterSent(at=self.clock.now(), what=letter.template, to=to, letter=key))
