"""The ladder: how people are reminded of their tasks as time passes, and others are told once it is over."""

from __future__ import annotations

from datetime import datetime

from domain.core.model import Party
from domain.core.task_letters import NotReached, TaskExpired, TaskOverdue, TaskReminder
from domain.core.tasks import EXPIRES_ONLY_IF_DELIVERED, VOLUNTARY, Action, Due, Task, TaskState, take_steps
from workflows.case.task_book import TaskBook


class Ladder:
    """The ladders of all tasks of one case."""

    def __init__(self, tasks: TaskBook) -> None:
        self._tasks = tasks
        self._clock = tasks.clock
        self._report = tasks.report

    async def run(self) -> None:
        """Remind and escalate as time passes, for as long as the case lives; one timer serves all open tasks."""
        while True:
            await self._clock.until(self._next_step_at, "next reminder or escalation")
            now = self._clock.now()
            for task in self._going_on():
                if due := take_steps(task, now):
                    self._take_step(task, due)

    def _going_on(self) -> list[Task]:
        """The open tasks whose time does not stand still."""
        return [task for task in self._tasks.state.open_tasks() if not task.stands_still]

    def _next_step_at(self) -> datetime | None:
        tasks = (task for task in self._tasks.state.tasks if task.is_open and task.ladder and not task.stands_still)
        return min((task.ladder[0].at for task in tasks), default=None)

    def _take_step(self, task: Task, due: Due) -> None:
        about, missed = self._tasks.said_of(task, task.assignee), due.missed
        match due.action:
            case Action.REMIND:
                self._tasks.send_letter(task, TaskReminder(about=about, missed=missed), to=task.assignee)
            case Action.ESCALATE:
                self._tasks.send_letter(task, TaskOverdue(about=about, missed=missed), to=task.assignee)
                self._tasks.escalate(task, missed)
                self._report.task(task)
            case Action.EXPIRE if task.kind in EXPIRES_ONLY_IF_DELIVERED and not self._report.in_time(
                task.letters[0].letter
            ):
                self._tasks.close(task, TaskState.CLOSED)
                self._report.letters(NotReached(subject=task.subject, task=task.id), to=[Party.HR])
            case Action.EXPIRE if task.kind in VOLUNTARY:
                self._tasks.close(task, TaskState.EXPIRED)
            case Action.EXPIRE:
                self._tasks.close(task, TaskState.EXPIRED)
                self._tasks.send_letter(task, TaskExpired(about=about, missed=missed), to=task.assignee)
