"""Reading role profiles from ESCO's CSV files, as they are published.

``occupationSkillRelations_en.csv`` says which skills are essential or optional for which occupation. Occupations and
skills have their labels in ``occupations_en.csv`` and ``skills_en.csv``; some releases repeat them in the relations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import NamedTuple

from domain.core.sentences import counted
from domain.core.skills import RequiredSkill
from records.imports.core.csv_text import Unusable
from records.imports.core.report import Problem, Remedy
from records.imports.learning.profile_drafts import Draft, report_on
from records.imports.learning.published import CELLS, COMMAS, published_rows, published_text
from records.imports.learning.report import ProfilesReport

OCCUPATION, RELATION, SKILL = "occupationUri", "relationType", "skillUri"
LABELS = ("occupationLabel", "skillLabel")
URI, LABEL = "conceptUri", "preferredLabel"

ESSENTIAL, OPTIONAL = "essential", "optional"

LEVEL = Decimal(4)
"""The level a profile from ESCO asks for (own default): ESCO publishes none. The middle of the scale from 1 to 7."""

IMPORTANCE = {ESSENTIAL: Decimal(4), OPTIONAL: Decimal(2)}
"""The importance of its skills (own default): ESCO publishes only whether they are essential. O*NET's words for these
two values are "very important" and "somewhat important"."""

A_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Relation(NamedTuple):
    """A row of the relations; ``relation`` is None where cells are missing."""

    occupation: str
    number: int
    title: str
    relation: str | None
    skill: str
    label: str

    def problem(self, column: str | None, rule: str) -> Problem:
        """A rule this row breaks."""
        return Problem(where=f"row {self.number}", row=self.number, column=column, rule=rule)


def read_esco(relations: Path, occupations: Path | None = None, skills: Path | None = None) -> ProfilesReport:
    """Read the profile of each occupation from ``occupationSkillRelations_en.csv``; its id is its UUID in capitals.

    ``occupations`` (``occupations_en.csv``) gives the titles, else the id is the title; ``skills``
    (``skills_en.csv``) gives the names of skills, which are needed unless the relations have them. Essential skills
    are mandatory. Level and importance are :data:`LEVEL` and :data:`IMPORTANCE`. Never raises for what is in a file.
    """
    try:
        titles = dict(_labels(occupations)) if occupations else None
        names = dict(_labels(skills)) if skills else None
        if names is None:
            _check_labels(relations)
        sorted_relations = sorted(_relations(relations), key=attrgetter("occupation"))
    except Unusable as unusable:
        return ProfilesReport(usable=False, problems=unusable.problems)
    return report_on(partial(_drafts, sorted_relations, titles, names), OCCUPATION, _notes)


def _labels(file: Path) -> Iterator[tuple[str, str]]:
    for _, cells in published_rows(file, COMMAS, (URI, LABEL)):
        if cells:
            yield intern(cells[0]), cells[1]


def _check_labels(relations: Path) -> None:
    try:
        next(published_rows(relations, COMMAS, (OCCUPATION, RELATION, SKILL, "skillLabel")), None)
    except Unusable as unusable:
        if [problem.column for problem in unusable.problems] != ["column skillLabel"]:
            raise
        rule, column = "is missing, so the skills have no names, which skills_en.csv has", "column skillLabel"
        problem = Problem(where=relations.name, row=1, column=column, rule=rule, remedy=Remedy.SKILLS)
        raise Unusable(problem) from None


def _relations(file: Path) -> Iterator[Relation]:
    """All relations: a release has about 125,000 of them, in no order that is promised, most texts many times over."""
    occupation = ""
    for number, cells in published_rows(file, COMMAS, (OCCUPATION, RELATION, SKILL), LABELS):
        if not cells:
            yield Relation(occupation, number, "", None, "", "")
            continue
        occupation, relation, skill, title, label = map(intern, cells)
        yield Relation(occupation, number, title, relation, skill, label)


def _notes(left_out: int, _empty: int) -> list[str]:
    notes = [
        f"ESCO publishes no levels: every skill is asked for at level {LEVEL}, with importance "
        f"{IMPORTANCE[ESSENTIAL]} where essential and {IMPORTANCE[OPTIONAL]} where optional"
    ]
    if left_out:
        notes.append(f"{counted(left_out, 'row')} left out: what repeats a skill of the same occupation")
    return notes


def _drafts(relations: list[Relation], titles: dict[str, str] | None, names: dict[str, str] | None) -> Iterator[Draft]:
    for occupation, group in groupby(relations, key=attrgetter("occupation")):
        yield _draft(occupation, list(group), titles, names)


def _draft(
    occupation: str, relations: list[Relation], titles: dict[str, str] | None, names: dict[str, str] | None
) -> Draft:
    first = relations[0]
    uuid = occupation.rpartition("/")[2]
    draft = Draft(uuid.upper(), f"row {first.number}", first.number)
    if not A_UUID.fullmatch(uuid):
        broken = (None, CELLS) if first.relation is None else (OCCUPATION, "must end with the occupation's UUID")
        draft.problems.append(first.problem(*broken))
        return draft
    if titles is not None and occupation not in titles:
        draft.problems.append(first.problem(OCCUPATION, "is not in the file of occupations"))
    skills: dict[str, RequiredSkill] = {}
    for relation in relations:
        try:
            skill = _skill(relation, names)
        except _Broken as broken:
            draft.problems.append(relation.problem(broken.column, broken.rule))
            continue
        draft.left_out += skill.skill in skills
        if skill.mandatory or skill.skill not in skills:
            skills[skill.skill] = skill
    title = (titles or {}).get(occupation) or first.title or draft.id
    draft.make(title, "esco", list(skills.values()))
    return draft


class _Broken(Exception):
    """A row breaks a rule, in a column or as a whole."""

    def __init__(self, column: str | None, rule: str) -> None:
        super().__init__()
        self.column, self.rule = column, rule


def _skill(relation: Relation, names: dict[str, str] | None) -> RequiredSkill:
    """What an occupation asks for. Raises :class:`_Broken`."""
    if relation.relation is None:
        raise _Broken(None, CELLS)
    importance = IMPORTANCE.get(relation.relation)
    if importance is None:
        raise _Broken(RELATION, f"must be {ESSENTIAL} or {OPTIONAL}")
    name = _name(relation, names)
    return RequiredSkill(skill=name, level=LEVEL, importance=importance, mandatory=relation.relation == ESSENTIAL)


def _name(relation: Relation, names: dict[str, str] | None) -> str:
    name = relation.label if names is None else names.get(relation.skill)
    if name is None:
        raise _Broken(SKILL, "is not in the file of skills")
    try:
        text = published_text(name)
    except ValueError as broken:
        raise _Broken("skillLabel", str(broken)) from None
    if not 1 <= len(text) <= 200:
        raise _Broken("skillLabel", "must have 1 to 200 characters")
    return text
