"""Cases that other cases begin: operators see them as they see those that people start."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy

from domain.core.beginning import Beginning
from engine.starting import start_options
from workflows.case.concurrency import has_failed


async def start_child(beginning: Beginning) -> workflow.ChildWorkflowHandle[Any, Any]:
    """Start a case that goes on when this one is over.

    Not to be broken off as long as it lasts: the SDK cancels the child then. Whoever may be broken off shields it.

    Raises ``WorkflowAlreadyStartedError`` where one of that name is or was there: what a new one told would be taken
    for what the old one had told.
    """
    child = beginning.of_workflow()
    return await workflow.start_child_workflow(
        child.workflow,
        child.start,
        **start_options(child),
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
    )


def broke_off(child: asyncio.Task[Any] | None) -> bool:
    """Whether a child has failed (it could not read its start), or was ended by force."""
    return child is not None and has_failed(child)
