"""Tables as O*NET and ESCO publish them: read row by row, never as a whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from domain.core.characters import hidden_in
from records.imports.core.cells import a_text
from records.imports.core.csv_text import AS_CSV, Lines, Unusable, kind_of
from records.imports.core.report import Problem

TABS: dict[str, Any] = {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
"""O*NET's files: between tabs, a quotation mark is a character like any other."""

COMMAS: dict[str, Any] = {"delimiter": ",", "strict": True}
"""ESCO's files, and O*NET's where they are CSV: texts in quotation marks may run over several lines."""

CELLS = "has not as many cells as the header"

PublishedRow = tuple[int, list[str]]
"""The number of a row, the header's being 1, and its cells in the columns asked for, without the blanks around them; no
cells where some are missing."""


def published_rows(
    file: Path, dialect: dict[str, Any], needed: Sequence[str], wanted: Sequence[str] = ()
) -> Iterator[PublishedRow]:
    """The rows of ``file`` that are not blank: the cells of the columns ``needed``, then of those ``wanted``.

    A column that is wanted and not there gives empty cells. Others are passed over. Raises
    :class:`records.imports.core.csv_table.Unusable` where the file is not such a table.
    """
    number, lines = 0, Lines(())
    _check_text(file)
    try:
        with file.open(encoding="utf-8-sig", newline="") as content:
            lines = Lines(content)
            rows = csv.reader(lines, **dialect)
            header = [cell.strip() for cell in next(rows, [])]
            places = _places(file, header, needed, wanted)
            lines.next_row()
            for number, cells in enumerate(rows, start=2):
                lines.next_row()
                if any(cells):
                    yield number, _cells(cells, len(header), places)
    except UnicodeDecodeError:
        raise Unusable(Problem(where=file.name, rule="is not in UTF-8")) from None
    except csv.Error:
        where = f"{file.name}, row {number + 1}"
        raise Unusable(Problem(where=where, row=number + 1, rule=lines.problem)) from None


def published_text(cell: str) -> str:
    """One line of text as it was published, without the hidden characters that some texts have. Raises ``ValueError``
    for what else can't be a text."""
    return a_text("".join(character for character in cell if character in "\r\n\t" or hidden_in(character) is None))


def dialect_of(file: Path) -> dict[str, Any]:
    """Whether a file has tabs, commas or semicolons between its cells, by its first line."""
    with file.open("rb") as content:
        header = content.readline()
    if b"\t" in header:
        return TABS
    return {**COMMAS, "delimiter": ";"} if header.count(b";") > header.count(b",") else COMMAS


def _places(file: Path, header: list[str], needed: Sequence[str], wanted: Sequence[str]) -> list[int | None]:
    places = {column: _place(column, header) for column in (*needed, *wanted)}
    missing = [
        Problem(where=file.name, row=1, column=f"column {column}", rule="is missing")
        for column in needed
        if places[column] is None
    ]
    if missing:
        raise Unusable(*missing)
    return list(places.values())


def _place(column: str, header: list[str]) -> int | None:
    """Where a column is: by its name; else by one that differs in case, blanks and marks, as in other forms of it."""
    if column in header:
        return header.index(column)
    return next((n for n, cell in enumerate(header) if letters(cell) == letters(column)), None)


def letters(name: str) -> str:
    """What of a column's name is looked at: ``onetsoccode`` for ``O*NET-SOC Code`` and for ``onetsoc_code``."""
    return re.sub(r"[\W_]+", "", name).casefold()


def _check_text(file: Path) -> None:
    """Raise :class:`Unusable` for an Excel workbook and whatever else is told by its first bytes."""
    with file.open("rb") as content:
        kind = kind_of(content.read(200))
    if kind is not None:
        raise Unusable(Problem(where=file.name, rule=f"{kind}; {AS_CSV}"))


def _cells(cells: list[str], expected: int, places: list[int | None]) -> list[str]:
    if len(cells) != expected:
        return []
    return ["" if place is None else cells[place].strip() for place in places]
