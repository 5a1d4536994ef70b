"""The text of a CSV file, cut into rows; and what is not such a text, told by its name and what to do about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator

from records.imports.core.report import Problem

MOST_BYTES = 16 * 2**20
"""A larger file is refused unread: no list of people is nearly as large, and reading takes memory by the row."""

AS_CSV = "save it as “CSV UTF-8 (comma delimited)”"
NOT_UTF8 = f"is not in UTF-8; {AS_CSV}"
BAD_QUOTES = "its quotation marks do not match"

UTF_16 = "is in UTF-16"

KINDS = (
    (b"PK\x03\x04", "is an Excel workbook (or another zip file), no text"),
    (b"\xd0\xcf\x11\xe0", "is an Excel workbook of the old kind, no text"),
    (b"%PDF", "is a PDF, no text"),
    (b"\xff\xfe", f"{UTF_16}, which spreadsheet programs call “Unicode text”"),
    (b"\xfe\xff", f"{UTF_16}, which spreadsheet programs call “Unicode text”"),
)
"""What the first bytes of a file say that people give instead of a CSV file."""

DIVIDERS = {"\t": "tabs", "|": "the bar |"}
"""What some programs put between cells, and we don't take: a bar divides the entries of a list within a cell."""

TITLE_ROWS = 10
"""So many rows are looked through for the names of the columns, where the first names none."""

SEPARATOR_LINE = re.compile(r"\s*\"?sep=", re.IGNORECASE)

Record = tuple[int, list[str]]
"""The number of a row in the spreadsheet, and its cells."""


class Unusable(Exception):
    """The file as a whole can't be read."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = list(problems)


def records_of(source: str | bytes, wanted: Iterable[str], most_rows: int | None) -> list[Record]:
    """The rows that are not blank, the first being the header: a quoted newline begins none.

    Raises :class:`Unusable` for what is no CSV text, for nothing at all, and for more than ``most_rows`` under the
    header, as soon as so many are read.
    """
    text = _text(source)
    records = _cut(text, _delimiter(text), most_rows)
    if not records:
        raise _of_file(f"is empty; its first row must name the columns {', '.join(wanted)}")
    return records


def kind_of(source: bytes) -> str | None:
    """What a file is that is no text, by its first bytes; None where they don't tell."""
    known = next((kind for begins, kind in KINDS if source.startswith(begins)), None)
    return known or (f"{UTF_16}, or no text at all" if source[:200].count(b"\0") > len(source[:200]) // 4 else None)


def column_named(cell: str) -> str:
    """The column that a cell of the header names: case, blanks and hyphens don't matter."""
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def check_title_row(records: list[Record], columns: Collection[str]) -> None:
    """Raise :class:`Unusable` where a row further down names the columns and the first does not."""
    first = records[0][0]
    for number, cells in records[1:TITLE_ROWS]:
        words = {column_named(word) for cell in cells for word in re.split(r"[,;\t|]", cell)}
        if len(words & set(columns)) > 1:
            rule = f"names no columns; row {number} does, so delete what is above it"
            raise Unusable(Problem(where=f"row {first}", row=first, rule=rule))


class Lines(Iterator[str]):
    """Lines for a CSV reader, and what is wrong where it can't cut them into cells: its errors have no code."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._of_this_row = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self._of_this_row += len(line)
        return line

    def next_row(self) -> None:
        """A row has been cut."""
        self._of_this_row = 0

    @property
    def problem(self) -> str:
        """Why the row that comes next can't be."""
        if self._of_this_row > csv.field_size_limit():
            return f"a cell has more than {csv.field_size_limit():,} characters; {BAD_QUOTES}, or it is no table"
        return BAD_QUOTES


def _text(source: str | bytes) -> str:
    if len(source) > MOST_BYTES:
        raise _of_file(f"is larger than {MOST_BYTES // 2**20} MiB")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    kind = kind_of(source)
    if kind is not None:
        raise _of_file(f"{kind}; {AS_CSV}")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _of_file(NOT_UTF8) from None


def _delimiter(text: str) -> str:
    """The comma or the semicolon, whichever there are more of in the header."""
    number, line = next(((n, line) for n, line in enumerate(io.StringIO(text), 1) if line.strip()), (1, ""))
    if SEPARATOR_LINE.match(line):
        raise _of_row(number, f"{line.strip()[:10]} is for spreadsheet programs alone; delete this row")
    header = re.sub(r'"[^"]*"', "", line)
    most = max(",;" + "".join(DIVIDERS), key=header.count)
    if most in DIVIDERS and header.count(most):
        raise _of_row(number, f"has its cells divided by {DIVIDERS[most]}; {AS_CSV}, with commas or semicolons")
    return ";" if header.count(";") > header.count(",") else ","


def _cut(text: str, delimiter: str, most_rows: int | None) -> list[Record]:
    records: list[Record] = []
    number, lines = 0, Lines(io.StringIO(text, newline=""))
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
            lines.next_row()
            if any(cell.strip() for cell in cells):
                records.append((number, cells))
            if most_rows is not None and len(records) > most_rows + 1:
                raise _of_file(f"has more than {most_rows:,} rows under its header")
    except csv.Error:
        raise _of_row(number + 1, lines.problem) from None
    return records


def _of_file(rule: str) -> Unusable:
    return Unusable(Problem(where="the file", rule=rule))


def _of_row(number: int, rule: str) -> Unusable:
    return Unusable(Problem(where=f"row {number}", row=number, rule=rule))
