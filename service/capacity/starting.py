"""With which options a capacity is started, by whoever needs it first."""

from __future__ import annotations

from typing import Any

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.capacity.beginning import capacity_beginning
from domain.capacity.reserving import CapacityStart
from domain.core.holdings import CapacityId
from domain.core.naming import capacity_workflow_id
from engine.starting import start_options

WORKFLOW_TYPE = "Capacity"


def starting(start: CapacityStart, task_queue: str) -> dict[str, Any]:
    """The options with which a capacity is started, unless it is there already.

    One that has ended (an operator ended it) never begins anew by itself: it would have forgotten who holds what.
    """
    return {
        **start_options(capacity_beginning(start)),
        "task_queue": task_queue,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "id_reuse_policy": WorkflowIDReusePolicy.REJECT_DUPLICATE,
    }


def ended(capacity: CapacityId) -> str:
    """What is to be done about a capacity that was ended."""
    return f"{capacity} has ended; an operator has to reset {capacity_workflow_id(capacity)}"
