"""The board, once or for as long as somebody looks."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.live import Live

from cli.core.commands import Commands
from cli.core.options import IN_A_TABLE, AsJson, Cohort, First
from cli.core.output import at_most, console, say, say_how_many, say_result, show
from presentation.board import changes, note, render
from records.database import Database
from service.core.environment import records
from service.registry.board import BoardRow, read_board

REFRESH_SECONDS = 1.0


app = Commands()


@app.command()
def board(
    watch: Annotated[bool, typer.Option("--watch", help="Go on showing it until Ctrl-C.")] = False,
    cohort: Cohort = None,
    first: First = None,
    as_json: AsJson = False,
) -> None:
    """Show where every case stands: stage, week, waiting for whom, at risk, outcome."""
    with records() as database:
        if not watch:
            _once(database, cohort, at_most(first, as_json=as_json), as_json=as_json)
        elif sys.stdout.isatty() and not as_json:
            _live(database, cohort, first or IN_A_TABLE)
        else:
            _lines(database, cohort, first, as_json=as_json)


def _once(database: Database, cohort: str | None, first: int | None, *, as_json: bool) -> None:
    found = read_board(database, cohort, first=first)
    if as_json:
        say_result([row.as_json() for row in found.rows])
    elif found.rows:
        show(render(found.rows, _title(cohort)))
        if on_zones := note(found.rows, datetime.now(UTC)):
            say(on_zones)
        say_how_many(len(found.rows), found.total, "cases")
    else:
        say(f"There are no cases in the cohort {cohort} yet." if cohort else "There are no cases yet.")


def _title(cohort: str | None) -> str:
    return f"Waymark: cohort {cohort}" if cohort else "Waymark: all cases"


def _live(database: Database, cohort: str | None, first: int) -> None:
    """On a terminal: the table, over and over."""
    with Live(console=console(), auto_refresh=False) as live:
        while True:
            live.update(render(read_board(database, cohort, first=first).rows, _title(cohort)), refresh=True)
            time.sleep(REFRESH_SECONDS)


def _lines(database: Database, cohort: str | None, first: int | None, *, as_json: bool) -> None:
    """Elsewhere: a line for each change, at once and not when some buffer is full."""
    before: list[BoardRow] = []
    while True:
        now = read_board(database, cohort, first=first).rows
        new = [json.dumps(row.as_json()) for row in now if row not in before] if as_json else changes(before, now)
        for line in new:
            say(line)
        sys.stdout.flush()
        before = now
        time.sleep(REFRESH_SECONDS)
