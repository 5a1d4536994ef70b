"""People who answer what they find in the inbox of the records as soon as they see it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from records.database import Database
from simulated.inbox import Inbox, TaskNow

LOOKS_EVERY_SECONDS = 0.1

Send = Callable[[TaskNow], Awaitable[None]]


class Answering:
    """People who answer whatever they find in the inbox; how long each answer took, in seconds."""

    def __init__(self, database: Database, send: Send) -> None:
        self._inbox = Inbox(database)
        self._send = send
        self.took: list[float] = []

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """For as long as the block runs."""
        working = asyncio.create_task(self._work())
        try:
            yield
        finally:
            if working.done():
                working.result()  # why nobody answers any more
            working.cancel()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as doing:
            async for tasks in self._inbox.new_tasks(LOOKS_EVERY_SECONDS):
                for task in tasks:
                    doing.create_task(self._answer(task))

    async def _answer(self, task: TaskNow) -> None:
        began = time.monotonic()
        await self._send(task)
        self.took.append(time.monotonic() - began)
