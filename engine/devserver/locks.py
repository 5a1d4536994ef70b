"""File locks between processes. The kernel drops them when their holder ends, however it ends."""

import asyncio
import contextlib
import fcntl
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

_RETRY_SECONDS = 0.2


@contextlib.asynccontextmanager
async def exclusive(path: Path, *, within: float, waiting: Callable[[], None]) -> AsyncIterator[int]:
    """Hold the lock at `path`; the file descriptor that carries it is given, to be inherited by a child if wanted.

    `waiting` is called once when somebody else holds it. Raises `TimeoutError` after `within` seconds.
    """
    deadline = time.monotonic() + within
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        has_reported = False
        while not _taken(descriptor):
            if not has_reported:
                waiting()
                has_reported = True
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} stays locked")
            await asyncio.sleep(_RETRY_SECONDS)
        yield descriptor
    finally:
        # Closing is enough: an explicit unlock would also take the lock from a child that inherited it.
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
