"""Following the records: each process looks once for all its readers whether anything has changed, and tells them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import math
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping

from starlette.requests import Request
from starlette.responses import StreamingResponse

from domain.core.naming import COHORT, Programme, programme_of
from records.database import Database
from records.errors import RecordsError
from records.queries import changes as marks

log = logging.getLogger("waymark.console")

EVERY_SECONDS = 2.0
"""So often the records are looked at, as long as anybody follows."""
ALIVE_SECONDS = 25.0
"""So often a reader is sent something, so that whoever is between does not close what seems idle."""
LONGEST_SECONDS = 15 * 60.0
"""So long one stream lasts; a browser opens the next, and is asked again who it is."""

ALL = ""
"""The key of what concerns any case, for boards."""

ALIVE = b": alive\n\n"
AGAIN = b"retry: 3000\n\n"


class Changes:
    """What has changed on record, for those who follow a case by its id, or all of them (:data:`ALL`)."""

    def __init__(self, database: Database, ending: asyncio.Event, every: float = EVERY_SECONDS) -> None:
        self._database = database
        self._ending = ending
        self._every = every
        self._followers: dict[str, set[asyncio.Event]] = {}
        self._marks: Mapping[str, marks.Mark] = {}
        self._looking: asyncio.Task[None] | None = None
        self._of_all: tuple[float, str] = (-math.inf, "")
        self._asking = asyncio.Lock()

    @contextlib.contextmanager
    def followed(self, key: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something has changed, as long as the block lasts."""
        event = asyncio.Event()
        self._followers.setdefault(key, set()).add(event)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())
        try:
            yield event
        finally:
            self._followers[key].discard(event)
            if not self._followers[key]:
                del self._followers[key]

    async def mark(self, key: str) -> str:
        """What tells apart how the records are now from how they are later, as far as it concerns this key.

        It is for a page that is about to be made: what changes from now on, its stream tells. Raises ``RecordsError``.
        That of all cases may be :data:`EVERY_SECONDS` old, so that of many who open a board one asks: what has changed
        since then, the page has, and hears of it once more.
        """
        if key != ALL:
            return await self._mark_now(key)
        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() > self._of_all[0] + self._every:
                asked = loop.time()
                self._of_all = (asked, await self._mark_now(key))
            return self._of_all[1]

    async def _mark_now(self, key: str) -> str:
        return digest((await asyncio.to_thread(self._read, [key])).get(key, ()))

    async def _look(self) -> None:
        """Look at the records until nobody follows any more."""
        while self._followers and not self._ending.is_set():
            try:
                found = await asyncio.to_thread(self._read, list(self._followers))
            except RecordsError as error:
                log.warning("changes can't be followed now", extra={"why": str(error)})
            else:
                self._tell(found)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._every)
        self._marks = {}

    def _read(self, keys: Collection[str]) -> Mapping[str, marks.Mark]:
        cohorts = [key for key in keys if key != ALL and programme_of(key) is Programme.COHORT]
        cases = [key for key in keys if key != ALL and key not in cohorts]
        with self._database.reading() as session:
            of_all = {ALL: marks.of_all(session)} if ALL in keys else {}
            of_cases = marks.of_cases(session, cases) if cases else {}
            names = [cohort.removeprefix(COHORT) for cohort in cohorts]
            of_cohorts = marks.of_cohorts(session, names) if names else {}
        return {**of_all, **of_cases, **{f"{COHORT}{cohort}": mark for cohort, mark in of_cohorts.items()}}

    def _tell(self, found: Mapping[str, marks.Mark]) -> None:
        for key, mark in found.items():
            if self._marks.get(key) != mark:  # what is looked at for the first time may have changed meanwhile
                for event in self._followers.get(key, ()):
                    event.set()
        self._marks = found

    async def stream(self, key: str, known: str = "") -> AsyncGenerator[bytes]:
        """Server-sent events, one for each time that something has changed; ends with the process.

        ``known`` is the mark of what the reader has seen: what has changed since then is told first.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_SECONDS
        with self.followed(key) as event:
            yield AGAIN
            now = await self._mark_if_there(key)
            if known and now not in ("", known):
                yield _changed(now)
            last = now or known
            while not self._ending.is_set() and loop.time() < until:
                await self._wait(event)
                if self._ending.is_set():
                    return
                looked = event.is_set()
                event.clear()
                now = digest(self._marks[key]) if key in self._marks else last
                if now != last:
                    yield _changed(now)
                elif not looked:
                    yield ALIVE
                last = now

    async def _mark_if_there(self, key: str) -> str:
        try:
            return await self._mark_now(key)
        except RecordsError:
            return ""

    async def _wait(self, event: asyncio.Event) -> None:
        """Wait until the records were looked at and something may have changed, or it is time to be heard of again."""
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._ending.wait())]
        try:
            await asyncio.wait(waits, timeout=ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def digest(mark: marks.Mark) -> str:
    """A mark as a page and a stream of events bear it."""
    return hashlib.sha256(repr(mark).encode()).hexdigest()[:12]


def _changed(mark: str) -> bytes:
    """The event. Its id is the mark, which a browser says when it comes again."""
    return f"id: {mark}\nevent: changed\ndata: \n\n".encode()


def events(request: Request, changes: Changes, key: str) -> StreamingResponse:
    """The stream of changes, for a reader who may see what it is about."""
    known = request.headers.get("last-event-id") or request.query_params.get("mark", "")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(changes.stream(key, known), media_type="text/event-stream", headers=headers)
