"""The one place where client, worker and replayer are configured, so that the three can't differ."""

import dataclasses

from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from engine.converter import WAYMARK_DATA_CONVERTER

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


def waymark_plugin() -> SimplePlugin:
    """Converter and sandbox of Waymark.

    Give it to `Client.connect(plugins=[...])`, whose workers inherit it, and to `Replayer(plugins=[...])`; never to a
    `Worker` whose client has it already.
    """
    return SimplePlugin("waymark", data_converter=WAYMARK_DATA_CONVERTER, workflow_runner=_share_pure_modules)


def _share_pure_modules(runner: WorkflowRunner | None) -> WorkflowRunner:
    runner = runner or SandboxedWorkflowRunner()
    if not isinstance(runner, SandboxedWorkflowRunner):
        return runner  # somebody debugs without the sandbox
    restrictions = runner.restrictions.with_passthrough_modules(*PASSED_THROUGH)
    return dataclasses.replace(runner, restrictions=restrictions)
