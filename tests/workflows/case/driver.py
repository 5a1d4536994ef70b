"""Workflows without a server: what a server does with their commands is done here, one thing after the other.

Time passes only when it is told to. A test may choose what comes next: a step of a workflow, an activity, or the next
timer; and what comes while the last step of a run is under way, which is rejected then. What has come by the time a
workflow takes a step is handed over together, signals and updates first. Whatever a workflow does is checked twice:
its runs are replayed, as a new worker would, when the driver closes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import WorkflowActivationJob

from tests.workflows.case.commands import Activity, Commands
from tests.workflows.case.executions import Execution, OpenActivity, SentUpdate
from tests.workflows.case.run_by_hand import payload

T = TypeVar("T")


class Driver(Commands):
    """All workflows of a test, their time, and the activities they may call, by name."""

    def __init__(self, workflows: list[type[Any]], activities: Mapping[str, Activity]) -> None:
        super().__init__(workflows, activities)
        self.steps = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close(replay=kind is None)

    def close(self, *, replay: bool = True) -> None:
        """Replay all runs (unless the test has failed before), and let no worker have them any more."""
        runs = [*self._over, *(execution.run for execution in self.executions.values())]
        try:
            for run in runs if replay else ():
                run.replay()
        finally:
            for run in runs:
                run.forget()

    # What clients do

    def start(self, kind: type[Any], workflow_id: str, *arguments: Any) -> Execution:
        """Start a workflow; its first step is still to come."""
        return self._start(kind, workflow_id, [payload(argument) for argument in arguments], parent=None)

    def update(self, workflow_id: str, name: str, request: Any = None, *, update_id: str | None = None) -> SentUpdate:
        """Send an update, which the next step takes up. One with the id of an earlier one is that one."""
        there = self._running(workflow_id)
        update_id = update_id or f"update-{len(there.updates) + 1}"
        if update_id in there.updates:
            return there.updates[update_id]
        there.updates[update_id] = SentUpdate(name)
        job = WorkflowActivationJob()
        job.do_update.id = job.do_update.protocol_instance_id = update_id
        job.do_update.name, job.do_update.run_validator = name, True
        if request is not None:
            job.do_update.input.append(payload(request))
        there.inbox.append(job)
        return there.updates[update_id]

    def ask(self, workflow_id: str, name: str, request: Any, kind: type[T]) -> T:
        """Send an update, and let everybody do what there is to do; the answer."""
        sent = self.update(workflow_id, name, request)
        self.settle()
        return sent.answer(kind)

    def signal(self, workflow_id: str, name: str, *arguments: Any) -> None:
        """Send a signal, which the next step takes up."""
        self._signal(workflow_id, name, [payload(argument) for argument in arguments])

    def query(self, workflow_id: str, name: str = "view") -> Any:
        """Look at a workflow as its last step left it, or as it ended; where a run has not begun, once it has."""
        there = self.executions[workflow_id]
        assert not there.is_ending, f"{workflow_id} is looked at before it is known whether its step counts"
        while not there.begun:
            self._step(there)
        return there.run.query(name, self.now)

    def cancel(self, workflow_id: str) -> None:
        """Cancel a workflow, as an operator does; once more makes no difference to a run, as on a server."""
        self._cancel(self._running(workflow_id))

    def end_by_force(self, workflow_id: str) -> None:
        """Terminate a workflow: it can do nothing about it."""
        self._close(self._running(workflow_id), "terminated", failure=Failure(message="terminated"))

    def new_worker(self) -> None:
        """Nothing is in memory any more: the next step of each run begins with its whole history."""
        for execution in self.executions.values():
            execution.run.forget()

    # What happens by itself

    def choices(self) -> list[Callable[[], None]]:
        """What can be done next, but for letting time pass; in the order in which it would come to it."""
        steps = [
            partial(self._step, execution) for execution in self.executions.values() if execution.has_something_to_do
        ]
        return [
            *steps,
            *(partial(self._carry_out, activity) for activity in self.open_activities if self._can_go_on(activity)),
        ]

    def step(self, choose: int = 0) -> bool:
        """Do one thing (the one chosen, of as many as there are); false where there is nothing to do now."""
        choices = self.choices()
        if choices:
            self.steps += 1
            choices[choose % len(choices)]()
        return bool(choices)

    def begin_again(self, name: str) -> None:
        """Let another worker begin an activity that is under way: the first had been given up, but goes on all the
        same. Only one of the two is heard."""
        for activity in [activity for activity in self.open_activities if activity.name == name and activity.wanted]:
            self.open_activities.append(OpenActivity(activity.of, activity.run, activity.command))
            activity.wanted = False

    def settle(self) -> None:
        """Do whatever there is to do now."""
        until = self.steps + 10_000
        while self.step():
            assert self.steps < until, "they do not come to rest"

    def next_timer(self) -> datetime | None:
        """When the next timer fires, if there is one."""
        timers = [
            due
            for execution in self.executions.values()
            if execution.status == "running"
            for due in execution.timers.values()
        ]
        return min(timers, default=None)

    def pass_time(self, until: datetime | None = None) -> bool:
        """Let time pass up to the next timer (and what is due then happen), or further; false if there is none."""
        due = self.next_timer()
        if due is None or (until is not None and due > until):
            self.now = max(self.now, until or self.now)
            return False
        self.now = max(self.now, due)
        for execution in self.executions.values():
            for seq in [
                seq for seq, at in execution.timers.items() if at <= self.now and execution.status == "running"
            ]:
                del execution.timers[seq]
                job = WorkflowActivationJob()
                job.fire_timer.seq = seq
                execution.inbox.append(job)
        return True

    def wait(self, duration: timedelta) -> None:
        """Let so much time pass, and everything happen that is due meanwhile."""
        until = self.now + duration
        self.settle()
        while self.pass_time(until):
            self.settle()
