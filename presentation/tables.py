"""Texts and tables that may be shown on a terminal, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text


def plain(text: object) -> str:
    """A text without control characters, which could steer a terminal: much of what is shown, people have typed."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\N{REPLACEMENT CHARACTER}"
        for character in str(text)
    )


def cell(content: object, style: str = "") -> Text:
    """Something as text of a table, whatever it is: nothing in it is read as markup."""
    return Text("" if content is None else plain(content), style=style)


def table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table; its first column is an id and never broken, the others fold."""
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
        made.add_row(*(content if isinstance(content, Text) else cell(content) for content in row))
    return made
