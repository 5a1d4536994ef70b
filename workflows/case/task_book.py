"""The tasks of one case: how one is opened, closed, and written about; what for, the modules beside it tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.core.case import CaseState
from domain.core.clock import DAY
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.task_letters import AboutTask, TaskClosed, TaskEscalated, TaskLetter, TaskOpened, TaskToHandOn
from domain.core.tasks import PERSONAL, VOLUNTARY, LetterSent, Refused, Task, TaskState, ladder_for
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
        person = details.get("person")
        allowed = max(due_at - now, DAY) if due_at else timedelta(days=rule.within_days)
        assignee = person or self.state.parties.get(party) or self.state.parties[rule.escalate_to]
        allowed = self.state.due_for(assignee, kind, now + allowed) - now
        self.state.tasks_asked += 1
        task = Task(
            id=f"{self.state.case}-{self.state.tasks_asked}",
            kind=kind,
            subject=subject,
            party=party,
            assignee=assignee,
            escalation=assignee,
            stands_in=person is None and party not in self.state.parties,
            by_name=person is not None,
            opened_at=now,
            due_at=now + allowed,
            ladder=ladder_for(
                self.state.policy.ladder, now, allowed, may_expire=kind in MAY_EXPIRE, voluntary=kind in VOLUNTARY
            ),
            then_every=timedelta(days=self.state.policy.ladder.then_every_days),
            not_by=list(details.get("not_by", ())),
            facts=details.get("facts") or {},
            ref=details.get("ref"),
        )
        self.state.tasks.append(task)
        if assignee in self.state.gone:
            self.let_stand_in(task)
        self.escalate_by_policy(task)
        return task

    def escalate_by_policy(self, task: Task) -> None:
        """Whom it escalates to goes by who is asked now."""
        task.escalation = self.due_escalation(task)

    def due_escalation(self, task: Task) -> PersonId:
        """Whoever plays the policy's part; where that one is asked already, or excluded, somebody else in HR.

        Where all are excluded, the head of HR all the same: they can't answer, but hand it on. Of what is confidential
        nobody learns who is excluded. It is never somebody who has left, as long as anybody is there.
        """
        there = self._there(self.state.policy.tasks[task.kind.value].escalate_to, Party.HR_LEAD, Party.HR)
        excluded = {task.assignee, *task.not_by, *self.state.kept_out_of(task)}
        fit = [person for person in there if person not in excluded]
        if task.confidential:
            return [*fit, task.assignee][0]
        return [*fit, *self._last_resort(excluded), *there, task.assignee][0]

    def _last_resort(self, excluded: Collection[PersonId]) -> list[PersonId]:
        """Where nobody else may answer: the head of HR, who can hand it on; where they have left, who declares that."""
        declarers = [person for person in self.state.declarers if person not in excluded]
        return [*self._there(Party.HR_LEAD), *declarers]

    def _there(self, *parts: Party) -> list[PersonId]:
        """Who plays these parts, and has not left."""
        people = [self.state.parties[part] for part in parts if part in self.state.parties]
        return [person for person in people if person not in self.state.gone]

    def stand_in_of(self, task: Task) -> PersonId | None:
        """Who of HR answers a task in place of somebody who has left.

        Where nobody of them may, the head of HR, who hands it on. Nobody does what only one person can answer, which
        waits for whoever takes over their part; nor what is confidential, where all of HR are kept out of it.
        """
        if task.kind in PERSONAL:
            return None
        there = self._there(Party.HR, Party.HR_LEAD, self.state.policy.tasks[task.kind.value].escalate_to)
        excluded = self.state.excluded_from(task)
        choice = [person for person in there if person not in excluded]
        if not task.confidential:
            choice += [*self._last_resort(excluded), *there]
        return next(iter(choice), None)

    def let_stand_in(self, task: Task) -> None:
        """Ask somebody of HR in place of somebody who has left, if there is anybody who can be asked."""
        if (person := self.stand_in_of(task)) is not None:
            task.assignee, task.stands_in = person, True

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

    def opened(self, task: Task) -> TaskOpened | TaskToHandOn:
        """The usual letter to whoever is asked: that they are to answer, or who can't, that they are to hand it on."""
        about = self.said_of(task, task.assignee)
        return TaskOpened(about=about) if about.may_answer else TaskToHandOn(about=about)

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
        """Write to somebody, unless they have left the company, and note it in the task."""
        key = self.report.letter(letter, to=to)
        if key is not None:
            task.letters.append(LetterSent(at=self.clock.now(), what=letter.template, to=to, letter=key))
