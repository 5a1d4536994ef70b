"""What the commands of all programmes do with a running case: ask something of it, or look at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from temporalio.client import Client

from cli.core.errors import CommandError
from cli.core.output import say, say_result, show
from cli.core.rendering import ids_in, rendered
from cli.core.resources import run
from domain.core.case import CaseRequest, Done
from domain.core.naming import programme_of
from domain.core.updates import Update
from records.database import Database
from records.local_time import with_local_times
from service.core.asking import ask, view, zone_of
from service.core.connecting import temporal
from service.core.environment import records
from service.core.people import names_of
from service.core.started import Started


def change(programme: str, case: str, update: Update, request: CaseRequest, timeout: float, as_json: bool) -> None:
    """Ask it of the case, and print what it says. Raises :class:`CommandError` for a case of another programme."""
    check_programme(programme, case)

    async def asking() -> Done:
        return await ask(await temporal(), database, case, update, request, Done, timeout)

    with records() as database:
        say_done(database, run(asking()), as_json=as_json)


def check_programme(programme: str, case: str) -> None:
    """Raise :class:`CommandError` for a case that is for the commands of another programme."""
    belongs = programme_of(case).command
    if belongs != programme:
        raise CommandError(f"{case} is for the commands `{belongs} …`, not `{programme} …`", "invalid")


def say_done(database: Database, done: Done, *, as_json: bool) -> None:
    """Print what a case says of what it was asked."""
    if as_json:
        say_result(done.model_dump(mode="json"))
    else:
        say(f"{done.case}: {with_local_times(done.sentence, zone_of(database, done.case))}")


def say_started(started: Started, *, as_json: bool) -> None:
    """Print what came of a start."""
    if as_json:
        say_result(asdict(started))
    elif started.already_running:
        say(f"{started.case} is already running; nothing was changed")
        for difference in started.differs:
            say(difference)
    else:
        say(f"{started.case} has started")
        for note in started.notes:
            say(note)


def show_case(case: str, timeout: float, *, as_json: bool) -> None:
    """Show everything about a case, running or ended."""
    show_state(lambda client, database: view(client, database, case, timeout), as_json=as_json)


def show_state(look: Callable[[Client, Database], Awaitable[dict[str, Any]]], *, as_json: bool) -> None:
    """Show what is seen of a case."""

    async def looking() -> dict[str, Any]:
        return await look(await temporal(), database)

    with records() as database:
        state = run(looking())
        names = {} if as_json else names_of(database, ids_in(state))
    if as_json:
        say_result(state)
    else:
        show(*rendered(state, names))
