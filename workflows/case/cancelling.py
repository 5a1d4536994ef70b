"""A cancellation that comes in the same moment as a result: asyncio and the SDK hand over the result and forget it."""

from __future__ import annotations

import asyncio


def heed_cancellation() -> None:
    """Raise a cancellation that was forgotten for a result: without it the task would go on and never end.

    For use after a wait that has ended with a result, in a task that nobody but its canceller can revive.
    """
    this = asyncio.current_task()
    if this is not None and this.cancelling():
        raise asyncio.CancelledError
