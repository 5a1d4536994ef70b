"""Asking capacities: however many ask at once, and whether or not they answer, a worker has hands left for the rest."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from activities.capacity.reserving import IN_ALL, LONGEST_WAIT, UPDATES_AT_ONCE, CapacityActivities
from activities.registry import ACTIVITY_THREADS
from domain.capacity.reserving import CapacityStart, Reserve, ReserveCall, Reserved
from domain.core.holdings import ReservationStatus


class Unanswered:
    """In the place of a client: every update stays under way until it is answered."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[Reserved]] = []

    def get_workflow_handle(self, workflow_id: str) -> Any:
        return self

    async def execute_update(self, *_: Any, **__: Any) -> Reserved:
        self.asked.append(asyncio.get_running_loop().create_future())
        return await self.asked[-1]


def call(capacity: str, n: int) -> ReserveCall:
    start = CapacityStart(id=capacity, title="Scarce", unit="places", size=Decimal(1), owners=[])
    return ReserveCall(start=start, request=Reserve(actor="P-LEARN1", holder=f"U-N{n}-DATA1/seat-1"))


async def run(activities: CapacityActivities, capacity: str, n: int, attempt: int = 1) -> Reserved:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, activity_id=str(n), attempt=attempt)
    return await environment.run(activities.reserve, call(capacity, n))


@pytest.mark.parametrize(("capacities", "under_way"), [(1, UPDATES_AT_ONCE), (10, IN_ALL)])
async def test_of_hundreds_who_ask_at_once_few_are_under_way_and_nobody_waits_in_a_workers_hands(
    capacities: int, under_way: int
) -> None:
    client = Unanswered()
    activities = CapacityActivities(client, "waymark")  # type: ignore[arg-type]

    asking = [asyncio.create_task(run(activities, f"seats-S{n % capacities}", n)) for n in range(300)]
    await asyncio.sleep(0)
    turned_away = await asyncio.gather(*asking[IN_ALL * capacities :], return_exceptions=True)

    assert len(client.asked) == under_way < ACTIVITY_THREADS
    assert len([future for future in asking if not future.done()]) == under_way
    for error in turned_away:
        assert isinstance(error, ApplicationError)
        assert (error.type, error.non_retryable, error.category) == ("NotYet", False, ApplicationErrorCategory.BENIGN)
        assert error.next_retry_delay is not None
        assert timedelta(0) < error.next_retry_delay <= LONGEST_WAIT

    # Once the first are answered, others have their turn.
    answer = Reserved(capacity="seats-S0", holder="U-N0-DATA1/seat-1", status=ReservationStatus.HELD, amount=Decimal(1))
    for future in client.asked:
        future.set_result(answer)
    await asyncio.gather(*asking, return_exceptions=True)
    later = asyncio.create_task(run(activities, "seats-S0", 1, attempt=9))
    await asyncio.sleep(0.05)
    client.asked[-1].set_result(answer)
    assert await later == answer
