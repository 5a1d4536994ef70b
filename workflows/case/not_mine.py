"""Somebody says that a task is not theirs: HR is asked whose it is, and the task goes there, or stays.

Meanwhile its time stands still for whoever says so; an answer of theirs is still accepted. All of it stands in the
state and is done at once with the answer, so that a new run of a case goes on with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.core.answering import check_was_asked
from domain.core.forms import RIGHT_PERSON, RightPerson
from domain.core.model import Party, PersonId
from domain.core.not_mine import NotMine, check_may_disown, check_named, whom_to_ask
from domain.core.task_letters import TaskClosed, TaskDelegated, TaskIsTheirs, WhoseTask
from domain.core.tasks import SaidNotTheirs, Task, TaskState, ladder_for
from workflows.case.answers import Details
from workflows.case.task_book import TaskBook

NOT_NEEDED = "the task is answered, or not needed any more"


class NotTheirs:
    """What is said not to be theirs by those who were asked, and what HR says of it."""

    def __init__(self, tasks: TaskBook) -> None:
        self._tasks = tasks
        self._state = tasks.state
        tasks.on_close.append(self._closed)

    # Saying so

    def check(self, request: NotMine) -> None:
        """Refuse it where it can't be said (any more). Raises :class:`Refused`. Twice is as good as once."""
        self._state.check_there(request.actor)
        task = self._tasks.find(request.task, request.actor)
        check_was_asked(task, request.actor)
        if task.disowned_by(request.actor) is None:
            check_may_disown(task, request.actor)
            self._whom_to_ask(task, request)

    def say(self, request: NotMine) -> str:
        """Ask HR whose it is; what has happened, as a sentence."""
        task = self._tasks.find(request.task)
        said = task.disowned_by(request.actor) or self._ask_hr(task, request)
        asked = self._tasks.find(said.asked)
        return f"{asked.assignee} of HR is asked whose {task.id} is ({asked.id}); until then you are not reminded of it"

    def _ask_hr(self, task: Task, request: NotMine) -> SaidNotTheirs:
        of = self._whom_to_ask(task, request)
        facts = {"task": f"{task.id}, {task.subject}", **({"note": request.note} if request.note else {})}
        not_by = [request.actor, *([self._state.about] if self._state.about else [])]
        details: Details[Any] = {"facts": facts, "not_by": not_by, "ref": task.id}
        asked = self._tasks.open(RIGHT_PERSON.kind, f"name the right person: {task.subject}", of, details)
        said = SaidNotTheirs(by=request.actor, at=self._tasks.clock.now(), asked=asked.id)
        task.said_not_theirs.append(said)
        letter = WhoseTask(about=self._tasks.said_of(asked, asked.assignee), said_by=request.actor)
        self._tasks.begin(asked, letter)
        self._tasks.report.task(task)
        return said

    def _whom_to_ask(self, task: Task, request: NotMine) -> Party:
        out = [*self._state.barred(task), *self._state.gone]
        return whom_to_ask(task, request.actor, self._state.parties, out)

    # What HR says

    def check_named(self, asked: Task, by: PersonId, named: RightPerson) -> None:
        """Refuse somebody who can't have the task. Raises :class:`Refused`."""
        task, said = self._of(asked)
        head = self._state.parties.get(Party.HR_LEAD)
        check_named(task, said.by, by, named, head=head, barred=self._state.barred(task))

    def settle(self, asked: Task, by: PersonId, named: RightPerson) -> None:
        """HR has said whose it is."""
        task, said = self._of(asked)
        if named.person is not None:
            self._move(task, said, named.person, by)
            return
        self._go_on(task, said)
        letter = TaskIsTheirs(about=self._tasks.said_of(task, said.by), why=named.theirs_because or "", said_by=by)
        self._tasks.send_letter(task, letter, to=said.by)
        self._tasks.report.task(task)

    def _move(self, task: Task, said: SaidNotTheirs, to: PersonId, by: PersonId) -> None:
        """It goes to somebody else, in the part in which whoever said so was asked: to answer, or to stand in."""
        left = task.due_at - said.at
        said.settled = True
        if said.by == task.assignee:
            self._give_to(task, to, left)
        elif said.by in task.delegates:
            task.delegates[task.delegates.index(said.by)] = to
        else:
            task.escalation = to
        task.handed_on_by.append(by)
        closed = TaskClosed(about=self._tasks.said_of(task, said.by), why="HR has found somebody else for it")
        self._tasks.send_letter(task, closed, to=said.by)
        self._tasks.send_letter(task, TaskDelegated(about=self._tasks.said_of(task, to), by=by), to=to)
        self._tasks.report.task(task)

    def _give_to(self, task: Task, to: PersonId, left: timedelta) -> None:
        """Whoever is asked now has the time that was left, and at least what the policy gives for such a task."""
        now, policy = self._tasks.clock.now(), self._state.policy
        allowed = max(left, timedelta(days=policy.tasks[task.kind.value].within_days))
        allowed = self._state.due_for(to, task.kind, now + allowed) - now
        task.assignee = to
        self._tasks.escalate_by_policy(task)
        task.delegates = [person for person in task.delegates if person != to]
        task.by_name, task.stands_in = True, False
        task.came_at, task.due_at = now, now + allowed
        task.ladder = ladder_for(policy.ladder, now, allowed, may_expire=False)
        task.reminded = task.escalated = False

    # What makes the question pointless

    def has_handed_on(self, task: Task, person: PersonId) -> None:
        """Whoever said that it is not theirs has handed it on, or somebody else has their part: HR need not say."""
        if (said := task.disowned_by(person)) is not None:
            self._tasks.call_off(self._tasks.find(said.asked), "somebody else has it now")

    def _closed(self, task: Task) -> None:
        """A closed task is nobody's; where HR need not say whose one is, its time goes on."""
        if task.kind is RIGHT_PERSON.kind and task.state is not TaskState.ANSWERED:
            of, said = self._of(task)
            self._go_on(of, said)
            if of.is_open:
                self._tasks.report.task(of)
        for said in task.said_not_theirs:
            if not said.settled:
                self._tasks.call_off(self._tasks.find(said.asked), NOT_NEEDED)

    def _go_on(self, task: Task, said: SaidNotTheirs) -> None:
        """The time that stood still is given back; that of a pause is given back when the pause is over."""
        if said.by == task.assignee:
            until = self._state.clock.paused_since or self._tasks.clock.now()
            task.postpone(max(until - said.at, timedelta(0)))
        said.settled = True

    def _of(self, asked: Task) -> tuple[Task, SaidNotTheirs]:
        """The task of which HR is asked whose it is, and what was said of it."""
        task = self._tasks.find(asked.ref or "")
        return task, next(said for said in task.said_not_theirs if said.asked == asked.id)
