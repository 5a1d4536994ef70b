"""The user's cache of programs that were built or downloaded."""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from engine.devserver.errors import WayUnavailable
from engine.devserver.locks import exclusive
from engine.devserver.progress import Progress


def directory() -> Path:
    """`$XDG_CACHE_HOME/waymark`, by default `~/.cache/waymark`. Raises `WayUnavailable` for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "waymark"
    except RuntimeError as error:
        raise WayUnavailable("there is no home directory to keep it in") from error


@contextlib.asynccontextmanager
async def filling(program: str, progress: Progress) -> AsyncIterator[None]:
    """Hold the lock of one cached program, so that two processes don't build or download it at once."""
    try:
        async with exclusive(
            directory() / f".{program}.lock",
            waiting=lambda: progress.say(f"another process is getting {program}; waiting for it"),
        ):
            yield
    except PermissionError as error:
        raise WayUnavailable(f"the cache {directory()} can't be written") from error
