"""Asking: the one way a case asks a person anything.

A task is recorded, the person is told, reminded at the policy's fractions of the time allowed, and past it the
escalation target is told and may answer. The answer comes as an update, checked before it is let in. Time never
answers; a mentor request, a seat and an offer may expire, everything else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar, Unpack, overload

from temporalio import workflow

from domain.core.answering import check_delegation
from domain.core.case import CaseState
from domain.core.clock import DAY
from domain.core.forms import RIGHT_PERSON, SUCCESSOR, RightPerson
from domain.core.model import Party, PersonId
from domain.core.questions import ExpiringQuestion, Form, Question, TaskKind
from domain.core.taking_over import NEVER_HANDED_OVER
from domain.core.task_letters import TaskBroughtForward, TaskDelegated, TaskOpened
from domain.core.tasks import (
    AnswerTask,
    DutiesNotSeparate,
    Receipt,
    Refused,
    Task,
    TaskState,
    ladder_for,
)
from domain.registry.answers import read_answer, same_answer
from domain.registry.forms import FORMS, MAY_EXPIRE
from workflows.case.answers import Answer, Answered, AnswerInTime, CalledOff, Details, Expired
from workflows.case.clock import ProgrammeClock
from workflows.case.ladder import Ladder
from workflows.case.open_tasks import OpenTasks
from workflows.case.reopening import Reopening
from workflows.case.reporting import Reporter

F = TypeVar("F", bound=Form)


class Asking(OpenTasks):
    """The tasks of one case."""

    def __init__(self, state: CaseState, clock: ProgrammeClock, reporter: Reporter) -> None:
        super().__init__(state, clock, reporter)
        self._checks: dict[str, Callable[[Any], None]] = {}
        self.ladder = Ladder(self._tasks)
        self.reopening = Reopening(self._tasks)
        self.reopening.copy_check = self._copy_check

    @overload
    async def ask(
        self, question: Question[F], subject: str, *, of: Party, **details: Unpack[Details[F]]
    ) -> Answer[F]: ...

    @overload
    async def ask(
        self, question: ExpiringQuestion[F], subject: str, *, of: Party, **details: Unpack[Details[F]]
    ) -> AnswerInTime[F]: ...

    async def ask(
        self, question: Question[F] | ExpiringQuestion[F], subject: str, *, of: Party, **details: Unpack[Details[F]]
    ) -> AnswerInTime[F]:
        """Ask whoever plays that part (or ``person``) and wait for what comes of it."""
        return await self.answer_to(question, self.begin(question, subject, of=of, **details))

    def begin(
        self, question: Question[F] | ExpiringQuestion[F], subject: str, *, of: Party, **details: Unpack[Details[F]]
    ) -> Task:
        """Ask, and don't wait: the task, whose answer :meth:`answer_to` waits for."""
        task = self._tasks.open(question.kind, subject, of, details)
        opening_letter = details.get("opening_letter", TaskOpened)
        self._tasks.begin(task, opening_letter(about=self._tasks.said_of(task, task.assignee)))
        if check := details.get("check"):
            self.check_with(task, check)
        return task

    async def ask_until_answered(
        self, question: Question[F], subject: str, *, of: Party, **details: Unpack[Details[F]]
    ) -> Answered[F]:
        """Ask what the programme can't go on without: called off while the programme goes on, it is asked anew."""
        while True:
            answer = await self.ask(question, subject, of=of, **details)
            if isinstance(answer, Answered):
                return answer

    def check_with(self, task: Task, check: Callable[[Any], None]) -> None:
        """Let ``check`` raise :class:`Refused` on an answer to this task that fits the form but not the case."""
        self._checks[task.id] = check

    def _copy_check(self, first: Task, second: Task) -> None:
        if first.id in self._checks:
            self._checks[second.id] = self._checks[first.id]

    @overload
    async def answer_to(self, question: Question[F], task: Task) -> Answer[F]: ...

    @overload
    async def answer_to(self, question: ExpiringQuestion[F], task: Task) -> AnswerInTime[F]: ...

    async def answer_to(self, question: Question[F] | ExpiringQuestion[F], task: Task) -> AnswerInTime[F]:
        """Wait for what comes of a task that is there, perhaps since an earlier run.

        Where it was reopened and answered anew before anybody read the first answer, only the new one is read.
        """
        await workflow.wait_condition(lambda: not task.is_open)
        while task.replaced_by is not None:
            task = self._tasks.find(task.replaced_by)
        at = task.closed_at or self._clock.now()
        if task.answer is not None and task.answered_by is not None:
            return Answered(question.form.model_validate(task.answer), task.answered_by, at)
        return Expired(at) if task.state is TaskState.EXPIRED else CalledOff(at)

    # Answers

    def check(self, message: AnswerTask) -> None:
        """Refuse, before anything is changed, an answer that can't be accepted.

        What the separation of duties forbids passes, because it is refused and recorded in :meth:`answer`.
        Raises :class:`Refused`.
        """
        try:
            self._read(message)
        except DutiesNotSeparate:
            return

    def named(self, message: AnswerTask) -> list[PersonId]:
        """Whom a message names that would be accepted: whoever it hands the task to, or the answer speaks of."""
        try:
            read = self._read(message)
        except Refused:
            return []
        return read.people() if isinstance(read, Form) else [read]

    def answer(self, message: AnswerTask) -> Receipt:
        """Accept an answer or a delegation. Raises :class:`Refused`; what duties forbid is recorded first."""
        try:
            form = self._read(message)
        except DutiesNotSeparate as refusal:
            self._report.attempt(message.actor, message.task, str(refusal))
            raise
        task = self._tasks.find(message.task, message.actor)
        if same_answer(task, message):
            return self._receipt(task, message.actor)
        if isinstance(form, Form):
            task.answer = form.model_dump(mode="json")
            task.answered_by = message.actor
            self._tasks.close(task, TaskState.ANSWERED)
            if isinstance(form, RightPerson):
                self.not_theirs.settle(task, message.actor, form)
            self.reopening.answered(task, form, message.actor)
        else:
            self._delegate(task, form, message.actor)
        return self._receipt(task, message.actor)

    def _read(self, message: AnswerTask) -> Form | PersonId:
        self._state.check_there(message.actor)
        task = self._tasks.find(message.task, message.actor)
        if same_answer(task, message):
            return FORMS[task.kind].model_validate(task.answer)
        if message.delegate_to is not None:
            head = self._state.parties.get(Party.HR_LEAD)
            return check_delegation(task, message, about=self._state.about, head=head, barred=self._state.barred(task))
        form = read_answer(task, message, self._state.barred(task), self._state.waivers(task))
        if task.id in self._checks:
            self._checks[task.id](form)
        if isinstance(form, RightPerson):
            self.not_theirs.check_named(task, message.actor, form)
        self.reopening.check_answer(task, form)
        return form

    def _delegate(self, task: Task, to: PersonId, by: PersonId) -> None:
        if to not in task.delegates:
            task.delegates.append(to)
            task.handed_on_by.append(by)
            self.not_theirs.has_handed_on(task, by)
            self._tasks.send_letter(task, TaskDelegated(about=self._tasks.said_of(task, to), by=by), to=to)
            self._report.task(task)

    def _receipt(self, task: Task, by: PersonId) -> Receipt:
        at = task.closed_at or self._clock.now()
        return Receipt(case=self._state.case, task=task.id, by=by, at=at, state=task.state)

    # Changes around the tasks

    def call_off(self, why: str, *, kinds: Iterable[TaskKind] | None = None, asked_anew_too: bool = True) -> None:
        """Close open tasks (of these kinds) without an answer, and tell those who were asked.

        Whose a task is, is asked for as long as that one is open; and who takes over a part, for as long as the case
        goes on. Those that ask once more can be spared.
        """
        chosen = frozenset(TaskKind if kinds is None else set(kinds) - {RIGHT_PERSON.kind, SUCCESSOR.kind})
        wanted = [task for task in self._state.open_tasks() if asked_anew_too or task.reopens is None]
        self.call_off_these([task for task in wanted if task.kind in chosen], why)

    def fulfil(self, task_id: str) -> None:
        """Close a task because what it was about has come to pass; whoever was asked need not answer any more."""
        task = self._state.task(task_id)
        if task is not None and task.is_open:
            self._tasks.close(task, TaskState.FULFILLED)

    def hand_over(self, party: Party, to: PersonId, *, except_for: Collection[TaskKind] = ()) -> None:
        """Whoever now plays this part, or stands in, takes over its open tasks (``except_for`` these kinds).

        Never what only the one who was asked can know.
        """
        for task in self._state.open_tasks():
            if (
                task.party is party
                and task.kind not in NEVER_HANDED_OVER
                and task.kind not in except_for
                and task.assignee != to
            ):
                self.not_theirs.has_handed_on(task, task.assignee)
                task.assignee, task.stands_in, task.by_name = to, self._state.parties.get(party) != to, False
                if to in self._state.gone:
                    self._tasks.let_stand_in(task)
                self._tasks.escalate_by_policy(task)
                self._tasks.send_letter(task, self._tasks.opened(task), to=task.assignee)
                self._report.task(task)

    def change_facts(self, task: Task, facts: dict[str, Any]) -> None:
        """What an open task asks about has changed; whoever is asked is written to once more."""
        task.facts = {**task.facts, **facts}
        self._tasks.send_letter(task, self._tasks.opened(task), to=task.assignee)
        self._report.task(task)

    def postpone(self, by: timedelta) -> None:
        """Give all open tasks the time back that a pause took."""
        now = self._clock.now()
        for task in self._state.open_tasks():
            task.pause_over(by, now)  # one asked during the pause has lost only the rest of it
            self._to_own_day(task)
            self._report.task(task)

    def to_own_days(self) -> None:
        """Give open tasks the time up to a day on which whoever is asked works, where those days have changed.

        It only ever gives time. What somebody was told to be due on a Thursday is not due on the Tuesday before because
        they work less now, nor on the Monday again that it was put off from: they may have planned with it, and its
        reminders would come at once.
        """
        for task in self._state.open_tasks():
            if self._to_own_day(task):
                self._report.task(task)

    def _to_own_day(self, task: Task) -> bool:
        later = self._state.due_for(task.assignee, task.kind, task.due_at) - task.due_at
        if later:
            task.postpone(later)
        return bool(later)

    def bring_forward(self, task: Task, due_at: datetime) -> None:
        """An open task is due earlier than was said, though in a day at the earliest; whoever is asked hears of it."""
        now = self._clock.now()
        due_at = self._state.due_for(task.assignee, task.kind, max(due_at, now + DAY))
        if not task.is_open or due_at >= task.due_at:
            return
        task.due_at = due_at
        task.ladder = ladder_for(self._state.policy.ladder, now, due_at - now, may_expire=task.kind in MAY_EXPIRE)
        for person in task.people:
            letter = TaskBroughtForward(about=self._tasks.said_of(task, person))
            self._tasks.send_letter(task, letter, to=person)
        self._report.task(task)
