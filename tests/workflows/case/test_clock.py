"""The programme clock, on a real server and a real clock: a programme day in a few hundredths of a second."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from tests.workflows.case.probes import ClockProbe, EndingEarlyProbe

DAY = 0.05


@pytest.fixture(scope="module")
async def queue(client: Client) -> AsyncIterator[str]:
    name = f"clock-{uuid.uuid4()}"
    async with Worker(client, task_queue=name, workflows=[ClockProbe, EndingEarlyProbe]):
        yield name


async def start(client: Client, queue: str, days: float) -> WorkflowHandle[ClockProbe, tuple[bool, float]]:
    return await client.start_workflow(ClockProbe.run, args=[days, DAY], id=f"clock-{uuid.uuid4()}", task_queue=queue)


async def timers(handle: WorkflowHandle[Any, Any]) -> int:
    history = await handle.fetch_history()
    return sum(event.HasField("timer_started_event_attributes") for event in history.events)


async def test_a_moment_comes_when_the_clock_shows_it(client: Client, queue: str) -> None:
    came, day = await (await start(client, queue, 10)).result()

    assert came
    assert day >= 10


async def test_a_pause_moves_the_moment_by_its_length(client: Client, queue: str) -> None:
    handle = await start(client, queue, 60)

    await handle.execute_update(ClockProbe.pause)
    await asyncio.sleep(28 * DAY)
    stood_still = await handle.execute_update(ClockProbe.resume)
    came, day = await handle.result()

    assert came
    assert stood_still > 20
    assert day >= 60 + stood_still


async def test_a_pause_lets_the_moment_pass_without_firing(client: Client, queue: str) -> None:
    handle = await start(client, queue, 40)

    await handle.execute_update(ClockProbe.pause)
    await asyncio.sleep(50 * DAY)

    assert (await handle.describe()).status is not None
    assert (await handle.describe()).close_time is None
    await handle.execute_update(ClockProbe.resume)
    assert (await handle.result())[0]


async def test_a_moment_that_comes_nearer_is_noticed_at_once(client: Client, queue: str) -> None:
    handle = await start(client, queue, 10_000)

    await handle.execute_update(ClockProbe.move, -9_999.0)

    assert (await handle.result())[0]


async def test_a_moment_that_moves_away_is_met_later(client: Client, queue: str) -> None:
    handle = await start(client, queue, 60)

    await handle.execute_update(ClockProbe.move, 20.0)
    came, day = await handle.result()

    assert came
    assert day >= 80


async def test_what_is_called_off_does_not_come(client: Client, queue: str) -> None:
    handle = await start(client, queue, 10_000)

    await handle.execute_update(ClockProbe.call_off)

    assert (await handle.result())[0] is False


async def test_a_plain_wait_costs_one_timer(client: Client, queue: str) -> None:
    handle = await start(client, queue, 3)
    await handle.result()

    assert await timers(handle) == 1


async def test_a_pause_and_a_withdrawal_in_one_step(client: Client, queue: str) -> None:
    """Given a wait that a pause disturbs in the step in which it is cancelled, then the cancellation is not lost."""
    handle = await client.start_workflow(EndingEarlyProbe.run, id=f"clock-{uuid.uuid4()}", task_queue=queue)

    while not await timers(handle):
        await asyncio.sleep(0.05)
    await handle.execute_update(EndingEarlyProbe.pause_and_end_early)

    assert await asyncio.wait_for(handle.result(), 20)
