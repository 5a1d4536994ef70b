"""Several things at once in one case.

What is spawned goes on beside the stages, on Temporal's own event loop. An error in it is never lost: whoever waits for
it gets it, and it stays among the :attr:`Background.tasks`, where the life cycle of the case finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T")


class Background:
    """What goes on beside the stages of a case."""

    def __init__(self) -> None:
        self._spawned: list[asyncio.Task[Any]] = []

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let something go on beside the stages, until it ends, or :meth:`drop` ends it."""
        task = asyncio.create_task(work)
        self._spawned = [*(earlier for earlier in self._spawned if not earlier.done() or has_failed(earlier)), task]
        return task

    async def gather(self, *work: Coroutine[Any, Any, T]) -> list[T]:
        """Let several things go on at once and wait for all; their results.

        Not an ``asyncio.TaskGroup``: that one awaits even while a stopping worker tears it down, which fails loudly.
        """
        return await self.wait_all([self.spawn(coroutine) for coroutine in work])

    async def wait_all(self, tasks: list[asyncio.Task[T]]) -> list[T]:
        """Wait until all of these are done; their results. The first error is raised, once all are done."""
        await workflow.wait_condition(lambda: all(task.done() for task in tasks))
        return [task.result() for task in tasks]

    def running_in_background(self, *parts: Callable[[], Coroutine[Any, Any, None]]) -> RunningInBackground:
        """``async with`` this, the parts go on beside the block, which waits for them at its end."""
        return RunningInBackground(self, parts)

    async def run_unless(self, part: Coroutine[Any, Any, None], otherwise: Callable[[], bool]) -> bool:
        """Run a part of the programme to its end, or break it off once ``otherwise``; true when it came to its end.

        What goes on beside the stages is broken off with it.
        """
        flow = self.spawn(part)
        await workflow.wait_condition(lambda: flow.done() or otherwise())
        if flow.done():
            flow.result()
            return True
        self.drop()
        await workflow.wait_condition(flow.done)
        return False

    def drop(self) -> None:
        """Break off all that goes on beside the stages: it has no more purpose."""
        for work in self._spawned:
            break_off(work)
        self._spawned = []

    @property
    def tasks(self) -> list[asyncio.Task[Any]]:
        """What goes on, and what has failed."""
        return list(self._spawned)


class RunningInBackground:
    """What goes on beside a block. Nothing is awaited when the block is left by an exception."""

    def __init__(self, background: Background, parts: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        self._background = background
        self._parts = parts
        self._going_on: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        self._going_on = [self._background.spawn(part()) for part in self._parts]

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await self._background.wait_all(self._going_on)


def has_failed(task: asyncio.Task[Any]) -> bool:
    """Whether this has ended with an error; being broken off is none."""
    return task.done() and not task.cancelled() and task.exception() is not None


def break_off(work: asyncio.Task[Any]) -> None:
    """Cancel this, and don't mind how it ends.

    An activity that is broken off ends with an error of its own, which asyncio would report if nobody looked.
    """
    work.cancel()
    work.add_done_callback(_look_at)


def _look_at(ended: asyncio.Task[Any]) -> None:
    if not ended.cancelled():
        ended.exception()
