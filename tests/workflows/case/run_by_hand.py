"""One run of a workflow as a worker has it, without a server: the SDK's own instance, and the steps it has taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.converter import DefaultFailureConverter
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails

from engine.converter import WAYMARK_DATA_CONVERTER, WaymarkPayloadConverter
from engine.readable_input import ReadableInputRun

CONVERTER = WAYMARK_DATA_CONVERTER.payload_converter
FAILURES = WAYMARK_DATA_CONVERTER.failure_converter
NAMESPACE, QUEUE = "by-hand", "by-hand"


def payload(value: Any) -> Payload:
    """A value as it travels."""
    (encoded,) = CONVERTER.to_payloads([value])
    return encoded


class TaskFailed(AssertionError):
    """A step of a workflow has failed: on a server it would be tried again for ever."""


class OutOfStep(AssertionError):
    """A replay does not give the commands that the run gave; or what leaves no trace has changed something."""


@dataclass(frozen=True)
class Taken:
    """One activation as its history would have it, and the commands that came of it."""

    activation: WorkflowActivation
    commands: list[bytes]


@dataclass(frozen=True)
class Mark:
    """How far a run has come."""

    steps: int
    start: list[WorkflowActivationJob]
    accepted: set[str]


class RunByHand:
    """One run. ``events`` is about as many as its history would have."""

    def __init__(self, kind: type[Any], start: WorkflowActivationJob, info: workflow.Info) -> None:
        self.info = info
        self.kind = kind
        self.events = 1
        self._taken: list[Taken] = []
        self._accepted: set[str] = set()
        self._start: list[WorkflowActivationJob] = [start]
        self._instance: WorkflowInstance | None = None

    def step(self, jobs: Sequence[WorkflowActivationJob], now: datetime) -> list[WorkflowCommand]:
        """Hand the run what there is for it; the commands it answers with. Raises :class:`TaskFailed`."""
        self.events += 3 + len(jobs)
        activation = self._activation([*self._start, *jobs], now)
        self._start = []
        commands = _activate(self._there(), activation)
        self._accepted |= {
            command.update_response.protocol_instance_id
            for command in commands
            if command.update_response.HasField("accepted")
        }
        refused = {_update(command) for command in commands if self._refuses(command)}
        in_history = WorkflowActivation()
        in_history.CopyFrom(activation)
        del in_history.jobs[:]
        in_history.jobs.extend(
            job for job in activation.jobs if job.do_update.protocol_instance_id not in refused or not _is_update(job)
        )
        for job in in_history.jobs:
            if _is_update(job):
                job.do_update.run_validator = False
        kept = [command.SerializeToString(deterministic=True) for command in commands if not self._refuses(command)]
        if in_history.jobs:
            self.events += len(kept)
            in_history.is_replaying = True
            self._taken.append(Taken(in_history, kept))
        elif kept:
            raise OutOfStep(f"what {self.info.workflow_id} refuses has changed something: {commands}")
        return commands

    def mark(self) -> Mark:
        """How far the run has come; see :meth:`take_back`."""
        return Mark(len(self._taken), list(self._start), set(self._accepted))

    def take_back(self, to: Mark) -> None:
        """What came of the steps since then was rejected: no worker knows of them, and no history has them."""
        del self._taken[to.steps :]
        self._start, self._accepted = list(to.start), set(to.accepted)
        self.forget()

    def query(self, name: str, now: datetime) -> Any:
        """Look at the run, which must change nothing."""
        job = WorkflowActivationJob()
        job.query_workflow.query_id, job.query_workflow.query_type = "asked", name
        commands = _activate(self._there(), self._activation([job], now))
        if len(commands) != 1 or not commands[0].respond_to_query.HasField("succeeded"):
            raise OutOfStep(f"{name} of {self.info.workflow_id} gives {commands}")
        (answer,) = CONVERTER.from_payloads([commands[0].respond_to_query.succeeded.response])
        return answer

    def forget(self) -> None:
        """Remove the run from the worker's memory: the next step begins with its whole history."""
        if self._instance is not None:
            job = WorkflowActivationJob()
            job.remove_from_cache.message = "forgotten"
            self._instance.activate(WorkflowActivation(run_id=self.info.run_id, jobs=[job]))
            self._instance = None

    def replay(self) -> None:
        """Let a new worker replay the run. Raises :class:`OutOfStep` where it does otherwise than the run did."""
        self.forget()
        self._there()

    def _there(self) -> WorkflowInstance:
        if self._instance is None:
            self._instance = self._create()
            for n, taken in enumerate(self._taken, 1):
                commands = _activate(self._instance, taken.activation)
                again = [command.SerializeToString(deterministic=True) for command in commands]
                if again != taken.commands:
                    before = [WorkflowCommand.FromString(command) for command in taken.commands]
                    raise OutOfStep(f"{self.info.workflow_id}, step {n}: was\n{before}\nand is\n{commands}")
        return self._instance

    def _activation(self, jobs: Sequence[WorkflowActivationJob], now: datetime) -> WorkflowActivation:
        activation = WorkflowActivation(run_id=self.info.run_id, jobs=jobs, history_length=self.events)
        activation.timestamp.FromDatetime(now)
        return activation

    def _refuses(self, command: WorkflowCommand) -> bool:
        response = command.update_response
        return response.HasField("rejected") and response.protocol_instance_id not in self._accepted

    def _create(self) -> WorkflowInstance:
        definition = workflow._Definition.must_from_class(self.kind)
        details = WorkflowInstanceDetails(
            payload_converter_factory=WaymarkPayloadConverter,
            failure_converter_class=DefaultFailureConverter,
            interceptor_classes=[],
            defn=definition,
            info=self.info,
            randomness_seed=1,
            extern_functions={},
            disable_eager_activity_execution=True,
            worker_level_failure_exception_types=[],
            patch_activation_callback=None,
            last_completion_result=Payloads(),
            last_failure=None,
        )

        async def create() -> WorkflowInstance:
            return ReadableInputRun(UnsandboxedWorkflowRunner().create_instance(details), details)

        loop = asyncio.new_event_loop()  # the SDK creates instances inside of one
        try:
            return loop.run_until_complete(create())
        finally:
            loop.close()


def run_info(
    kind: type[Any],
    workflow_id: str,
    run_id: str,
    now: datetime,
    parent: workflow.ParentInfo | None,
    continued_from: str | None,
) -> workflow.Info:
    """What a run knows of itself."""
    return workflow.Info(
        attempt=1,
        continued_run_id=continued_from,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id=f"{workflow_id}/1",
        headers={},
        namespace=NAMESPACE,
        original_execution_run_id=run_id,
        parent=parent,
        root=None,
        priority=Priority.default,
        raw_memo={},
        retry_policy=None,
        run_id=run_id,
        run_timeout=None,
        search_attributes={},
        start_time=now,
        task_queue=QUEUE,
        task_timeout=timedelta(seconds=10),
        typed_search_attributes=TypedSearchAttributes([]),
        workflow_id=workflow_id,
        workflow_start_time=now,
        workflow_type=workflow._Definition.must_from_class(kind).name or kind.__name__,
    )


def _activate(instance: WorkflowInstance, activation: WorkflowActivation) -> list[WorkflowCommand]:
    completion = instance.activate(activation)
    if completion.HasField("failed"):
        failure = completion.failed.failure
        raise TaskFailed(f"{instance.get_info().workflow_id}: {failure.message}\n{failure.stack_trace}")
    return list(completion.successful.commands)


def _is_update(job: WorkflowActivationJob) -> bool:
    return job.HasField("do_update")


def _update(command: WorkflowCommand) -> str:
    return command.update_response.protocol_instance_id
