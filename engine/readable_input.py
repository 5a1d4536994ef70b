"""Refuses what can't be read, where the SDK would retry a workflow task for ever or say nothing.

The SDK (1.35.0) fails the workflow task when the argument of a start can't be decoded, and tries again for ever; it
answers an update or a query with the error of a library; and it drops a signal without a word to anybody. Here

- a start whose argument can't be read fails its execution. Only what somebody starts: where this release can't read
  the argument of a continued run, or the result of an activity, that is our own fault, and the case waits for a release
  that can, instead of being lost;
- an update or a query is refused with a sentence that names the field;
- a signal is replaced by :data:`UNREADABLE_SIGNAL`, by which HR hears of it, where the workflow handles that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails

from domain.core.case import Unreadable
from domain.core.sentences import explain
from domain.core.signals import Signal
from domain.core.tasks import REFUSED
from engine.wrapped_run import WrappedRun

JSON, NOTHING = b"json/plain", b"binary/null"
"""The encodings of what Waymark's converter writes."""

UNREADABLE_SIGNAL = Signal.MESSAGE_NOT_READ.value
"""The signal that takes the place of one that can't be read."""


class Handler(Protocol):
    """What is known of the handler of an update, a query or a signal."""

    @property
    def arg_types(self) -> list[type] | None:
        """The types of what it takes."""


class ReadableInputRun(WrappedRun):
    """One run of a workflow, which is handed only messages that it can read."""

    def __init__(self, run: WorkflowInstance, details: WorkflowInstanceDetails) -> None:
        super().__init__(run)
        self._definition = details.defn
        self._converter = details.payload_converter_factory()
        self._goes_on = details.info.continued_run_id is not None

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Implements `WorkflowInstance.activate`."""
        if not self._goes_on and (why := self._wrong_start(act)):
            return _failed(act.run_id, why)
        refusals = WorkflowActivationCompletion()
        readable = WorkflowActivation()
        readable.CopyFrom(act)
        del readable.jobs[:]
        readable.jobs.extend(job for job in act.jobs if not self._refuses(job, refusals))
        for job in readable.jobs:
            self._replace_unreadable_signal(job)
        completion = self._run.activate(readable)
        if completion.HasField("successful"):
            completion.successful.commands.extend(refusals.successful.commands)
        return completion

    def _wrong_start(self, act: WorkflowActivation) -> str | None:
        for job in act.jobs:
            if job.HasField("initialize_workflow"):
                kind = self._definition.name or "workflow"
                return self._wrong(kind, job.initialize_workflow.arguments, self._definition.arg_types)
        return None

    def _refuses(self, job: WorkflowActivationJob, refusals: WorkflowActivationCompletion) -> bool:
        """Whether this is an update or a query that can't be read; the refusal is put with the others.

        An update that the history has accepted (no validator runs) is never refused.
        """
        if job.HasField("do_update") and job.do_update.run_validator:
            why = self._wrong_for(self._definition.updates, job.do_update.name, job.do_update.input)
            if why:
                response = refusals.successful.commands.add().update_response
                response.protocol_instance_id = job.do_update.protocol_instance_id
                response.rejected.CopyFrom(_failure(why))
            return bool(why)
        if job.HasField("query_workflow"):
            query = job.query_workflow
            why = self._wrong_for(self._definition.queries, query.query_type, query.arguments)
            if why:
                answer = refusals.successful.commands.add().respond_to_query
                answer.query_id = query.query_id
                answer.failed.CopyFrom(_failure(why))
            return bool(why)
        return False

    def _replace_unreadable_signal(self, job: WorkflowActivationJob) -> None:
        """Replace a signal that can't be read by the one that says so."""
        if not job.HasField("signal_workflow") or UNREADABLE_SIGNAL not in self._definition.signals:
            return
        signal = job.signal_workflow
        if why := self._wrong_for(self._definition.signals, signal.signal_name, signal.input):
            (unreadable,) = self._converter.to_payloads([Unreadable(signal=signal.signal_name, why=why)])
            signal.signal_name = UNREADABLE_SIGNAL
            del signal.input[:]
            signal.input.append(unreadable)

    def _wrong_for(self, handlers: Mapping[str | None, Handler], name: str, payloads: Sequence[Payload]) -> str | None:
        """Why the handler of this name can't read it; a name that nobody handles is the SDK's to answer."""
        handler = handlers.get(name)
        return self._wrong(name, payloads, handler.arg_types) if handler else None

    def _wrong(self, subject: str, payloads: Sequence[Payload], types: Sequence[type] | None) -> str | None:
        """Why this can't be read, as a sentence; none where it can."""
        if types is None:
            return None
        if len(payloads) != len(types):
            return f"{subject} takes {_arguments(len(types))}, and got {len(payloads)}"
        for payload, kind in zip(payloads, types, strict=True):
            encoding = payload.metadata.get("encoding")
            if encoding not in (JSON, NOTHING):  # the SDK would hand bytes on as they are, whatever a handler takes
                return f"{subject} can't be read: it is no JSON"
            try:
                value: Any = self._converter.from_payload(payload, kind)
            except ValidationError as error:
                return f"{subject} can't be read: {explain(error, 'as a whole', repeat=False)}"
            if value is None:
                return f"{subject} can't be read: there is nothing in it"
        return None


def _arguments(number: int) -> str:
    return {0: "no argument", 1: "one argument"}.get(number, f"{number} arguments")


def _failed(run_id: str, why: str) -> WorkflowActivationCompletion:
    completion = WorkflowActivationCompletion(run_id=run_id)
    completion.successful.commands.add().fail_workflow_execution.failure.CopyFrom(_failure(why))
    return completion


def _failure(why: str) -> Failure:
    failure = Failure(message=why, source="Waymark")
    failure.application_failure_info.type = f"{REFUSED}invalid"
    failure.application_failure_info.non_retryable = True
    return failure
