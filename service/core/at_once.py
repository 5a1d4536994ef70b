"""Doing the same for many, a few of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def for_each(do: Callable[[T], Awaitable[R]], these: Iterable[T], *, at_once: int) -> list[R]:
    """What comes of each, in their order; ``at_once`` are under way at a time. Whatever one raises ends it for all."""
    turns = asyncio.Semaphore(at_once)

    async def one(this: T) -> R:
        async with turns:
            return await do(this)

    try:
        async with asyncio.TaskGroup() as group:
            doing = [group.create_task(one(this)) for this in these]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in doing]
