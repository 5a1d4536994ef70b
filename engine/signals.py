"""How a program that is told to stop ends in good order."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stopped_by(*numbers: signal.Signals, stop: Callable[[], Any] | None = None) -> Iterator[None]:
    """Within the block these signals call `stop`, so that a program ends in good order instead of at once.

    By default they cancel the task whose block it is, as Ctrl-C does in `asyncio.run`.
    """
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None
    for number in numbers:
        loop.add_signal_handler(number, stop or this.cancel)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
