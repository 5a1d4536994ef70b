"""How long the console's pages take with thousands of cases on record, and many readers at once.

    .venv/bin/python -m bench.console [--cases 10000] [--at-once 20] [--rounds 25] [--pause 1] [--processes 1]
        [--language en] [--running 40]

Fills a PostgreSQL with so many cases, each as far as one of the recorded histories at some moment, among them a
manager's with 200 open tasks; starts the console as a process of its own, or several; and has readers open each page
as fast as they can, each the next as soon as the last is there; then each looks at a page for about `--pause` seconds.
Readers share the processes; each has a session and a connection that stays open.

There is no Temporal server at first, and the page of a case shows what is on record. In the end `--running` placements
are started on a server with a worker, and their pages ask them, too.

The processor time of a page is the console's and PostgreSQL's, as the operating system counts it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.filled_records import Filled, fill
from bench.processes import Measured, MeasuredFamily, program, watched
from bench.readers import NotShown, Opened, Reader, open_all
from bench.running_cases import running_cases
from bench.surroundings import of_its_own, postgresql, say
from domain.core.languages import LANGUAGES
from domain.core.model import PersonId
from domain.core.naming import Programme, cohort_case, programme_of
from engine.devserver import ports
from engine.devserver.errors import DevServerError
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.settings import Settings
from records.database import Database
from records.queries.core.cases import inbox
from records.seal_files import SealFiles
from service.core.languages import choose_language
from service.core.sessions import Known, Sessions

MEDIAN_MS, P99_MS = 50, 150
"""The aims, for the task list, a task, the board and a case."""

WARM_ROUNDS = 2
FILTERS = (
    "at_risk=1",
    "overdue=1",
    "programme=returnship&stage=placement",
    "role=ROLE7",
    "which=ended",
    "person=ad%C3%A9b",
)
"""What HR looks for on the board."""


@dataclass(frozen=True)
class Page:
    """A kind of page: what it is called, whose it is, and at which addresses there is one."""

    name: str
    reader: PersonId
    paths: Sequence[str]


@dataclass(frozen=True)
class Readers:
    """Those who open pages, by who they are, and the processes that are measured."""

    by_person: dict[PersonId, list[Reader]]
    consoles: Sequence[Measured]
    postgresql: Measured

    async def measure(self, page: Page, rounds: int, pause: float) -> None:
        """Have a page opened, and print what it took; the first few times, before all is in memory, don't count."""
        readers = self.by_person[page.reader]
        await open_all(readers, page.paths, WARM_ROUNDS)
        consoles, postgresql = [console.anew() for console in self.consoles], self.postgresql.anew()
        opened = await open_all(readers, page.paths, rounds, pause)
        used = sum(console.cpu_seconds for console in consoles), postgresql.cpu_seconds
        print(_line(page.name, opened, *used), flush=True)


def _line(name: str, opened: Opened, console: float, postgresql: float) -> str:
    number = len(opened.times)
    cells = [
        f"{1000 * statistics.median(opened.times):.0f}",
        f"{1000 * statistics.quantiles(opened.times, n=100)[98]:.0f}",
        f"{number / opened.seconds:.0f}",
        f"{1000 * console / number:.1f}",
        f"{1000 * postgresql / number:.1f}",
        f"{opened.size / 1024:.0f}",
    ]
    return f"  {name:26}" + "".join(f"{cell:>11}" for cell in cells)


HEADINGS = ("median ms", "99 in 100", "a second", "console ms", "records ms", "KB")


def pages_of(database: Database, filled: Filled) -> list[Page]:
    """What is measured."""
    manager, hr = filled.staff.manager, filled.staff.hr
    with database.reading() as session:
        tasks = [task.task for task in inbox(session, manager)]
    placements = [case for case in filled.cases if programme_of(case) is Programme.RETURNSHIP]
    cases = placements[:: max(1, len(placements) // 500)]
    numbered = [f"/board?page={number}" for number in range(2, max(3, len(filled.cases) // 50))]
    cohorts = filled.cohorts
    return [
        Page(f"task list ({len(tasks)} tasks)", manager, ["/tasks"]),
        Page("task", manager, [f"/tasks/{task}" for task in tasks]),
        Page("board", hr, ["/board", *numbered]),
        Page("case", hr, [f"/cases/{case}" for case in cases]),
        Page("task after another", manager, [f"/tasks/{task}?done=1" for task in tasks]),
        Page("board, filtered", hr, [f"/board?{text}" for text in (*FILTERS, *(f"cohort={of}" for of in cohorts[:2]))]),
        Page("board, what follows", hr, ["/board/live"]),
        Page("case, what follows", hr, [f"/cases/{case}/live" for case in cases]),
        Page("cohort", hr, [f"/cases/{cohort_case(cohort)}" for cohort in cohorts]),
        Page("people, by a name", hr, ["/people?q=ad%C3%A9b%C3%A1y%C3%B2", "/people?q=ma"]),
        Page("person", hr, [f"/people/{person}" for person in filled.staff.returners[:100]]),
    ]


def signed_in(database: Database, person: PersonId, origins: Sequence[str], number: int) -> list[Reader]:
    """So many browsers of somebody, who is signed in in each, at one console after the other."""
    sessions, known = Sessions(database), Known(person, by_hand=True)
    cookies = [sessions.open(lambda session, now: known, agent="bench").cookie for _ in range(number)]
    return [Reader(origins[n % len(origins)], cookie) for n, cookie in enumerate(cookies)]


@asynccontextmanager
async def consoles(settings: Settings, number: int, temporal: str | None = None) -> AsyncIterator[dict[str, Measured]]:
    """So many processes of the console on these records, by their addresses; ``temporal`` is that of a server."""
    async with AsyncExitStack() as running:
        found = {}
        for port in ports.some_free(number):
            environment = {
                **({"TEMPORAL_ADDRESS": temporal} if temporal else {}),
                "WAYMARK_DATA_DIR": str(settings.data_dir),
                "WAYMARK_RECORDS_URL": settings.records_url,
                "WAYMARK_CONSOLE_PORT": str(port),
                "WAYMARK_LOG_FORMAT": "json",
            }
            log = settings.data_dir / f"console-{port}.log"
            console = program(["console.py"], "console ready", log, environment)
            found[f"http://localhost:{port}"] = await running.enter_async_context(console)
        yield found


def filled_records(settings: Settings, cases: int, language: str) -> tuple[Database, Filled]:
    """Records with so many cases, whose readers read this language."""
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    filled = fill(database, cases)
    for person in (filled.staff.manager, filled.staff.hr):
        choose_language(database, person, language)
    with psycopg.connect(settings.records_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what it does by itself, a while after so many rows have come
    return database, filled


async def run(asked: argparse.Namespace) -> None:
    """The whole bench, on records that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as directory, postgresql() as server:
        server.psql("CREATE DATABASE waymark")
        settings = of_its_own(Path(directory)).model_copy(update={"records_url": server.get_uri("waymark")})
        database, filled = await asyncio.to_thread(filled_records, settings, asked.cases, asked.language)
        say(f"{len(filled.cases):,} cases with {filled.tasks:,} tasks are on record")
        measuring = Measuring(asked, settings, database, filled, MeasuredFamily(server.get_postmaster_info().pid))
        await measuring.on_record()
        if asked.running:
            await measuring.running()
        database.close()


@dataclass(frozen=True)
class Measuring:
    """The records, and what was asked for of measuring them."""

    asked: argparse.Namespace
    settings: Settings
    database: Database
    filled: Filled
    postgresql: Measured

    async def on_record(self) -> None:
        """Measure the pages without a Temporal server."""
        async with self._readers() as readers, watched(*readers.consoles):
            for pause in (0.0, self.asked.pause):
                await self._at_a_pace(readers, pages_of(self.database, self.filled), pause)
        print(f"\n  aims for the first four: {MEDIAN_MS} and {P99_MS} ms")
        print(f"  the console's memory: {max(console.peak_mb for console in readers.consoles):.0f} MB at most")

    async def running(self) -> None:
        """Measure the pages of cases that run."""
        started = running_cases(self.settings, self.database, self.filled.staff, self.asked.running)
        async with started as running, self._readers(running.address) as readers:
            page = Page("case that is asked", self.filled.staff.hr, [f"/cases/{case}" for case in running.cases])
            for pause in (0.0, self.asked.pause):
                await self._at_a_pace(readers, [page], pause)

    @asynccontextmanager
    async def _readers(self, temporal: str | None = None) -> AsyncIterator[Readers]:
        people = (self.filled.staff.manager, self.filled.staff.hr)
        async with consoles(self.settings, self.asked.processes, temporal) as running:
            origins = list(running)
            by_person = {person: signed_in(self.database, person, origins, self.asked.at_once) for person in people}
            yield Readers(by_person, list(running.values()), self.postgresql)

    async def _at_a_pace(self, readers: Readers, pages: Sequence[Page], pause: float) -> None:
        asked = self.asked
        processes = "one process" if asked.processes == 1 else f"{asked.processes} processes"
        pace = f"each looks at a page for {pause:g} s" if pause else "as fast as they can"
        print(f"\n  {asked.cases:,} cases, {asked.at_once} readers at once, {processes}: {pace}")
        print(f"  {'':26}" + "".join(f"{heading:>11}" for heading in HEADINGS))
        for page in pages:
            await readers.measure(page, asked.rounds, pause)


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="bench.console", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000, metavar="N", help="cases on record")
    parser.add_argument("--at-once", type=int, default=20, metavar="N", help="readers")
    parser.add_argument("--rounds", type=int, default=25, metavar="N", help="how often each opens each page")
    parser.add_argument("--pause", type=float, default=1.0, metavar="S", help="how long they look at one")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="of the console")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="that pages are read in")
    parser.add_argument("--running", type=int, default=40, metavar="N", help="placements on a server; 0: without one")
    asked = parser.parse_args()
    if asked.cases < 100 or min(asked.at_once, asked.rounds, asked.processes) < 1 or asked.at_once * asked.rounds < 2:
        parser.error("at least a hundred cases, a reader, two pages and a process")
    return asked


def main() -> int:
    """Run the bench; 1 where a page is not shown or the console does not start."""
    asked = arguments()
    try:
        asyncio.run(run(asked))
    except (NotShown, RuntimeError, DevServerError, EngineUnreachable) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
