"""Runs the demo: server, worker, seven placements, two learning paths and their people, until all have ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.live import Live

from demo.beginning import begun_anew, forget_earlier
from demo.cast import Cast, import_examples, start_cast
from demo.console import console_of, where_it_listens
from demo.learning_system import LearningSystem
from demo.outcome import certificate_lines, departure_lines, outcome_lines, place_lines, rehearsal_lines, shown
from demo.people import Left, SimulatedPeople
from demo.stop import DATA, WORKER, note, stop_noted
from demo.you import whom_you_are
from domain.core.case import ENDED
from domain.core.model import CaseId
from engine.client import connect
from engine.devserver.errors import DevServerError
from engine.devserver.processes import has_logged, spawn
from engine.devserver.server import DevServer
from engine.exit import INTERRUPTED
from engine.settings import PREFIX, ROOT, Settings, SettingsError, load_settings
from engine.signals import stopped_by
from presentation import board
from records.database import Database
from service.certification.issuer import make_issuer_key
from service.registry.board import BoardRow, read_board

NOT_OURS = ("RECORDS_URL", "SMTP_URL", "MAILDIR", "ISSUER_KEY", "LMS_KEYS", "SEAL_KEY", "SEAL_LIST")
"""Settings whose values are somebody's own, which a demo must not write to."""
TASK_QUEUE_ELSEWHERE = "waymark-demo"
"""On a server that is somebody's own, so that no worker of theirs takes the demo's cases into their records."""
WORKER_READY_SECONDS = 60
REFRESH_SECONDS = 0.5
PATIENCE_DAYS = 900
"""The demo gives up when a case has not ended after so many programme days; none takes 600."""


def main(*, keep: bool, seconds_per_day: float, data_dir: Path) -> int:
    """Run the demo; 0 when all cases have ended, 1 when something went wrong, 130 after Ctrl-C or SIGTERM.

    Raises ``SettingsError`` where the environment names records, mail or keys of somebody's own: the demo fills and
    empties its own.
    """
    console = Console(soft_wrap=True)
    named = [PREFIX + name for name in NOT_OURS if os.environ.get(PREFIX + name)]
    if named:
        raise SettingsError(
            f"{', '.join(named)}: the demo has records, mail and keys of its own; unset it for the demo"
        )
    if os.environ.get(f"{PREFIX}DATA_DIR"):
        console.print(f"{PREFIX}DATA_DIR is not used: the demo works in {data_dir}.")
    try:
        return asyncio.run(_demo(console, keep, seconds_per_day, data_dir))
    except asyncio.CancelledError:
        return INTERRUPTED
    except OSError as error:
        console.print(f"[red]The demo can't work in {data_dir}: {error.strerror or error}.[/red]", highlight=False)
        return 1
    except DevServerError as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        return 1


async def _demo(console: Console, keep: bool, seconds_per_day: float, data_dir: Path) -> int:
    settings = load_settings(data_dir=data_dir)
    with stopped_by(signal.SIGTERM):  # where the demo runs in the background, there is no Ctrl-C
        async with begun_anew(settings.data_dir, _say(console)), _server(console, settings, keep) as server:
            client = await connect(settings, address=server.address)
            if server.configured:
                settings = load_settings(data_dir=data_dir, task_queue=TASK_QUEUE_ELSEWHERE)
                await forget_earlier(client, TASK_QUEUE_ELSEWHERE)
            database = import_examples(_say(console), settings)
            academy = LearningSystem.open(settings.data_dir / "academy", settings.lms_keys)
            make_issuer_key(settings)
            environment = _environment(settings, server)
            async with (
                console_of(settings, environment, keep=keep) as address,
                _worker(console, settings, environment, keep),
            ):
                cast = await start_cast(_say(console), client, database, settings, seconds_per_day)
                _say_how_to_join(console, settings, await address())
                left = Left(whom_you_are, seconds_per_day=seconds_per_day)
                people = SimulatedPeople(
                    client, database, settings.task_queue, cast.placements, cast.paths, academy, left
                )
                ended = await _watch(console, database, people, cast.titles, seconds_per_day)
                _say_what_came_of_it(console, database, settings, server, cast, keep)
    if keep:
        command = (
            "make stop" if settings.data_dir == DATA else f".venv/bin/python -m demo.stop {shown(settings.data_dir)}"
        )
        console.print(f"Server, UI, worker and console are still up; `{command}` ends them.", highlight=False)
    return 0 if ended else 1


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


def _environment(settings: Settings, server: DevServer) -> Mapping[str, str]:
    """That of the demo's worker and console."""
    ours = {"WAYMARK_DATA_DIR": str(settings.data_dir), "WAYMARK_TASK_QUEUE": settings.task_queue}
    ui = {f"{PREFIX}TEMPORAL_UI": server.ui_url} if server.ui_url else {}
    return {**os.environ, **ours, **ui, **where_it_listens(), "TEMPORAL_ADDRESS": server.address}


@asynccontextmanager
async def _worker(
    console: Console, settings: Settings, environment: Mapping[str, str], keep: bool
) -> AsyncIterator[None]:
    log = settings.data_dir / "logs" / "worker.log"
    worker = spawn([sys.executable, str(ROOT / "worker.py")], log=log, environment=environment)
    note(settings.data_dir, WORKER, worker)
    try:
        if not await has_logged(worker, log, "worker ready", WORKER_READY_SECONDS):
            raise DevServerError(f"The worker did not start; see {shown(log)}")
        console.print(f"A worker is ready; its log is {shown(log)}", highlight=False)
        yield
    finally:
        if not keep:
            await stop_noted(settings.data_dir, WORKER)


def _say_how_to_join(console: Console, settings: Settings, address: str | None) -> None:
    in_a_browser = address or f"not this time; {shown(settings.data_dir / 'logs' / 'console.log')} says why"
    console.print(
        f"\nBe one of these people, in a browser: {in_a_browser}\n"
        "\nJoin in from another terminal:\n"
        f"  export WAYMARK_DATA_DIR={shown(settings.data_dir)}\n"
        "  .venv/bin/python starter.py board --watch\n"
        "  .venv/bin/python starter.py tasks          (and answer one before its people do)\n"
        "  .venv/bin/python starter.py placement view CASE\n",
        highlight=False,
    )


async def _watch(
    console: Console,
    database: Database,
    people: SimulatedPeople,
    cases: dict[CaseId, str],
    seconds_per_day: float,
) -> bool:
    """Show the board until all cases have ended; true when they did in time."""
    at_work = asyncio.create_task(people.live())
    deadline = time.monotonic() + PATIENCE_DAYS * seconds_per_day + 120
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
            live.update(board.render(rows, "Waymark: seven placements, two learning paths"), refresh=True)
            if _over(rows, cases, at_work, deadline):
                return all(row.outcome for row in rows)
            await asyncio.sleep(REFRESH_SECONDS)


async def _plain(
    console: Console, database: Database, cases: dict[str, str], at_work: asyncio.Task[None], deadline: float
) -> bool:
    before: list[BoardRow] = []
    while True:
        rows = _rows(database, cases)
        for line in board.changes(before, rows):
            console.print(line, highlight=False)
        if _over(rows, cases, at_work, deadline):
            return all(row.outcome for row in rows)
        before = rows
        await asyncio.sleep(REFRESH_SECONDS)


def _rows(database: Database, cases: dict[str, str]) -> list[BoardRow]:
    return [row for row in read_board(database).rows if row.case in cases]


def _over(rows: list[BoardRow], cases: dict[str, str], at_work: asyncio.Task[None], deadline: float) -> bool:
    if at_work.done():
        at_work.result()
    return (len(rows) == len(cases) and all(row.stage == ENDED for row in rows)) or time.monotonic() > deadline


def _say_what_came_of_it(
    console: Console, database: Database, settings: Settings, server: DevServer, cast: Cast, keep: bool
) -> None:
    places = place_lines(settings, database, server, cast.placements[0].case, keep=keep)
    came = [*outcome_lines(database, cast), *departure_lines(settings, database, cast)]
    lines = ["", "What came of it:", *came, "", *places]
    lines += ["", *certificate_lines(settings, database), "", *rehearsal_lines(settings)]
    for line in lines:
        console.print(line, highlight=False)
