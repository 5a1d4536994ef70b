"""What is left of rehearsals on this machine, while they run and afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

STARTS_WITHIN_SECONDS = 90


def once_running(elsewhere: Path) -> Path:
    """The directory of the rehearsal that runs in this one, as soon as its worker is ready."""
    found: list[Path] = []

    def running() -> bool:
        found[:] = [ready.parent for ready in elsewhere.glob("*/worker-is-ready")]
        return bool(found)

    until(running)
    return found[0]


def worker_runs(directory: Path) -> bool:
    """Whether a worker of that directory runs."""
    return runs("rehearsal.worker", str(directory))


def runs(*words: str) -> bool:
    """Whether a program runs that was called with these words; what has ended has no command line any more."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            called = path.read_bytes().split(b"\0")
            if all(word.encode() in called for word in words):
                return True
    return False


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
