"""What a server does with the commands of workflows, and a worker for activities; done by hand, without either."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

from google.protobuf.message import Message
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.child_workflow import StartChildWorkflowExecutionFailedCause
from temporalio.bridge.proto.workflow_activation import WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import ScheduleActivity, WorkflowCommand
from temporalio.exceptions import ApplicationError

from tests.workflows.case.executions import Execution, Gone, OpenActivity
from tests.workflows.case.jobs import ends_a_run, is_message, note, seen_as_cancelled
from tests.workflows.case.run_by_hand import CONVERTER, FAILURES, NAMESPACE, RunByHand, payload, run_info

BEGINNING = datetime(2027, 1, 4, 9, tzinfo=UTC)
STARTED_BEFORE = StartChildWorkflowExecutionFailedCause.Value(
    "START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS"
)
STEP = timedelta(milliseconds=1)
"""Each step is a little later than the one before, as on a server."""
Activity = Callable[[Any], Any]
"""A function of the activity's argument. It may be a generator that yields updates, and goes on when they are answered;
or nothing, and goes on when it is its turn again.

Raising a non-retryable ``ApplicationError`` fails the activity."""


class Commands:
    """The workflows there are, their time, and what becomes of their commands."""

    def __init__(self, workflows: list[type[Any]], activities: Mapping[str, Activity]) -> None:
        self.now = BEGINNING
        self.activities: dict[str, Activity] = dict(activities)
        self.unreachable: set[str] = set()
        """Activities that nobody carries out for the time being."""
        self.meanwhile: Callable[[Execution], None] | None = None
        """Called while the last step of a run is under way: of a workflow that ends, or goes on in a new run.

        Where something comes for it then, as a server has it, the step is rejected with all that the workflow asked
        for in it; what came is handed, together with what the step was about, to a worker that begins with the history.
        """
        self.executions: dict[str, Execution] = {}
        self.open_activities: list[OpenActivity] = []
        self._kinds = {workflow._Definition.must_from_class(kind).name: kind for kind in workflows}
        self._over: list[RunByHand] = []

    def _start(
        self, kind: type[Any], workflow_id: str, arguments: list[Payload], parent: tuple[Execution, int] | None
    ) -> Execution:
        assert workflow_id not in self.executions, f"{workflow_id} was started before"
        execution = Execution(workflow_id, self._new_run(kind, workflow_id, 1, arguments, parent, None), parent)
        self.executions[workflow_id] = execution
        return execution

    def _new_run(
        self,
        kind: type[Any],
        workflow_id: str,
        number: int,
        arguments: list[Payload],
        parent: tuple[Execution, int] | None,
        before: RunByHand | None,
    ) -> RunByHand:
        around = parent and workflow.ParentInfo(
            namespace=NAMESPACE, run_id=parent[0].run.info.run_id, workflow_id=parent[0].id
        )
        earlier = before.info.run_id if before else None
        info = run_info(kind, workflow_id, f"{workflow_id}/{number}", self.now, around or None, earlier)
        job = WorkflowActivationJob()
        job.initialize_workflow.workflow_id, job.initialize_workflow.workflow_type = workflow_id, info.workflow_type
        job.initialize_workflow.arguments.extend(arguments)
        return RunByHand(kind, job, info)

    def _running(self, workflow_id: str) -> Execution:
        there = self.executions.get(workflow_id)
        if there is None or there.status != "running":
            raise Gone(workflow_id)
        return there

    def _signal(self, workflow_id: str, name: str, arguments: list[Payload]) -> None:
        job = WorkflowActivationJob()
        job.signal_workflow.signal_name = name
        job.signal_workflow.originating_event_id = 1
        job.signal_workflow.input.extend(arguments)
        self._running(workflow_id).inbox.append(job)

    def _step(self, execution: Execution) -> None:
        """A workflow task: signals and updates come first, then what was waited for."""
        self.now += STEP
        run, before, first = execution.run, execution.run.mark(), [job for job in execution.inbox if is_message(job)]
        jobs = [*first, *(job for job in execution.inbox if job not in first)]
        execution.inbox, execution.begun = [], True
        commands = self._take(execution, jobs)
        if any(ends_a_run(command) for command in commands) and self._is_rejected(execution):
            run.take_back(before)
            execution.inbox = [*jobs, *execution.inbox]
            return
        for command in commands:
            if command.HasField("update_response") or (execution.status == "running" and execution.run is run):
                self._do(execution, command)  # nothing else comes after the end of a run

    def _take(self, execution: Execution, jobs: list[WorkflowActivationJob]) -> list[WorkflowCommand]:
        """What a run asks for; it sees still in the same task that activities are broken off."""
        commands: list[WorkflowCommand] = []
        while True:
            new = execution.run.step(jobs, self.now)
            commands += new
            jobs = self._broken_off(execution, new, commands)
            if not jobs or any(ends_a_run(command) for command in new):
                return commands

    def _broken_off(
        self, execution: Execution, new: list[WorkflowCommand], commands: list[WorkflowCommand]
    ) -> list[WorkflowActivationJob]:
        scheduled = [
            activity.command for activity in self.open_activities if activity.run is execution.run and activity.wanted
        ]
        scheduled += [command.schedule_activity for command in commands if command.HasField("schedule_activity")]
        cancelled = [
            command.request_cancel_activity.seq for command in new if command.HasField("request_cancel_activity")
        ]
        return [seen_as_cancelled(activity) for activity in scheduled if activity.seq in cancelled]

    def _is_rejected(self, execution: Execution) -> bool:
        """Whether something has come while the last step of a run was under way: then that is not the last."""
        if self.meanwhile is None:
            return False
        execution.is_ending = True
        self.meanwhile(execution)
        execution.is_ending = False
        return execution.status != "running" or bool(execution.inbox)

    def _do(self, execution: Execution, command: WorkflowCommand) -> None:
        """Do what a workflow asks for; what is not known here is an error, so that nothing is passed over."""
        what = command.WhichOneof("variant")
        assert what is not None
        getattr(self, f"_{what}")(execution, getattr(command, what))

    def _start_timer(self, execution: Execution, timer: Any) -> None:
        execution.timers[timer.seq] = self.now + timer.start_to_fire_timeout.ToTimedelta()

    def _cancel_timer(self, execution: Execution, timer: Any) -> None:
        execution.timers.pop(timer.seq, None)

    def _upsert_workflow_search_attributes(self, execution: Execution, upserted: Any) -> None:
        """Operators find the workflow by these from now on."""
        execution.upserts += 1
        for name, value in upserted.search_attributes.indexed_fields.items():
            execution.search_attributes[name] = json.loads(value.data) if value.data else None

    def _update_response(self, execution: Execution, response: Any) -> None:
        sent = execution.updates[response.protocol_instance_id]
        if response.HasField("accepted"):
            sent.accepted = True
        elif response.HasField("rejected"):
            sent.failure = response.rejected
        else:
            sent.result = response.completed

    def _signal_external_workflow_execution(self, execution: Execution, signal: Any) -> None:
        job = WorkflowActivationJob()
        job.resolve_signal_external_workflow.seq = signal.seq
        target = signal.child_workflow_id or signal.workflow_execution.workflow_id
        try:
            self._signal(target, signal.signal_name, list(signal.args))
        except Gone:
            failure = job.resolve_signal_external_workflow.failure
            failure.message = f"Unable to signal external workflow because it was not found: {target}"
            failure.application_failure_info.type = "NotFound"
        execution.inbox.append(job)

    def _cancel_signal_workflow(self, execution: Execution, signal: Any) -> None:
        """It has been sent already."""

    def _start_child_workflow_execution(self, execution: Execution, child: Any) -> None:
        job = WorkflowActivationJob()
        started = job.resolve_child_workflow_execution_start
        started.seq = child.seq
        if child.workflow_id in self.executions:
            started.failed.workflow_id, started.failed.workflow_type = child.workflow_id, child.workflow_type
            started.failed.cause = STARTED_BEFORE
        else:
            kind = self._kinds[child.workflow_type]
            self._start(kind, child.workflow_id, list(child.input), (execution, child.seq))
            started.succeeded.run_id = f"{child.workflow_id}/1"
        execution.inbox.append(job)

    def _cancel_child_workflow_execution(self, execution: Execution, cancelled: Any) -> None:
        """A child of this run is cancelled, as an operator would."""
        for child in self.executions.values():
            if child.parent == (execution, cancelled.child_workflow_seq) and child.status == "running":
                self._cancel(child)

    def _cancel(self, execution: Execution) -> None:
        if execution.cancelled_run != execution.runs:
            execution.cancelled_run = execution.runs
            job = WorkflowActivationJob()
            job.cancel_workflow.reason = "by hand"
            execution.inbox.append(job)

    def _complete_workflow_execution(self, execution: Execution, completed: Any) -> None:
        self._close(execution, "completed", result=completed.result)

    def _fail_workflow_execution(self, execution: Execution, failed: Any) -> None:
        self._close(execution, "failed", failure=failed.failure)

    def _cancel_workflow_execution(self, execution: Execution, cancelled: Message) -> None:
        self._close(execution, "cancelled", failure=Failure(message="cancelled"))

    def _continue_as_new_workflow_execution(self, execution: Execution, continued: Any) -> None:
        """The next run; what has come and was not taken up is for that one."""
        self._over.append(execution.run)
        execution.run.forget()
        self._drop_activities(execution)
        execution.timers, execution.begun, execution.runs = {}, False, execution.runs + 1
        execution.inbox = [job for job in execution.inbox if is_message(job)]
        arguments = list(continued.arguments)
        execution.run = self._new_run(
            execution.run.kind, execution.id, execution.runs, arguments, execution.parent, execution.run
        )

    def _close(
        self, execution: Execution, status: str, *, result: Payload | None = None, failure: Failure | None = None
    ) -> None:
        execution.status, execution.result, execution.failure = status, result, failure
        self._drop_activities(execution)
        for sent in execution.updates.values():
            if not sent.done:
                sent.failure = Failure(message=f"{execution.id} has ended")
        if execution.parent is None:
            return
        parent, seq = execution.parent
        job = WorkflowActivationJob()
        job.resolve_child_workflow_execution.seq = seq
        if failure is None:
            job.resolve_child_workflow_execution.result.completed.result.CopyFrom(result or Payload())
        else:
            failed = job.resolve_child_workflow_execution.result.failed.failure
            failed.message = failure.message
            failed.child_workflow_execution_failure_info.workflow_execution.workflow_id = execution.id
            failed.cause.CopyFrom(failure)
        if parent.status == "running":
            parent.inbox.append(job)

    # What a worker does for activities

    def _schedule_activity(self, execution: Execution, command: ScheduleActivity) -> None:
        self.open_activities.append(OpenActivity(execution, execution.run, command))

    def _request_cancel_activity(self, execution: Execution, cancelled: Any) -> None:
        """Whoever carries it out may not hear of that in time; nobody hears what comes of it."""
        for activity in self.open_activities:
            if activity.run is execution.run and activity.command.seq == cancelled.seq:
                activity.wanted = False

    def _drop_activities(self, execution: Execution) -> None:
        for activity in self.open_activities:
            if activity.run is execution.run:
                activity.wanted = False

    def _can_go_on(self, activity: OpenActivity) -> bool:
        return activity.name not in self.unreachable and activity.can_go_on

    def _carry_out(self, activity: OpenActivity) -> None:
        job = WorkflowActivationJob()
        job.resolve_activity.seq = activity.command.seq
        try:
            if activity.going is None:
                result = self._begin(activity)
                if isinstance(result, Generator):
                    activity.going = result
            if activity.going is not None:
                activity.waits_for = next(activity.going)
                return
        except StopIteration as over:
            result = over.value
        except ApplicationError as error:
            if not error.non_retryable:  # what is to be tried again is put into `unreachable`
                raise
            failure = job.resolve_activity.result.failed.failure
            note(activity.command, failure, "activity failed")
            FAILURES.to_failure(error, CONVERTER, failure.cause)
            result = None
        if not job.resolve_activity.result.HasField("failed"):
            job.resolve_activity.result.completed.result.CopyFrom(payload(result))
        self.open_activities.remove(activity)
        if activity.wanted:
            activity.of.inbox.append(job)

    def _begin(self, activity: OpenActivity) -> Any:
        function = self.activities[activity.name]
        hints = get_type_hints(function)
        hints.pop("return", None)
        arguments = CONVERTER.from_payloads(list(activity.command.arguments), list(hints.values()) or None)
        return function(*arguments)
