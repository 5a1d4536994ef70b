"""The one place where client, worker and replayer are configured, so that the three can't differ."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio.plugin import SimplePlugin
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerConfig, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from engine.build import running
from engine.converter import WAYMARK_DATA_CONVERTER
from engine.in_step import InStepRunner
from engine.version import version

PASSED_THROUGH = (
    "annotated_types",
    "domain",
    "engine.search_attributes",
    "pydantic",
    "pydantic_core",
    "typing_inspection",
)
"""Modules that the sandbox shares with the program instead of loading them again for every run.

They have no clock, no I/O and no state of a run, and a model class loaded twice is not equal to itself.
"""

DEADLOCK_SECONDS = 8
"""So long a step of a workflow may take before the worker gives it up as stuck; less than the server's ten.

The SDK's own two seconds pass on the clock, not on the processor: on a busy machine (load 15 on two cores) taking in a
state of 3 MB, which costs 0.25 s of computing, took up to 1.4 s, and showing it (0.06 s) up to 1 s.
"""

KILLED_AFTER = timedelta(seconds=4)
"""So long the server leaves the next step of a case to the worker that has it in memory, before any may take it up.

The SDK's ten seconds are what people would wait after a worker was killed. A new one is up in less than four; a living
worker that lets a step wait for so long has other troubles, and goes through the whole history of the case once more.
"""

OF_THE_SDK = timedelta(seconds=10)
"""What a worker has that says nothing of it by itself."""


class WaymarkPlugin(SimplePlugin):
    """The converter of Waymark, and how its workflows are run."""

    def __init__(self, *, sandboxed: bool) -> None:
        super().__init__(
            "waymark",
            data_converter=WAYMARK_DATA_CONVERTER,
            workflow_runner=lambda _: InStepRunner(_sandbox() if sandboxed else UnsandboxedWorkflowRunner()),
        )

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Implements `Plugin.configure_worker`."""
        config = super().configure_worker(config)
        if config.get("sticky_queue_schedule_to_start_timeout") == OF_THE_SDK:
            config["sticky_queue_schedule_to_start_timeout"] = KILLED_AFTER
        if config.get("deployment_config") is None:
            config["deployment_config"] = running(version())
        return config

    async def run_worker(self, worker: Worker, next: Callable[[Worker], Awaitable[None]]) -> None:
        """Implements `Plugin.run_worker`."""
        if worker._workflow_worker is not None:  # the SDK has no setting for it
            worker._workflow_worker._deadlock_timeout_seconds = DEADLOCK_SECONDS
        runner = worker.config(active_config=True).get("workflow_runner")
        if isinstance(runner, InStepRunner):
            runner.works_for(worker)
        await super().run_worker(worker, next)


def waymark_plugin(*, sandboxed: bool = False) -> WaymarkPlugin:
    """The plugin of Waymark.

    The SDK's sandbox loads the workflow modules anew for each run, which costs half of a start and two thirds of what
    a case takes in memory. What it is for, to find clocks, chance and I/O in workflow code, the import contract and the
    linter do; and the tests, which replay a history of each way a case can go ``sandboxed``.

    Give it to `Client.connect(plugins=[...])`, whose workers inherit it, and to `Replayer(plugins=[...])`; never to a
    `Worker` whose client has it already.
    """
    return WaymarkPlugin(sandboxed=sandboxed)


def _sandbox() -> WorkflowRunner:
    return SandboxedWorkflowRunner(SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
