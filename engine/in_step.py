"""Keeps a case in step with its history where the SDK would let a query run ahead of it.

A query may be the first thing a worker gets of a case: the worker that had the case was killed, and the next step of
the case still waits for it. The SDK (1.35.0) then hands the workflow all events there are, also those that no step has
taken up yet, at the time of the last step. The step itself, when it comes, gets only what is left, and the case has
made decisions that a replay, which sees all of it at once and later, does not make: it fails from then on.

So these events are kept back. The query is answered by the case as its last step left it, and then the case leaves the
worker's cache: its next step begins with the whole history, as on any other new worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import Worker, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.workflow import _Definition

from engine.readable_input import ReadableInputRun
from engine.wrapped_run import WrappedRun


class InStepRunner(WorkflowRunner):
    """Runs workflows as ``runner`` does, but only on what can be read, and in the steps of their histories."""

    def __init__(self, runner: WorkflowRunner) -> None:
        self._runner = runner
        self._workers: list[Worker] = []

    def prepare_workflow(self, defn: _Definition) -> None:
        """Implements `WorkflowRunner.prepare_workflow`."""
        self._runner.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        """Implements `WorkflowRunner.set_worker_level_failure_exception_types`."""
        self._runner.set_worker_level_failure_exception_types(types)

    def works_for(self, worker: Worker) -> None:
        """Say whose cache holds the workflows; a replayer has none, and no queries."""
        self._workers.append(worker)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Implements `WorkflowRunner.create_instance`."""
        return InStepRun(ReadableInputRun(self._runner.create_instance(det), det), self._forget)

    def _forget(self, run_id: str) -> None:
        for worker in self._workers:
            worker._bridge_worker.request_workflow_eviction(run_id)


class InStepRun(WrappedRun):
    """One run of a workflow, kept in step; `forget` asks for its removal from the cache."""

    def __init__(self, run: WorkflowInstance, forget: Callable[[str], None]) -> None:
        super().__init__(run)
        self._forget = forget
        self._step = WorkflowActivation()
        """When the last step was, and up to which event."""
        self._ahead = False

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Implements `WorkflowInstance.activate`."""
        if self._runs_ahead(act):
            self._ahead = True
            nothing_done = WorkflowActivationCompletion(run_id=act.run_id)
            nothing_done.successful.SetInParent()
            return nothing_done
        if self._ahead:
            self._ahead = False
            self._forget(act.run_id)
        self._step.timestamp.CopyFrom(act.timestamp)
        self._step.history_length = act.history_length
        return self._run.activate(act)

    def _runs_ahead(self, act: WorkflowActivation) -> bool:
        """Whether it brings events that are newer than the last step although no time has passed since.

        A step has the time at which it was started. Further activations in the same step (cancelled activities,
        queries) have its time too, but no newer events.
        """
        only_asks = all(job.HasField("query_workflow") for job in act.jobs)
        same_time = act.timestamp == self._step.timestamp
        return not only_asks and same_time and act.history_length > self._step.history_length
