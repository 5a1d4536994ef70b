"""Replaying histories as a worker would, however busy the machine is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from engine.converter import WAYMARK_DATA_CONVERTER
from engine.plugin import waymark_plugin
from workflows.registry import WORKFLOWS

Call = tuple[str, bytes]
"""An activity's name, and its argument as JSON."""


def replayer(workflows: Sequence[type[Any]] = WORKFLOWS, interceptors: Sequence[Interceptor] = ()) -> Replayer:
    """A replayer in the sandbox, which finds what workflow code must not do.

    Without ``debug_mode`` it would give up a step that takes two seconds on the clock, for which a busy machine is
    enough; the plugin grants workers more, but a replayer offers no way to.
    """
    plugin = waymark_plugin(sandboxed=True)
    return Replayer(workflows=workflows, plugins=[plugin], interceptors=interceptors, debug_mode=True)


class Calls(Interceptor):
    """Writes down what the workflows of a replayer ask of activities, which replaying itself does not compare."""

    def __init__(self) -> None:
        self.made: list[Call] = []

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        made = self.made

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:
                (payload,) = WAYMARK_DATA_CONVERTER.payload_converter.to_payloads(input.args)
                made.append((input.activity, payload.data))
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


def calls_in(history: WorkflowHistory) -> list[Call]:
    """What a recorded workflow asked of activities, in order."""
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    return [(activity.activity_type.name, activity.input.payloads[0].data) for activity in scheduled]
