"""Telling a person how a long step gets on."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import TextIO

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_FRAME_SECONDS = 0.2
_LINE_SECONDS = 10.0


class Progress:
    """Says lines, and keeps one moving during a long step.

    Without `say` it writes to `stream` (standard error): a spinner with the elapsed seconds on a terminal, else a line
    every ten seconds. With `say`, every line goes there, as if there were no terminal.
    """

    def __init__(self, say: Callable[[str], None] | None = None, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._moving = say is None and self._stream.isatty()
        self._say = say or self._write

    def say(self, line: str) -> None:
        """One line that stays."""
        self._say(line)

    @contextlib.asynccontextmanager
    async def during(self, step: str, detail: Callable[[], str] = str) -> AsyncIterator[None]:
        """Show `step`, the time it has taken so far and what `detail` says now, until the block ends."""
        ticker = asyncio.create_task(self._spin(step, detail) if self._moving else self._repeat(step, detail))
        try:
            yield
        finally:
            ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticker

    async def _repeat(self, step: str, detail: Callable[[], str]) -> None:
        start = time.monotonic()
        self.say(f"{step} ...")
        while True:
            await asyncio.sleep(_LINE_SECONDS)
            self.say(f"{step} ... {_so_far(start, detail)}")

    async def _spin(self, step: str, detail: Callable[[], str]) -> None:
        start = time.monotonic()
        turn = 0
        try:
            while True:
                line = f"{_SPINNER[turn % len(_SPINNER)]} {step} {_so_far(start, detail)}"
                self._stream.write(f"\r\033[K{line}")
                self._stream.flush()
                turn += 1
                await asyncio.sleep(_FRAME_SECONDS)
        finally:
            self._stream.write(f"\r\033[K{step}: {time.monotonic() - start:.0f} s\n")
            self._stream.flush()

    def _write(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


def _so_far(start: float, detail: Callable[[], str]) -> str:
    return ", ".join(part for part in (f"{time.monotonic() - start:.0f} s", detail()) if part)


def as_progress(given: "Callable[[str], None] | Progress | None") -> Progress:
    """`given`, if it is only a function that takes lines (or nothing), wrapped."""
    return given if isinstance(given, Progress) else Progress(given)
