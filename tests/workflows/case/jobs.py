"""What runs of workflows are told, and what they answer: the parts of the protocol between a worker and a server."""

from __future__ import annotations

from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import ScheduleActivity, WorkflowCommand

LAST_COMMANDS = (
    "complete_workflow_execution",
    "fail_workflow_execution",
    "cancel_workflow_execution",
    "continue_as_new_workflow_execution",
)


def note(activity: ScheduleActivity, failure: Failure, what: str) -> None:
    """Say in a failure which activity has failed, and in what way."""
    failure.message = what
    failure.activity_failure_info.activity_id = activity.activity_id
    failure.activity_failure_info.activity_type.name = activity.activity_type


def seen_as_cancelled(activity: ScheduleActivity) -> WorkflowActivationJob:
    """What a run is told of an activity that it has broken off."""
    job = WorkflowActivationJob()
    job.resolve_activity.seq = activity.seq
    failure = job.resolve_activity.result.cancelled.failure
    note(activity, failure, "activity cancelled")
    failure.cause.canceled_failure_info.SetInParent()
    return job


def is_message(job: WorkflowActivationJob) -> bool:
    """Whether it comes from without, and not of something that the run has asked for."""
    return job.HasField("signal_workflow") or job.HasField("do_update")


def ends_a_run(command: WorkflowCommand) -> bool:
    """Whether it ends a run."""
    return command.WhichOneof("variant") in LAST_COMMANDS
