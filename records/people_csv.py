"""Reading people from a CSV file, as spreadsheet programs write it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from domain.model import PersonId
from domain.people import Application, Person
from records.cells import a_list, a_number, a_text, a_yes, is_protected, is_safe_to_name
from records.import_report import PeopleReport, Problem, ProtectedValue
from records.places import is_country, is_time_zone

READERS: dict[str, Callable[[str, str], Any]] = {
    "id": a_text,
    "name": a_text,
    "email": a_text,
    "time_zone": a_text,
    "country": a_text,
    "languages": a_list,
    "skills": a_list,
    "preferences": a_list,
    "manager": a_text,
    "mentor": a_yes,
    "break_months": a_number,
    "underemployed": a_yes,
    "experience_years": a_number,
}
"""All columns, each with what reads its cells: given the cell and the separators of lists, or ``ValueError``."""

OF_APPLICATION = ("break_months", "underemployed", "experience_years")

RULES = {
    "id": "must be P- and 3 to 12 capital letters or digits, such as P-7F3K2M",
    "name": "must not be empty, nor longer than 4,000 characters",
    "email": "must be one mail address",
    "country": "must be an ISO 3166 country code, such as GB or DE-BY",
    "languages": "must be at least one ISO 639 code, such as en",
    "manager": "must be a person's id",
    "break_months": "must be a whole number from 0 to 720",
    "experience_years": "must be a whole number from 0 to 70",
}


@dataclass
class Row:
    """A row of the file: what it holds by column, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    person: Person | None = None

    def refuse(self, column: str | None, rule: str) -> None:
        self.person = None
        self.problems.append(Problem(where=f"row {self.number}", row=self.number, column=column, rule=rule))


class Unusable(Exception):
    """The file as a whole can't be read."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = list(problems)


def read_people(source: str | bytes, known: Collection[PersonId] = ()) -> PeopleReport:
    """Read a CSV file with the columns of :data:`READERS`, in any order; ``known`` are the people in the records.

    The delimiter is a comma (lists within a cell then take ``;`` or ``|``) or a semicolon (lists take ``|``).
    Columns of protected characteristics are kept apart from the people. Never raises for what is in the file.
    """
    try:
        text = _text(source)
        delimiter = _delimiter(text)
        header, *body = _records(text, delimiter)
        columns = _columns(header)
    except Unusable as unusable:
        return PeopleReport(usable=False, problems=unusable.problems)
    rows = [_row(number, cells, columns) for number, cells in body]
    for row in rows:
        _read(row, "|" if delimiter == ";" else ";|")
    _refuse_doubles(rows)
    _refuse_unknown_managers(rows, set(known))
    return _report(rows, [column for column in columns if column not in READERS])


def _report(rows: list[Row], protected_columns: list[str]) -> PeopleReport:
    clean = [(row, row.person) for row in rows if row.person is not None]
    return PeopleReport(
        entries=len(rows),
        problems=[problem for row in rows for problem in row.problems],
        people=[person for _, person in clean],
        protected_columns=protected_columns,
        protected=[
            ProtectedValue(person=person.id, characteristic=column, value=row.values[column])
            for row, person in clean
            for column in protected_columns
            if row.values[column]
        ],
    )


# The file


def _text(source: str | bytes) -> str:
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(Problem(where="the file", rule="is not in UTF-8; save it as “CSV UTF-8”")) from None


def _delimiter(text: str) -> str:
    header = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return ";" if header.count(";") > header.count(",") else ","


def _records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers in the spreadsheet: a quoted newline begins none."""
    records: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if any(cell.strip() for cell in cells):
                records.append((number, cells))
    except csv.Error:
        where = f"row {number + 1}"
        raise Unusable(Problem(where=where, row=number + 1, rule="its quotation marks do not match")) from None
    if not records:
        raise Unusable(Problem(where="the file", rule=f"is empty; its first row must name the columns {_names()}"))
    return records


def _columns(header: tuple[int, list[str]]) -> list[str]:
    number, cells = header
    columns = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    if not set(columns) & set(READERS):
        raise Unusable(Problem(where=f"row {number}", row=number, rule=f"must name the columns {_names()}"))
    problems = list(_header_problems(number, columns))
    if problems:
        raise Unusable(*problems)
    return columns


def _header_problems(number: int, columns: list[str]) -> Iterator[Problem]:
    def problem(column: str, rule: str) -> Problem:
        shown = column if is_safe_to_name(column) else f"number {columns.index(column) + 1}"
        return Problem(where=f"row {number}", row=number, column=f"column {shown}", rule=rule)

    for column, times in Counter(columns).items():
        if column not in READERS and not is_protected(column):
            yield problem(column, "is unknown" if column else "has no name")
        elif times > 1:
            yield problem(column, "is there twice")
    for column in READERS:
        if column not in columns:
            yield Problem(
                where=f"row {number}", row=number, column=f"column {column}", rule="is missing (it may be empty)"
            )


def _names() -> str:
    return ", ".join(READERS)


def _row(number: int, cells: list[str], columns: list[str]) -> Row:
    row = Row(number, dict(zip(columns, cells, strict=False)))
    if len(cells) != len(columns):
        row.refuse(None, f"has {len(cells)} cells, the header has {len(columns)}")
    return row


# One row


def _read(row: Row, separators: str) -> None:
    if row.problems:
        return
    for column, cell in row.cells.items():
        try:
            row.values[column] = READERS.get(column, a_text)(cell, separators)
        except ValueError as broken:
            row.refuse(column, str(broken))
    _check_places(row)
    _check_manager(row)
    if row.problems:
        return
    try:
        row.person = _person(row)
    except ValidationError as error:
        for column in dict.fromkeys(_column_of(one["loc"]) for one in error.errors(include_input=False)):
            row.refuse(column, RULES.get(column, "can't be used"))


def _check_places(row: Row) -> None:
    if "time_zone" in row.values and not is_time_zone(row.values["time_zone"]):
        row.refuse("time_zone", "must be an IANA time zone, such as Europe/London")
    if row.values.get("country") and not is_country(row.values["country"]):
        row.refuse("country", RULES["country"])


def _check_manager(row: Row) -> None:
    if row.values.get("manager") and row.values["manager"] == row.values.get("id"):
        row.refuse("manager", "is the person themselves")


def _person(row: Row) -> Person:
    values = {name: value for name, value in row.values.items() if name in Person.model_fields}
    return Person(**{**values, "manager": values["manager"] or None}, application=_application(row))


def _application(row: Row) -> Application | None:
    break_months, underemployed, experience_years = (row.values[column] for column in OF_APPLICATION)
    if break_months is None and experience_years is None and not underemployed:
        return None
    return Application(break_months=break_months, underemployed=underemployed, experience_years=experience_years)


def _column_of(location: tuple[int | str, ...]) -> str:
    return next(str(part) for part in location if part in READERS)


# All rows together


def _refuse_doubles(rows: list[Row]) -> None:
    """Nobody can know which of two rows with the same id is right, so both are refused."""
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        if row.values.get("id"):
            by_id.setdefault(row.values["id"], []).append(row)
    for same in by_id.values():
        for row in same:
            others = ", ".join(str(other.number) for other in same if other is not row)
            if others:
                row.refuse("id", f"is also that of row {others}")


def _refuse_unknown_managers(rows: list[Row], known: set[str]) -> None:
    """Refuse rows whose manager will not be there; those who report to them are then refused in turn."""
    refused_rows = {row.values["id"]: row.number for row in rows if row.values.get("id")}
    while True:
        there = known | {row.person.id for row in rows if row.person}
        stranded = [row for row in rows if row.person and row.person.manager and row.person.manager not in there]
        if not stranded:
            break
        for row in stranded:
            number = refused_rows.get(row.values["manager"])
            row.refuse(
                "manager", f"is refused in row {number}" if number else "is neither in the file nor in the records"
            )
