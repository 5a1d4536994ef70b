"""What many open placements cost, on PostgreSQL: server and records.

    .venv/bin/python -m bench.scale [--sizes 1000 2000 5000] [--programs]

Needs Debian's PostgreSQL and Temporal's server built with Go (`python -m tests.go_programs`). Commits
go to disk. Starts placements that wait for their mentors until so many are open, and tells at each size how fast they
started, how long answers take while all are open, what worker and databases hold, and when a case whose worker was
killed answers again; with `--programs` also how long lists take.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from temporalio.client import Client

from bench.processes import Measured, program
from bench.programs import PROGRAMS, measure
from bench.surroundings import MENTEES, Bench, import_people_like, new_cases, say, until
from domain.core.model import CaseId, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from engine.client import connect
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.settings import SettingsError, load_settings
from records.database import Database
from records.queries.core.cases import inbox, number_of_open_tasks
from records.tables.core import TaskRecord
from service.core import asking
from tests import go_programs
from tests.compose_parts import on_path, run_service, set_up_schema, temporal_server, worker_variables
from tests.debian_postgres import Cluster, Unavailable, cluster

STARTERS = 16
"""Placements that are being started at a time."""

ANSWERS = 200
ANSWERING = 8
WITHIN_SECONDS = 60.0
PATIENCE_SECONDS = 1_800.0
DATABASES = ("waymark", "temporal", "temporal_visibility")
NOT_NOW = {"yes": False, "reason": "no time"}


class Worker:
    """A worker as a process of its own, which can be killed and started anew."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self._directory = directory
        self._environment = environment
        self._starts = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Measured]:
        """For as long as the block runs."""
        self._starts += 1
        log = self._directory / f"worker-{self._starts}.log"
        async with program(["worker.py"], "worker ready", log, self._environment) as process:
            yield process


@dataclass(frozen=True)
class Size:
    """What was found with so many open placements; ``took`` is what each answer took, in seconds."""

    cases: int
    started_a_second: float
    took: Sequence[float]
    worker_mb: float
    bytes_a_case: dict[str, float]
    back_after: float


class Scale:
    """Placements that are open, and those who answer in them."""

    def __init__(self, bench: Bench, client: Client, postgres: Cluster) -> None:
        self._bench = bench
        self._client = client
        self._postgres = postgres
        self._bytes_before = self._bytes()
        self.cases: list[CaseId] = []

    async def grow(self, returners: Sequence[PersonId]) -> float:
        """Start a placement for each of these; how many started a second. Returns when each waits for its mentor."""
        await self._all_wait()  # also those whose step the killed worker was at
        one_of = asyncio.Semaphore(STARTERS)
        cases = new_cases(len(returners))

        async def start(case: CaseId, returner: PersonId) -> None:
            async with one_of:
                await self._bench.start(self._client, case, returner)

        began = time.monotonic()
        await asyncio.gather(*map(start, cases, returners))
        self.cases += cases
        await self._all_wait()
        return len(returners) / (time.monotonic() - began)

    async def answers(self) -> list[float]:
        """Mentors of cases anywhere among them say no, so that the next is asked; how long each answer took."""
        tasks = await asyncio.to_thread(self._tasks)
        one_of = asyncio.Semaphore(ANSWERING)
        took: list[float] = []

        async def answer(task: TaskRecord) -> None:
            async with one_of:
                began = time.monotonic()
                await self._answer(task)
                took.append(time.monotonic() - began)

        await asyncio.gather(*map(answer, random.Random(1).sample(tasks, min(ANSWERS, len(tasks)))))
        return took

    async def back_after(self, worker: Worker, killed: Measured) -> float:
        """Kill the worker and start another; seconds until a case that the first had in its memory answers.

        It is asked once the first is gone: what that had in hand then is given up only after ten seconds.
        """
        newest = set(self.cases[-2:])  # who said no there before is asked no more, and the next one soon
        await until(lambda: newest <= {task.case_id for task in self._tasks()}, WITHIN_SECONDS)
        first, last = (task for task in await asyncio.to_thread(self._tasks) if task.case_id in newest)
        await self._answer(first)
        killed.kill()
        await until(lambda: killed.has_ended, WITHIN_SECONDS)
        began = time.monotonic()
        answering = asyncio.create_task(self._answer(last))
        async with worker.running():
            await answering
            return time.monotonic() - began

    def bytes_a_case(self) -> dict[str, float]:
        """By how much each database has grown for each case."""
        now = self._bytes()
        return {name: (now[name] - self._bytes_before[name]) / len(self.cases) for name in DATABASES}

    async def _answer(self, task: TaskRecord) -> None:
        message = AnswerTask(actor=task.people[0], task=task.task, answer=NOT_NOW)
        database = self._bench.database
        await asking.ask(self._client, database, task.case_id, Update.ANSWER_TASK, message, Receipt, WITHIN_SECONDS)

    async def _all_wait(self) -> None:
        await until(lambda: self._waiting() >= len(self.cases), PATIENCE_SECONDS)

    def _waiting(self) -> int:
        with self._bench.database.reading() as session:
            return number_of_open_tasks(session)

    def _tasks(self) -> list[TaskRecord]:
        with self._bench.database.reading() as session:
            return [task for task in inbox(session) if task.kind == TaskKind.MENTOR_REQUEST.value]

    def _bytes(self) -> dict[str, int]:
        with psycopg.connect(self._postgres.url(DATABASES[0])) as connection:
            found = connection.execute(
                "SELECT datname, pg_database_size(datname) FROM pg_database WHERE datname = ANY(%s)", [list(DATABASES)]
            )
            return dict(found.fetchall())


async def measured(scale: Scale, worker: Worker, returners: Sequence[PersonId]) -> Size:
    """Let so many more be open, and look."""
    async with worker.running() as process:
        say(f"{len(scale.cases) + len(returners):,} open placements")
        rate = await scale.grow(returners)
        took = await scale.answers()
        process.look()
        return Size(
            cases=len(scale.cases),
            started_a_second=rate,
            took=took,
            worker_mb=process.peak_mb,
            bytes_a_case=scale.bytes_a_case(),
            back_after=await scale.back_after(worker, process),
        )


def report(sizes: Sequence[Size]) -> None:
    """Print them side by side."""
    _line("open placements", [f"{size.cases:,}" for size in sizes])
    _line("  started a second", [f"{size.started_a_second:.1f}" for size in sizes])
    _line("  an answer takes: half of them, ms", [f"{1_000 * statistics.median(size.took):.0f}" for size in sizes])
    _line("    99 of 100", [f"{1_000 * statistics.quantiles(size.took, n=100)[98]:.0f}" for size in sizes])
    _line("  worker's memory, MB", [f"{size.worker_mb:.0f}" for size in sizes])
    for name in DATABASES:
        _line(f"  {name}, KB a case", [f"{size.bytes_a_case[name] / 1024:.1f}" for size in sizes])
    _line("  a killed worker's case answers after, s", [f"{size.back_after:.1f}" for size in sizes])


def _line(what: str, cells: Sequence[str]) -> None:
    print(f"  {what:42}" + "".join(f"{cell:>12}" for cell in cells))


async def run(sizes: Sequence[int], programs: bool) -> None:
    """The whole bench on a PostgreSQL that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="waymark-bench-") as name,
        cluster(DATABASES[0], durable=True) as postgres,
    ):
        directory = Path(name)
        (directory / "bin").mkdir()
        servers = on_path(go_programs.built(), directory / "bin")
        set_up_schema(postgres, servers)
        with temporal_server(postgres, servers, directory / "temporal.log") as address:
            environment = worker_variables(postgres, address, directory)
            for service in ("namespace", "records"):
                await asyncio.to_thread(run_service, service, environment)
            await _at_all_sizes(directory, postgres, environment, sizes)
            for asked in PROGRAMS if programs else ():
                seconds, _ = await asyncio.to_thread(measure, asked, environment)
                _line(f"  {' '.join(asked.words)}, s", [f"{seconds:.2f}"])


async def _at_all_sizes(directory: Path, postgres: Cluster, environment: dict[str, str], sizes: Sequence[int]) -> None:
    settings = load_settings(data_dir=directory, records_url=postgres.url(DATABASES[0]), smtp_url=None)
    database = Database(settings.records_url)
    try:
        bench = Bench(directory, settings, database, seconds_per_day=86_400)
        mentoring = bench.policy.mentoring.model_copy(update={"max_mentees": MENTEES})
        bench.policy = bench.policy.model_copy(update={"mentoring": mentoring})
        import_people_like(database, "mentor", 2 * max(sizes) // MENTEES + 1)
        returners = import_people_like(database, "returner", max(sizes))
        scale = Scale(bench, await connect(settings, address=environment["TEMPORAL_ADDRESS"]), postgres)
        worker = Worker(directory, environment)
        report([await measured(scale, worker, returners[len(scale.cases) : size]) for size in sorted(sizes)])
    finally:
        database.close()


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 2_000, 5_000], metavar="N", help="placements")
    parser.add_argument("--programs", action="store_true", help="also how long lists take at the end")
    asked = parser.parse_args()
    if min(asked.sizes) < 2:
        parser.error("at least two placements")
    return asked


def main() -> int:
    """Run the bench; 1 where there is nothing to run it on."""
    asked = arguments()
    try:
        asyncio.run(run(asked.sizes, asked.programs))
    except (Unavailable, go_programs.NotBuilt, EngineUnreachable, SettingsError, RuntimeError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
