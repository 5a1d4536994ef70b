"""Cases that other cases begin: operators see them as they see those that people start."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy

from domain.core.naming import workflow_id
from domain.registry.beginning import Beginning
from engine.search_attributes import at_the_start
from workflows.case.concurrency import has_failed


async def start_child(beginning: Beginning) -> workflow.ChildWorkflowHandle[Any, Any]:
    """Start a case that goes on when this one is over.

    Raises ``WorkflowAlreadyStartedError`` where one of that name is or was there: what a new one told would be taken
    for what the old one had told.
    """
    return await workflow.start_child_workflow(
        beginning.workflow,
        beginning.start,
        id=workflow_id(beginning.case),
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        memo=beginning.memo(),
        search_attributes=at_the_start(beginning),
        static_summary=beginning.static_summary,
        static_details=beginning.details,
    )


def broke_off(child: asyncio.Task[Any] | None) -> bool:
    """Whether a child has failed (it could not read its start), or was ended by force."""
    return child is not None and has_failed(child)
