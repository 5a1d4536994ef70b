"""What a process does in the background: it goes on after the answer, and ends with the process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """The tasks that go on. Each ends by itself soon after the process is told to stop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let this go on while the process answers."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self, within: float) -> None:
        """Wait for the end of all of them, so many seconds at most."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=within)
