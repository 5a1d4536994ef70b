"""Reading role profiles from the files of the O*NET database, as they are published: with tabs, or as CSV.

``Essential Skills``, ``Transferable Skills`` (both were one file, ``Skills``, up to O*NET 30.2), ``Knowledge``,
``Abilities`` and ``Work Activities`` have a row for each occupation, element and scale: importance (``IM``, 1 to 5) and
level (``LV``, 0 to 7). Their occupations stand in order, so that only one of them is held at a time, however long the
files are.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from domain.core.sentences import counted
from domain.core.skills import RequiredSkill
from records.imports.core.csv_text import Unusable
from records.imports.core.report import Problem
from records.imports.learning.profile_drafts import Draft, report_on
from records.imports.learning.published import CELLS, dialect_of, published_rows, published_text
from records.imports.learning.report import ProfilesReport

CODE, ELEMENT, NAME, SCALE, VALUE = "O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value"
SUPPRESS, NOT_RELEVANT = "Recommend Suppress", "Not Relevant"
COLUMNS = (CODE, ELEMENT, NAME, SCALE, VALUE, SUPPRESS, NOT_RELEVANT)

IMPORTANCE, LEVEL = "IM", "LV"
RANGES = {IMPORTANCE: (Decimal(1), Decimal(5)), LEVEL: (Decimal(0), Decimal(7))}

A_CODE = re.compile(r"\d\d-\d{4}\.\d\d")
A_VALUE = re.compile(r"\d{1,3}(\.\d{1,6})?")

SAME_NAMES = {"2.C.4.a": "mathematics (knowledge)"}
"""Elements that have the name of another one: mathematics is both a skill (2.A.1.e) and a field of knowledge."""


class Line(NamedTuple):
    """A row of a file. ``cells`` are those of :data:`COLUMNS`; none where some are missing."""

    code: str
    where: str
    number: int
    cells: list[str]

    def problem(self, column: str | None, rule: str) -> Problem:
        """A rule this row breaks."""
        return Problem(where=self.where, row=self.number, column=column, rule=rule)


def read_onet(files: Sequence[Path], titles: Path | None = None) -> ProfilesReport:
    """Read the profile of each occupation from one or several files; ``titles`` is ``Occupation Data``.

    Without titles, the code of an occupation is its title. Rows that O*NET recommends to suppress, or found not
    relevant, are left out and counted. O*NET does not say what can't be done without: no skill is mandatory.
    Never raises for what is in a file.
    """
    try:
        names = dict(_titles(titles)) if titles else {}
    except Unusable as unusable:
        return ProfilesReport(usable=False, problems=unusable.problems)
    return report_on(partial(_drafts, list(files), names), CODE, _notes)


def _titles(file: Path) -> Iterator[tuple[str, str]]:
    for _, cells in published_rows(file, dialect_of(file), (CODE, "Title")):
        if cells:
            yield cells[0], cells[1]


def _notes(left_out: int, empty: int) -> list[str]:
    notes = []
    if left_out:
        notes.append(
            f"{counted(left_out, 'row')} left out: O*NET recommends to suppress them, or found them not relevant"
        )
    if empty:
        notes.append(f"{counted(empty, 'occupation')} left out, of which no row can be used")
    return notes


def _drafts(files: list[Path], titles: dict[str, str]) -> Iterator[Draft]:
    lines = heapq.merge(*(_lines(file, named=len(files) > 1) for file in files), key=attrgetter("code"))
    for code, group in groupby(lines, key=attrgetter("code")):
        yield _draft(code, list(group), titles.get(code, code))


def _lines(file: Path, *, named: bool) -> Iterator[Line]:
    code = ""
    for number, cells in published_rows(file, dialect_of(file), COLUMNS):
        code = cells[0] if cells else code  # a row that lacks cells most likely belongs to the one above it
        yield Line(code, f"{file.name}, row {number}" if named else f"row {number}", number, cells)


def _draft(code: str, lines: list[Line], title: str) -> Draft:
    draft = Draft(code, lines[0].where, lines[0].number)
    if not A_CODE.fullmatch(code):
        broken = (CODE, "must be an O*NET-SOC code, such as 15-2051.00") if lines[0].cells else (None, CELLS)
        draft.problems.append(lines[0].problem(*broken))
        return draft
    skills: dict[str, RequiredSkill] = {}
    for pair in _by_element(draft, lines).values():
        skill = _skill(draft, pair)
        if skill is None:
            continue
        if skill.skill in skills:
            draft.problems.append(next(iter(pair.values())).problem(NAME, "is that of another element as well"))
        skills[skill.skill] = skill
    draft.make(title, "onet", list(skills.values()))
    return draft


def _by_element(draft: Draft, lines: list[Line]) -> dict[str, dict[str, Line]]:
    """The rows of each element, by scale."""
    elements: dict[str, dict[str, Line]] = {}
    for line in lines:
        if not line.cells:
            draft.problems.append(line.problem(None, CELLS))
            continue
        _, element, _, scale, *_ = line.cells
        scales = elements.setdefault(element, {})
        if scale not in RANGES:
            draft.problems.append(line.problem(SCALE, f"must be {IMPORTANCE} or {LEVEL}"))
        elif scale in scales:
            draft.problems.append(line.problem(SCALE, f"stands twice for this element, first in {scales[scale].where}"))
        else:
            scales[scale] = line
    return {element: scales for element, scales in elements.items() if scales}


def _skill(draft: Draft, pair: dict[str, Line]) -> RequiredSkill | None:
    """What an occupation asks of one element; None where it is left out or something is wrong."""
    if any(_is_left_out(line) for line in pair.values()):
        draft.left_out += len(pair)
        return None
    first = next(iter(pair.values()))
    missing = next((scale for scale in RANGES if scale not in pair), None)
    if missing:
        draft.problems.append(first.problem(SCALE, f"there is no {missing} row for this element"))
        return None
    values = {scale: _value(draft, scale, pair[scale]) for scale in RANGES}
    name = _name(draft, first)
    importance, level = values[IMPORTANCE], values[LEVEL]
    if name is None or importance is None or level is None:
        return None
    return RequiredSkill(skill=name, level=level, importance=importance)


def _is_left_out(line: Line) -> bool:
    return "Y" in line.cells[-2:]


def _value(draft: Draft, scale: str, line: Line) -> Decimal | None:
    text = line.cells[COLUMNS.index(VALUE)]
    least, most = RANGES[scale]
    if A_VALUE.fullmatch(text) and least <= Decimal(text) <= most:
        return Decimal(text).quantize(Decimal("0.01"))
    draft.problems.append(line.problem(VALUE, f"must be a number from {least} to {most}"))
    return None


def _name(draft: Draft, line: Line) -> str | None:
    _, element, name, *_ = line.cells
    try:
        text = SAME_NAMES.get(element) or published_text(name)
    except ValueError as broken:
        draft.problems.append(line.problem(NAME, str(broken)))
        return None
    if 1 <= len(text) <= 200:
        return text
    draft.problems.append(line.problem(NAME, "must have 1 to 200 characters"))
    return None
