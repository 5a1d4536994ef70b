"""Reading from a CSV file which level of which skill people were found to have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from pydantic import ValidationError

from domain.core.model import PersonId
from domain.core.skills import SkillLevel, Source
from records.imports.core.cells import a_decimal, a_text, an_id
from records.imports.core.csv_table import Readers, Row, read_table, refuse_doubles
from records.imports.core.csv_text import Unusable
from records.imports.core.date_cells import DayOrder, dates
from records.imports.learning.report import FoundLevel, LevelsReport


def readers(day_order: DayOrder) -> Readers:
    """All columns, each with what reads its cells."""
    return {
        "person": an_id,
        "skill": a_text,
        "level": a_decimal,
        "source": a_text,
        "on": dates(day_order),
        "by": an_id,
    }


RULES = {
    "person": "must be a person's id, such as P-7F3K2M",
    "skill": "must have 1 to 200 characters",
    "level": "must be a number from 0 to 7",
    "source": "must be self, manager or test",
    "on": "must be a date, such as 2026-09-07",
    "by": "must be a person's id, such as P-7F3K2M",
}


A_DAY = timedelta(days=1)
"""Somewhere it may be tomorrow already."""


def read_levels(source: str | bytes, known: Collection[PersonId] = (), *, day_order: DayOrder = "iso") -> LevelsReport:
    """Read a CSV file with the columns of :func:`readers`, in any order; ``known`` are the people in the records.

    Dates are ISO 8601 or in the order declared. Never raises for what is in the file.
    """
    try:
        table = read_table(source, readers(day_order))
    except Unusable as unusable:
        return LevelsReport(usable=False, problems=unusable.problems)
    rows: list[Row[FoundLevel]] = table.rows
    people = frozenset(known)
    for row in rows:
        _read(row, people)
    refuse_doubles(rows, ["person", "skill", "source", "on"], None)
    return LevelsReport(
        entries=len(rows),
        problems=[problem for row in rows for problem in row.problems],
        levels=[row.made for row in rows if row.made],
    )


def _read(row: Row[FoundLevel], known: frozenset[PersonId]) -> None:
    if row.problems:
        return
    for column in ("skill", "source"):
        row.values[column] = row.values[column].lower()
    try:
        level = SkillLevel(**{name: row.values[name] for name in SkillLevel.model_fields})
        row.made = FoundLevel(person=row.values["person"], level=level)
    except ValidationError as error:
        row.refuse_invalid(error, RULES)
        return
    if level.on > datetime.now().astimezone().date() + A_DAY:
        row.refuse("on", "is still to come")
    for column in ("person", "by"):
        if row.values[column] not in known:
            row.refuse(column, "is nobody in the records; import people first")
    if (level.source is Source.SELF) is not (level.by == row.values["person"]):
        row.refuse("by", "must be the person themselves where the source is self, and somebody else where it is not")
