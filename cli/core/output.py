"""Printing: tables for people, JSON for scripts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

PIPED_WIDTH = 110
"""Columns of what is printed to no terminal, unless the environment's COLUMNS says otherwise."""


def plain(text: object) -> str:
    """A text without control characters, which could steer a terminal: much of what is shown, people have typed."""
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in str(text))


def cell(content: object, style: str = "") -> Text:
    """Something as text of a table, whatever it is: nothing in it is read as markup."""
    from rich.text import Text

    return Text("" if content is None else plain(content), style=style)


def console() -> Console:
    """Where people read: this terminal, or as wide as our tables need."""
    from rich.console import Console

    piped = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
    return Console(width=PIPED_WIDTH if piped else None, markup=False, highlight=False, emoji=False)


def table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table; its first column is an id and never broken, the others fold."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=cell(title) if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        min_width=cell_len(title) if title else None,  # or a title that is longer than all rows would be broken
    )
    for n, column in enumerate(columns):
        made.add_column(column, no_wrap=n == 0, overflow="fold")
    for row in rows:
        made.add_row(*(one if isinstance(one, Text) else cell(one) for one in row))
    return made


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


def warn(text: str) -> None:
    """Print something that must not be missed, in lines of its own."""
    typer.secho(f"\nWARNING: {plain(text)}\n", fg=typer.colors.RED, bold=True)


def say_result(data: Any) -> None:
    """Print JSON."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
