"""Printing: tables for people, JSON for scripts."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console, RenderableType

from cli.core.errors import CommandError
from cli.core.options import IN_A_TABLE
from presentation.tables import plain

PIPED_WIDTH = 110
"""Columns of what is printed to no terminal, unless the environment's COLUMNS says otherwise."""


def console() -> Console:
    """Where people read: this terminal, or as wide as our tables need."""
    piped = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
    return Console(width=PIPED_WIDTH if piped else None, markup=False, highlight=False, emoji=False)


def show(*parts: RenderableType) -> None:
    """Print for people, an empty line between parts."""
    where = console()
    for n, part in enumerate(parts):
        if n:
            where.print()
        where.print(part)


def say(text: str) -> None:
    """Print a line for people."""
    typer.echo(plain(text))


def at_most(first: int | None, *, as_json: bool) -> int | None:
    """How many rows to show where so many were asked for; none stands for all."""
    return first if as_json else first or IN_A_TABLE


def say_how_many(shown: int, total: int, of_what: str) -> None:
    """Say how many a table leaves out, if any."""
    if shown < total:
        say(f"The first {shown:,} of {total:,} {of_what}; --first {total} shows all of them.")


def warn(text: str) -> None:
    """Print something that must not be missed, in lines of its own."""
    typer.secho(f"\nWARNING: {plain(text)}\n", fg=typer.colors.RED, bold=True)


def write_page(page: str, file: Path) -> None:
    """Write a page, and say so. Raises :class:`CommandError`."""
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} can't be written: {error.strerror}", "invalid") from None
    say(f"{file} is written; it needs nothing else to be opened, mailed or printed")


def say_result(data: Any) -> None:
    """Print JSON."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
