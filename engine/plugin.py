"""The one place where client, worker and replayer are configured, so that the three can't differ."""

from collections.abc import Awaitable, Callable

from temporalio.plugin import SimplePlugin
from temporalio.worker import Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from engine.converter import WAYMARK_DATA_CONVERTER
from engine.in_step import InStepRunner

PASSED_THROUGH = (
    "annotated_types",
    "domain",
    "engine.search_attributes",
    "pydantic",
    "pydantic_core",
    "typing_inspection",
)
"""Modules shared with the workflow sandbox instead of being loaded again for every run.

They have no clock, no I/O and no state of a run; loading pydantic anew for each workflow would cost more than the
workflow does, and a model class loaded twice is not equal to itself.
"""


DEADLOCK_SECONDS = 8
"""So long a step of a workflow may take before the worker gives it up as stuck; less than the server's ten.

The SDK's own two seconds pass on the clock, not on the processor: on a busy machine (load 15 on two cores) taking in a
state of 3 MB, which costs 0.25 s of computing, took up to 1.4 s, and showing it (0.06 s) up to 1 s.
"""


class WaymarkPlugin(SimplePlugin):
    """Converter and sandbox of Waymark."""

    def __init__(self) -> None:
        super().__init__("waymark", data_converter=WAYMARK_DATA_CONVERTER, workflow_runner=_our_sandbox)

    async def run_worker(self, worker: Worker, next: Callable[[Worker], Awaitable[None]]) -> None:
        """Implements `Plugin.run_worker`."""
        if worker._workflow_worker is not None:  # the SDK has no setting for it
            worker._workflow_worker._deadlock_timeout_seconds = DEADLOCK_SECONDS
        runner = worker.config(active_config=True).get("workflow_runner")
        if isinstance(runner, InStepRunner):
            runner.works_for(worker)
        await super().run_worker(worker, next)


def waymark_plugin() -> WaymarkPlugin:
    """The plugin of Waymark.

    Give it to `Client.connect(plugins=[...])`, whose workers inherit it, and to `Replayer(plugins=[...])`; never to a
    `Worker` whose client has it already.
    """
    return WaymarkPlugin()


def _our_sandbox(runner: WorkflowRunner | None) -> WorkflowRunner:
    runner = runner or SandboxedWorkflowRunner()
    if not isinstance(runner, SandboxedWorkflowRunner):
        return runner  # somebody debugs without the sandbox
    restrictions = runner.restrictions.with_passthrough_modules(*PASSED_THROUGH)
    return InStepRunner(restrictions, runner.runner_class)
