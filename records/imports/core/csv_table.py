"""A CSV file as spreadsheet programs write it: its rows with their numbers, read cell by cell.

What is wrong is a :class:`Problem` by row and column; nothing here raises for what is in a file but :class:`Unusable`,
where there is no table to speak of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from domain.core.protected import is_protected
from domain.core.sentences import PERSONAL, quotable
from records.imports.core.cells import Remediable, a_text, check_beginning, is_safe_to_name
from records.imports.core.csv_text import Record, Unusable, check_title_row, column_named, records_of
from records.imports.core.report import Problem, Remedy

T = TypeVar("T")

Readers = Mapping[str, Callable[[str], Any]]
"""All columns of a table, each with what reads its cells or raises ``ValueError`` with the rule that is broken."""

MOST_IN_A_CELL = 10_000
"""Characters; what is longer was never typed, and no text that is kept may be nearly as long."""

NAMED_AT_MOST = 5
"""So many rows that are like another are named with it, or a file of thousands like each other would fill a report."""


@dataclass
class Row(Generic[T]):
    """A row of the file: what it holds by column, what is wrong with it, and what was made of it."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    made: T | None = None

    def refuse(self, column: str | None, rule: str, *, show: bool = True, remedy: Remedy | None = None) -> None:
        """Note a broken rule, and the cell where it may be repeated; nothing is made of the row then."""
        self.made = None
        sentence = rule if column is None or not show else _with_cell(rule, column, self.cells.get(column, ""))
        where = f"row {self.number}"
        self.problems.append(Problem(where=where, row=self.number, column=column, rule=sentence, remedy=remedy))

    def refuse_invalid(self, error: ValidationError, rules: Mapping[str, str]) -> None:
        """Note the columns in which a model found its values wrong, each with its rule unless one is noted already."""
        columns = (
            _column_of(detail["loc"], self.cells) for detail in error.errors(include_input=False, include_url=False)
        )
        for column in dict.fromkeys(columns):
            if column is None or not self.is_refused_in(column):
                self.refuse(column, rules.get(column or "", "can't be used"))

    def is_refused_in(self, *columns: str) -> bool:
        """Whether a broken rule is noted in any of these columns."""
        return any(problem.column in columns for problem in self.problems)


@dataclass
class Table(Generic[T]):
    """The rows of a file that are not blank, and its columns in their order; ``header`` is the number of their row."""

    header: int
    columns: list[str]
    rows: list[Row[T]]


def read_table(
    source: str | bytes,
    readers: Readers,
    may_be_more: Callable[[str], bool] = lambda _: False,
    may_be_missing: Collection[str] = (),
    most_rows: int | None = None,
) -> Table[Any]:
    """Read a CSV file with the columns of ``readers``, in any order, and more of those that ``may_be_more``.

    A column that is missing, as some may be, is read as if it were empty. The delimiter is a comma or a
    semicolon; lists within a cell take ``;`` or ``|``. Raises :class:`Unusable`, also for more than
    ``most_rows``, as soon as so many are read.
    """
    wanted = [column for column in readers if column not in may_be_missing]
    records = records_of(source, wanted, most_rows)
    header, *body = records
    columns = _columns(records, readers, may_be_more, wanted)
    rows = [_row(number, cells, columns) for number, cells in body]
    for row in rows:
        _read(row, readers)
    return Table(header[0], columns, rows)


def refuse_doubles(
    rows: Sequence[Row[Any]], key: Sequence[str], column: str | None, alike: Callable[[Any], Any] = lambda value: value
) -> None:
    """Nobody can know which of two rows with the same ``key`` is right, so both are refused, in this column.

    Two values are the same where ``alike`` makes the same of them.
    """
    by_key: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in rows:
        values = tuple(row.values.get(name) for name in key)
        if all(values):
            by_key.setdefault(tuple(map(alike, values)), []).append(row)
    for same in by_key.values():
        if len(same) > 1:
            for row in same:
                row.refuse(column, f"is also that of row {_others(row, same)}")


def _others(row: Row[Any], same: list[Row[Any]]) -> str:
    """The numbers of the first others among these rows, and how many more there are."""
    others = [other.number for other in same[: NAMED_AT_MOST + 1] if other is not row][:NAMED_AT_MOST]
    more = len(same) - 1 - len(others)
    return ", ".join(map(str, others)) + (f" and {more:,} more" if more else "")


def _columns(
    records: list[Record], readers: Readers, may_be_more: Callable[[str], bool], wanted: list[str]
) -> list[str]:
    """The columns that the header names; those without a name at its end are passed over."""
    number, cells = records[0]
    columns = [column_named(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not set(columns) & set(readers):
        check_title_row(records, readers)
        rule = f"must name the columns {', '.join(wanted)}"
        raise Unusable(Problem(where=f"row {number}", row=number, rule=rule))
    problems = list(_header_problems(number, columns, readers, may_be_more, wanted))
    if problems:
        raise Unusable(*problems)
    return columns


def _header_problems(
    number: int, columns: list[str], readers: Readers, may_be_more: Callable[[str], bool], wanted: list[str]
) -> Iterator[Problem]:
    def problem(column: str, rule: str) -> Problem:
        return Problem(where=f"row {number}", row=number, column=f"column {column}", rule=rule)

    for column, times in Counter(columns).items():
        shown = column if is_safe_to_name(column) else f"number {columns.index(column) + 1}"
        if column not in readers and not may_be_more(column):
            yield problem(shown, "is unknown" if column else "has no name")
        elif times > 1:
            yield problem(shown, "is there twice")
    for column in wanted:
        if column not in columns:
            yield problem(column, "is missing")


def _row(number: int, cells: list[str], columns: list[str]) -> Row[Any]:
    """A row with the columns of the header; what is empty beyond them is passed over."""
    row: Row[Any] = Row(number, dict(zip(columns, cells, strict=False)))
    beyond = any(cell.strip() for cell in cells[len(columns) :])
    if beyond or len(cells) < len(columns):
        row.refuse(None, f"has {len(cells)} cells, the header has {len(columns)}")
    return row


def _read(row: Row[Any], readers: Readers) -> None:
    if row.problems:
        return
    for column, cell in {**dict.fromkeys(readers, ""), **row.cells}.items():
        try:
            _check_cell(cell)
            row.values[column] = readers.get(column, a_text)(cell)
        except Remediable as broken:
            row.refuse(column, str(broken), remedy=broken.remedy)
        except ValueError as broken:
            row.refuse(column, str(broken))


def _check_cell(cell: str) -> None:
    if len(cell) > MOST_IN_A_CELL:
        raise ValueError(f"must not be longer than {MOST_IN_A_CELL:,} characters; this has {len(cell):,}")
    check_beginning(cell)


RULES_ABOUT_THE_CELL = ("is nobody", "is neither", "is not in", "is in the past", "is still to come")
"""How rules begin whose subject is the cell."""


def _with_cell(rule: str, column: str, cell: str) -> str:
    """A rule with what stood in the cell, where that may be shown and makes a sentence."""
    shown_cell = None if column in PERSONAL or is_protected(column) or "@" in cell else quotable(cell.strip())
    if shown_cell is None or rule.startswith("must not"):
        return rule
    if rule.startswith(RULES_ABOUT_THE_CELL):
        return f"{shown_cell} {rule}"
    first, semicolon, rest = rule.partition(";")
    return f"{first}, not {shown_cell}{semicolon}{rest}" if rule.startswith("must ") else rule


def _column_of(location: tuple[int | str, ...], columns: Mapping[str, str]) -> str | None:
    return next((str(part) for part in location if part in columns), None)
