"""Processes that are measured: processor time and memory, as the operating system counts them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from engine.devserver.processes import has_logged, spawn
from engine.settings import ROOT

LOOKS_EVERY_SECONDS = 0.5
READY_WITHIN_SECONDS = 120.0


class Measured:
    """A process from now on: processor seconds, and the most memory that it was seen to have, in MB."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._from = self._used()
        self.peak_mb = 0.0

    @property
    def cpu_seconds(self) -> float:
        """What it has used since."""
        return self._used() - self._from

    def anew(self) -> Measured:
        """The same process from now on."""
        return Measured(self._process.pid)

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        self._process.kill()

    @property
    def has_ended(self) -> bool:
        """Whether the operating system has taken back what it had; that takes a moment for many megabytes."""
        return not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE

    def look(self) -> None:
        """See how much memory it has now."""
        self.peak_mb = max(self.peak_mb, self._process.memory_info().rss / 2**20)

    def _used(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


class MeasuredFamily(Measured):
    """A process with all those that it starts, as PostgreSQL does for each connection; its own memory only."""

    def anew(self) -> MeasuredFamily:
        """The same processes from now on."""
        return MeasuredFamily(self._process.pid)

    def _used(self) -> float:
        own = self._process.cpu_times()
        children = (child.cpu_times() for child in self._process.children(recursive=True))
        return float(
            own.children_user + own.children_system + sum(used.user + used.system for used in (own, *children))
        )


@asynccontextmanager
async def watched(*processes: Measured) -> AsyncIterator[None]:
    """Look at their memory for as long as the block runs."""

    async def watch() -> None:
        while True:
            for process in processes:
                process.look()
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


@asynccontextmanager
async def program(words: list[str], ready: str, log: Path, environment: Mapping[str, str]) -> AsyncIterator[Measured]:
    """A Python program, measured from when it says ``ready`` on; ended with the block.

    Raises ``RuntimeError`` with the end of its log where it does not get there.
    """
    command = [sys.executable, *words]
    process = spawn(command, log=log, environment={**os.environ, **environment, "PYTHONPATH": str(ROOT)})
    try:
        if not await has_logged(process, log, ready, READY_WITHIN_SECONDS):
            said = await asyncio.to_thread(log.read_text, errors="replace")
            raise RuntimeError(f"{' '.join(words)} did not get ready:\n{said[-2_000:]}")
        yield Measured(process.pid)
    finally:
        await process.stop()
