"""A worker that lives shows it, whatever it waits for."""

from __future__ import annotations

import asyncio
import threading

import pytest
from temporalio.testing import ActivityEnvironment

from activities.core import heartbeat


def test_an_activity_that_waits_heartbeats_and_one_that_is_over_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEATS_EVERY_SECONDS", 0.01)
    beaten = threading.Semaphore(0)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: beaten.release()

    def activity() -> bool:
        with heartbeat.heartbeating():
            return all(beaten.acquire(timeout=5) for _ in range(3))

    assert environment.run(activity)
    while beaten.acquire(blocking=False):
        pass
    assert not beaten.acquire(timeout=0.1)


async def test_so_does_one_that_is_async(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEATS_EVERY_SECONDS", 0.01)
    beaten = asyncio.Semaphore(0)
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: beaten.release()

    async def activity() -> None:
        async with heartbeat.heartbeating_async(), asyncio.timeout(5):
            for _ in range(3):
                await beaten.acquire()

    await environment.run(activity)
    while not beaten.locked():
        await beaten.acquire()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(beaten.acquire(), 0.1)
