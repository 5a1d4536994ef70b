"""Runs the demo: server, worker, six placements and their people, until all have ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.live import Live
from temporalio.client import Client
from temporalio.service import RPCError

from cli import board
from cli.starting import first_start_date, start_placement
from demo.people import Played, SimulatedPeople
from demo.stop import DATA, WORKER_PID, stop_worker
from demo.stories import Story, stories
from domain.naming import workflow_id
from domain.placement import Stage
from domain.policy import Policy
from domain.policy_file import read_policy
from engine.client import connect
from engine.devserver.errors import DevServerError
from engine.devserver.server import DevServer
from engine.exit import INTERRUPTED
from engine.settings import DEFAULT_TASK_QUEUE, ROOT, Settings, SettingsError, load_settings
from records import queries
from records.database import Database
from records.imports import read_people, read_roles, store_people, store_roles
from records.people import people, roles

COHORT = "demo-"
POLICY = ROOT / "policies" / "returnship-16-weeks.yaml"
NOT_OURS = ("WAYMARK_RECORDS_URL", "WAYMARK_SMTP_URL", "WAYMARK_MAILDIR")
TASK_QUEUE_ELSEWHERE = "waymark-demo"
"""On a server that is somebody's own, so that no worker of theirs takes the demo's cases into their records."""
WORKER_READY_SECONDS = 60
REFRESH_SECONDS = 0.5
PATIENCE_DAYS = 900
"""The demo gives up when a case has not ended after so many programme days; none takes 600."""


def main(*, keep: bool, seconds_per_day: float, data_dir: Path) -> int:
    """Run the demo; 0 when all placements have ended, 1 when something went wrong, 130 after Ctrl-C or SIGTERM.

    Raises ``SettingsError`` where the environment names records or mail of somebody's own: the demo fills and
    empties its own.
    """
    console = Console()
    named = [name for name in NOT_OURS if os.environ.get(name)]
    if named:
        raise SettingsError(f"{', '.join(named)}: the demo has records and mail of its own; unset it for the demo")
    try:
        return asyncio.run(_demo(console, keep, seconds_per_day, data_dir))
    except asyncio.CancelledError:
        return INTERRUPTED
    except DevServerError as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        return 1


async def _demo(console: Console, keep: bool, seconds_per_day: float, data_dir: Path) -> int:
    settings = load_settings(data_dir=data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _terminated_like_interrupted():
        async with _server(console, settings, keep) as server:
            if server.configured and settings.task_queue == DEFAULT_TASK_QUEUE:
                settings = load_settings(data_dir=data_dir, task_queue=TASK_QUEUE_ELSEWHERE)
            database = _import_examples(console, settings)
            async with _worker(console, settings, server, keep):
                client = await connect(settings, address=server.address)
                played = await _start(console, client, database, settings, seconds_per_day)
                _say_how_to_join(console, settings, server)
                ended = await _watch(console, client, database, played, seconds_per_day)
                _say_what_came_of_it(console, database, settings, server, played, keep)
    if keep:
        command = (
            "make stop" if settings.data_dir == DATA else f".venv/bin/python -m demo.stop {_shown(settings.data_dir)}"
        )
        console.print(f"Server, UI and worker are still up; `{command}` ends them.", highlight=False)
    return 0 if ended else 1


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends the demo in good order, as Ctrl-C does, and also where it runs in the background without one."""
    demo = asyncio.current_task()
    assert demo is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, demo.cancel)
    try:
        yield
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)


@asynccontextmanager
async def _server(console: Console, settings: Settings, keep: bool) -> AsyncIterator[DevServer]:
    server = await DevServer.start(data_dir=settings.data_dir, ui=True, progress=_say(console))
    ui = server.ui_url or "your own"
    console.print(f"Temporal at {server.address} ({server.origin}), UI at {ui}", highlight=False)
    try:
        yield server
    finally:
        if not keep:
            await server.stop()


def _say(console: Console) -> Callable[[str], None]:
    return lambda text: console.print(text, highlight=False)


@asynccontextmanager
async def _worker(console: Console, settings: Settings, server: DevServer, keep: bool) -> AsyncIterator[None]:
    log = settings.data_dir / "logs" / "worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    ours = {"WAYMARK_DATA_DIR": str(settings.data_dir), "WAYMARK_TASK_QUEUE": settings.task_queue}
    environment = {**os.environ, **ours, "TEMPORAL_ADDRESS": server.address}
    await asyncio.to_thread(stop_worker, settings.data_dir)  # one that an earlier demo was asked to keep
    begins = log.stat().st_size if log.exists() else 0
    worker = _launch(log, environment)
    (settings.data_dir / WORKER_PID).write_text(str(worker.pid), encoding="ascii")
    try:
        await _until_ready(worker, log, begins)
        console.print(f"A worker is ready; its log is {_shown(log)}", highlight=False)
        yield
    finally:
        if not keep:
            worker.terminate()
            await asyncio.to_thread(worker.wait)
            (settings.data_dir / WORKER_PID).unlink(missing_ok=True)


def _launch(log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A worker in a session of its own, so that Ctrl-C ends it in our order and not in the terminal's."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "worker.py")],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def _until_ready(worker: subprocess.Popen[bytes], log: Path, begins: int) -> None:
    deadline = time.monotonic() + WORKER_READY_SECONDS
    while b"worker ready" not in await asyncio.to_thread(_read_from, log, begins):
        if worker.poll() is not None or time.monotonic() > deadline:
            raise DevServerError(f"The worker did not start; see {_shown(log)}")
        await asyncio.sleep(0.1)


def _read_from(log: Path, begins: int) -> bytes:
    return log.read_bytes()[begins:]


def _import_examples(console: Console, settings: Settings) -> Database:
    database = Database(settings.records_url)
    database.migrate()
    with database.session() as session:
        known = {person.id for person in people(session)}
        report = read_people((ROOT / "examples" / "people.csv").read_bytes(), known=known)
        of_people = store_people(session, report)
    with database.session() as session:
        known = {person.id for person in people(session)}
        name = "examples/roles.yaml"
        of_roles = store_roles(session, read_roles((ROOT / name).read_text(encoding="utf-8"), name, known=known))
    console.print(f"examples/people.csv: {of_people}; {name}: {of_roles}", highlight=False)
    return database


async def _start(
    console: Console, client: Client, database: Database, settings: Settings, seconds_per_day: float
) -> list[Played]:
    await _withdraw_left_over(console, client, database)
    policy = read_policy(POLICY.read_text(encoding="utf-8"), POLICY.name, Policy)
    with database.reading() as session:
        known_roles = {role.id: role for role in roles(session)}
        told = _cast([person.id for person in people(session) if person.application], list(known_roles))
    run = _run_id()
    played: list[Played] = []
    for n, story in enumerate(told, start=1):
        role = known_roles[story.role]
        started = await start_placement(
            client,
            database,
            returner=story.returner,
            role=role.id,
            policy=policy,
            starts_on=first_start_date(date.today()),  # noqa: DTZ011 - the local day, as HR sees it
            weeks=policy.length.weeks,
            case=f"D{run}-{n}",
            cohort=f"{COHORT}{run.lower()}",
            started_by=role.hr,
            seconds_per_day=seconds_per_day,
            task_queue=settings.task_queue,
        )
        played.append(Played(story=story, case=started.case, hr=role.hr))
        console.print(f"  {started.case}: {story.title}", highlight=False)
    return played


async def _withdraw_left_over(console: Console, client: Client, database: Database) -> None:
    """End the placements of a demo that was interrupted: nobody would answer in them, and mentors would stay taken."""
    with database.reading() as session:
        left_over = [one.case_id for one in queries.cases(session) if (one.cohort or "").startswith(COHORT)]
        left_over = [case for case in left_over if queries.case(session, case).stage != Stage.ENDED.value]
    for case in left_over:
        with suppress(RPCError):
            await client.get_workflow_handle(workflow_id(case)).cancel()
    if left_over:
        console.print(f"{len(left_over)} placements of an interrupted demo are withdrawn", highlight=False)


def _cast(returners: list[str], known_roles: list[str]) -> list[Story]:
    return stories([(person, known_roles[n % len(known_roles)]) for n, person in enumerate(returners)])


def _run_id() -> str:
    """Short and new for each demo, so that a second one on the same data starts its own cases."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number, text = int(time.time()) // 10, ""
    for _ in range(6):
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


def _say_how_to_join(console: Console, settings: Settings, server: DevServer) -> None:
    console.print(
        "\nJoin in from another terminal:\n"
        f"  export WAYMARK_DATA_DIR={_shown(settings.data_dir)} TEMPORAL_ADDRESS={server.address}\n"
        "  .venv/bin/python starter.py board --watch\n"
        "  .venv/bin/python starter.py tasks          (and answer one before its people do)\n"
        "  .venv/bin/python starter.py placement view CASE\n",
        highlight=False,
    )


async def _watch(
    console: Console, client: Client, database: Database, played: list[Played], seconds_per_day: float
) -> bool:
    """Show the board until all cases have ended; true when they did in time."""
    at_work = asyncio.create_task(SimulatedPeople(client, database, played).live())
    deadline = time.monotonic() + PATIENCE_DAYS * seconds_per_day + 120
    cases = {one.case: one.story.title for one in played}
    try:
        return await (_live if console.is_terminal else _plain)(console, database, cases, at_work, deadline)
    finally:
        at_work.cancel()


async def _live(
    console: Console, database: Database, cases: dict[str, str], at_work: asyncio.Task[None], deadline: float
) -> bool:
    with Live(console=console, auto_refresh=False) as live:
        while True:
            rows = _rows(database, cases)
            live.update(board.render(rows, "Waymark: six placements"), refresh=True)
            if _over(rows, cases, at_work, deadline):
                return all(row.outcome for row in rows)
            await asyncio.sleep(REFRESH_SECONDS)


async def _plain(
    console: Console, database: Database, cases: dict[str, str], at_work: asyncio.Task[None], deadline: float
) -> bool:
    before: list[board.BoardRow] = []
    while True:
        rows = _rows(database, cases)
        for line in board.changes(before, rows):
            console.print(line, highlight=False, soft_wrap=True)
        if _over(rows, cases, at_work, deadline):
            return all(row.outcome for row in rows)
        before = rows
        await asyncio.sleep(REFRESH_SECONDS)


def _rows(database: Database, cases: dict[str, str]) -> list[board.BoardRow]:
    return [row for row in board.rows(database) if row.case in cases]


def _over(rows: list[board.BoardRow], cases: dict[str, str], at_work: asyncio.Task[None], deadline: float) -> bool:
    if at_work.done():
        at_work.result()
    return (len(rows) == len(cases) and all(row.stage == "ended" for row in rows)) or time.monotonic() > deadline


def _say_what_came_of_it(
    console: Console, database: Database, settings: Settings, server: DevServer, played: list[Played], keep: bool
) -> None:
    outcomes = {row.case: row.outcome or f"still in {row.stage}" for row in board.rows(database)}
    console.print("\nWhat came of it:")
    for one in played:
        console.print(f"  {one.case}  {one.story.title:24} {outcomes.get(one.case)}", highlight=False)
    console.print(
        f"\nMails:    {_shown(settings.maildir)} (a Maildir; each file is an .eml)\n"
        f"Records:  {database.shown}\n"
        f"Temporal: {server.ui_url or server.address} {'' if keep else '(with `make demo KEEP=1` it stays up)'}\n"
        f"Look at one case again with the server up: .venv/bin/python starter.py placement view {played[0].case}",
        highlight=False,
        soft_wrap=True,
    )


def _shown(path: Path) -> str:
    """A path as somebody in the checkout writes it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
