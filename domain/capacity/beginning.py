"""How a capacity begins."""

from __future__ import annotations

from domain.capacity.reserving import CapacityStart
from domain.core.beginning import WorkflowBeginning
from domain.core.holdings import amount_text
from domain.core.naming import capacity_workflow_id


def capacity_beginning(start: CapacityStart) -> WorkflowBeginning:
    """A capacity to be started, by whoever needs it first."""
    return WorkflowBeginning(
        workflow="Capacity",
        workflow_id=capacity_workflow_id(start.id),
        start=start,
        summary=f"{start.id}, {amount_text(start.size, start.unit)} at first",
        details=f"- owners {', '.join(start.owners) or 'nobody'}",
    )
