"""Reading role profiles of one's own: from a YAML file, or from a CSV file with a row for each profile and skill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from domain.core.skills import RequiredSkill, RoleProfile
from records.imports.core.cells import a_decimal, a_text, a_yes, an_id
from records.imports.core.csv_table import Readers, Row, read_table, refuse_doubles
from records.imports.core.csv_text import Unusable
from records.imports.core.report import Problem
from records.imports.core.yaml_lists import duplicate_ids, named, place, read_entry, read_lists
from records.imports.learning.report import ProfilesReport

READERS: Readers = {
    "profile": an_id,
    "title": a_text,
    "skill": a_text,
    "level": a_decimal,
    "importance": a_decimal,
    "mandatory": a_yes,
}
"""All columns of the CSV file, each with what reads its cells."""

RULES = {
    "profile": "must be up to 40 capital letters, digits, dots and dashes, such as DATA1",
    "title": "must stand in one row of the profile at least, and be the same wherever it stands",
    "skill": "must have 1 to 200 characters",
    "level": "must be a number from 0 to 7",
    "importance": "must be a number from 1 to 5",
}


def read_profiles_yaml(text: str | bytes, name: str = "the file") -> ProfilesReport:
    """Read a list under ``profiles``, each with an id, a title and its skills; ``name`` is what the report calls the
    file. Never raises for what is in it.
    """
    try:
        entries = read_lists(text, "profiles")["profiles"]
    except ValueError as error:
        return ProfilesReport(usable=False, problems=[Problem(where=name, rule=str(error))])
    read = [_of_entry(entry, n) for n, entry in enumerate(entries, start=1)]
    profiles = [profile for profile, _ in read if profile]
    doubles = duplicate_ids(entries, "profile")
    return ProfilesReport(
        entries=len(entries),
        problems=[*(problem for _, problems in read for problem in problems), *doubles],
        profiles=[
            profile
            for profile in profiles
            if named("profile", profile.id) not in {problem.where for problem in doubles}
        ],
    )


def _of_entry(entry: Any, n: int) -> tuple[RoleProfile | None, list[Problem]]:
    where = place(entry, n, "profile")
    if isinstance(entry, dict) and "source" in entry:
        return None, [Problem(where=where, column="source", rule="is not a key of a profile")]
    return read_entry(RoleProfile, entry, where, "profile")


def read_profiles_csv(source: str | bytes) -> ProfilesReport:
    """Read a CSV file with the columns of :data:`READERS`. A profile is refused as a whole when one of its rows is.

    Its title must stand in one of its rows at least. Never raises for what is in the file.
    """
    try:
        table = read_table(source, READERS)
    except Unusable as unusable:
        return ProfilesReport(usable=False, problems=unusable.problems)
    rows: list[Row[RequiredSkill]] = table.rows
    for row in rows:
        _read(row)
    refuse_doubles(rows, ["profile", "skill"], "skill")
    groups = _by_profile(rows)
    profiles = [_of_rows(group) for group in groups]
    return ProfilesReport(
        entries=len(groups),
        problems=[problem for row in rows for problem in row.problems],
        profiles=[profile for profile in profiles if profile],
    )


def _read(row: Row[RequiredSkill]) -> None:
    if row.problems:
        return
    row.values["skill"] = row.values["skill"].lower()
    try:
        row.made = RequiredSkill(**{name: row.values[name] for name in RequiredSkill.model_fields})
    except ValidationError as error:
        row.refuse_invalid(error, RULES)


def _by_profile(rows: Iterable[Row[RequiredSkill]]) -> list[list[Row[RequiredSkill]]]:
    """The rows of each profile, wherever they stand; a row whose profile can't be read is one of its own."""
    groups: dict[str | int, list[Row[RequiredSkill]]] = {}
    for row in rows:
        groups.setdefault(row.values.get("profile") or row.number, []).append(row)
    return list(groups.values())


def _of_rows(rows: list[Row[RequiredSkill]]) -> RoleProfile | None:
    titles = {row.values["title"] for row in rows if row.values.get("title")}
    skills = [row.made for row in rows if row.made]
    if len(skills) < len(rows):
        return None
    if len(titles) != 1:
        rows[0].refuse("title", RULES["title"], show=False)
        return None
    try:
        return RoleProfile(id=rows[0].values["profile"], title=titles.pop(), skills=skills)
    except ValidationError:
        rows[0].refuse("profile", RULES["profile"])
        return None
