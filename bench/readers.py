"""Readers of the console: each with a connection that stays open and a session, as a browser of somebody has them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

COOKIE = "__Host-waymark"
"""In which browsers keep the session."""
OK = 200


class NotShown(Exception):
    """A page was not shown; the text says which, and what came instead."""


@dataclass
class Reader:
    """Somebody at the console at this address (``http://localhost:8080``), signed in by a ``session``."""

    origin: str
    session: str
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def open(self, path: str) -> int:
        """Open a page; how many bytes it has. Raises :class:`NotShown`."""
        where = urlsplit(self.origin)
        if self._streams is not None and self._streams[0].at_eof():  # the console ends a connection nobody uses
            self.leave()
        if self._streams is None:
            self._streams = await asyncio.open_connection(where.hostname, where.port)
        coming, going = self._streams
        asked = f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {COOKIE}={self.session}\r\n"
        going.write(f"{asked}Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n\r\n".encode())
        status, *headers = (await coming.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        known = dict(header.lower().split(": ", 1) for header in headers if header)
        size = int(known["content-length"])
        await coming.readexactly(size)
        if status.split()[1] != str(OK):
            raise NotShown(f"{path} is not shown to its reader: {status}")
        return size

    def leave(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass(frozen=True)
class Opened:
    """What opening pages took: each time, in seconds; the bytes of a page; and how long all of it took."""

    times: Sequence[float]
    size: float
    seconds: float


async def open_all(readers: Sequence[Reader], paths: Sequence[str], rounds: int, pause: float = 0.0) -> Opened:
    """Have each reader open so many of the pages, all readers at once, each after the other's or its own.

    With a ``pause`` each looks at a page for about so many seconds before the next, and begins at another moment.
    """
    chance = random.Random(1)
    turns = _turns(paths, chance)
    times: list[float] = []
    sizes: list[int] = []

    async def read(reader: Reader) -> None:
        await asyncio.sleep(pause * chance.random())
        for _ in range(rounds):
            began = time.perf_counter()
            sizes.append(await reader.open(next(turns)))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))

    began = time.perf_counter()
    await asyncio.gather(*map(read, readers))
    return Opened(times, sum(sizes) / len(sizes), time.perf_counter() - began)


def _turns(paths: Sequence[str], chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(paths, len(paths))
