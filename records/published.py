"""Tables as O*NET and ESCO publish them: read row by row, never as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from domain.characters import hidden_in
from records.cells import a_text
from records.csv_text import Unusable, quotes_or_length
from records.import_report import Problem

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
    :class:`records.csv_table.Unusable` where the file is not such a table.
    """
    number = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, **dialect)
            header = [cell.strip() for cell in next(rows, [])]
            places = _places(file, header, needed, wanted)
            for number, cells in enumerate(rows, start=2):
                if any(cells):
                    yield number, _cells(cells, len(header), places)
    except UnicodeDecodeError:
        raise Unusable(Problem(where=file.name, rule="is not in UTF-8")) from None
    except csv.Error as error:
        rule = quotes_or_length(error)
        raise Unusable(Problem(where=f"{file.name}, row {number + 1}", row=number + 1, rule=rule)) from None


def published_text(cell: str) -> str:
    """One line of text as it was published, without the hidden characters that some texts have. Raises ``ValueError``
    for what else can't be a text."""
    return a_text("".join(character for character in cell if character in "\r\n\t" or hidden_in(character) is None))


def dialect_of(file: Path) -> dict[str, Any]:
    """Whether a file has tabs or commas between its cells, by its first line."""
    with file.open("rb") as content:
        return TABS if b"\t" in content.readline() else COMMAS


def _places(file: Path, header: list[str], needed: Sequence[str], wanted: Sequence[str]) -> list[int | None]:
    missing = [
        Problem(where=file.name, row=1, column=f"column {column}", rule="is missing")
        for column in needed
        if column not in header
    ]
    if missing:
        raise Unusable(*missing)
    return [header.index(column) if column in header else None for column in (*needed, *wanted)]


def _cells(cells: list[str], expected: int, places: list[int | None]) -> list[str]:
    if len(cells) != expected:
        return []
    return ["" if place is None else cells[place].strip() for place in places]
