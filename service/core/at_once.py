"""Calling the same function for many, a few of them at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def for_each(call: Callable[[T], Awaitable[R]], arguments: Iterable[T], *, at_once: int) -> list[R]:
    """The results of ``call`` for these arguments, in their order. At most ``at_once`` calls run at a time.

    What one of them raises is raised, and the others are cancelled.
    """
    limit = asyncio.Semaphore(at_once)

    async def call_within_limit(argument: T) -> R:
        async with limit:
            return await call(argument)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call_within_limit(argument)) for argument in arguments]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
