"""Telling Temporal that an activity's worker is alive, so that one that was killed is replaced within seconds."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity

BEATS_EVERY_SECONDS = 3.0
"""Well below the heartbeat timeout that workflows give; see :mod:`workflows.acts`."""


@contextmanager
def pulse() -> Iterator[None]:
    """Heartbeat for as long as the block runs, also while it waits for a database or a mail server."""
    over = threading.Event()
    context = contextvars.copy_context()

    def beat() -> None:
        while not over.wait(BEATS_EVERY_SECONDS):
            context.run(activity.heartbeat)

    beating = threading.Thread(target=beat, name="pulse", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()
