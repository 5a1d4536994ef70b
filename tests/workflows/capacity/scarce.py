"""Capacities for tests of whole cases: opened with a size, looked at, resized."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from domain.capacity.reserving import CapacityStart, Resize, Resized
from domain.core.holdings import PLACES, CapacityId
from domain.core.naming import capacity_workflow_id
from tests.office import BUDGET_OWNER, Office
from tests.workflows.case.probes import RefusingProbe
from workflows.capacity.workflow import Capacity


@dataclass
class Scarce:
    """A scarce thing that cases share."""

    id: CapacityId
    handle: WorkflowHandle[Capacity, None]
    unit: str

    @classmethod
    async def open(cls, office: Office, kind: str, size: int, *, unit: str = PLACES, of: str | None = None) -> Scarce:
        """Open one of a kind that no other test has."""
        start = CapacityStart(
            id=of or f"{kind}-{uuid.uuid4().hex[:8].upper()}",
            title="scarce",
            unit=unit,
            size=Decimal(size),
            owners=[BUDGET_OWNER],
        )
        workflow_id = capacity_workflow_id(start.id)
        await office.client.start_workflow("Capacity", start, id=workflow_id, task_queue=office.queue)
        return cls(start.id, office.client.get_workflow_handle_for(Capacity.run, workflow_id), unit)

    async def resize(self, size: int) -> Resized:
        """Its owner changes the size."""
        request = Resize(actor=BUDGET_OWNER, size=Decimal(size), reason="as agreed")
        resized: Resized = await self.handle.execute_update("resize", request, result_type=Resized)
        return resized

    async def holders(self) -> dict[str, Decimal]:
        """Who holds how much, by the case and what in it."""
        view: dict[str, Any] = await self.handle.query(Capacity.view)
        return {reservation["holder"]: Decimal(reservation["amount"]) for reservation in view["holders"]}

    async def spent(self) -> Decimal:
        """How much is spent for good, by those that are through."""
        view: dict[str, Any] = await self.handle.query(Capacity.view)
        return Decimal(view["spent"])

    async def waiting(self) -> list[str]:
        """Who waits, in order."""
        view: dict[str, Any] = await self.handle.query(Capacity.view)
        return [reservation["holder"] for reservation in view["waiting"]]


@asynccontextmanager
async def refusing(office: Office, *capacities: str) -> AsyncIterator[None]:
    """In the place of these capacities there is something that refuses whatever is asked of it."""
    queue = f"refusing-{uuid.uuid4()}"
    async with Worker(office.client, task_queue=queue, workflows=[RefusingProbe]):
        handles = [
            await office.client.start_workflow(RefusingProbe.run, id=capacity_workflow_id(capacity), task_queue=queue)
            for capacity in capacities
        ]
        yield
        for handle in handles:
            await handle.signal(RefusingProbe.end)
            await handle.result()
