"""Heartbeats of activities, so that the activity of a worker that was killed is tried again within seconds."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from temporalio import activity

BEATS_EVERY_SECONDS = 3.0
"""Well below the heartbeat timeout that workflows give; see :mod:`workflows.case.activity_calls`."""


@contextmanager
def heartbeating() -> Iterator[None]:
    """Heartbeat for as long as the block runs, also while it waits for a database or a mail server."""
    over = threading.Event()
    context = contextvars.copy_context()

    def beat() -> None:
        while not over.wait(BEATS_EVERY_SECONDS):
            context.run(activity.heartbeat)

    beating = threading.Thread(target=beat, name="heartbeat", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


@asynccontextmanager
async def heartbeating_async() -> AsyncIterator[None]:
    """The same for an activity that is ``async``: it heartbeats on the loop that the block waits on."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEATS_EVERY_SECONDS)
            activity.heartbeat()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
