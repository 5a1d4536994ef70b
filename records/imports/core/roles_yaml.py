"""Reading roles from a YAML file: a list under ``roles``, each with the fields of :class:`domain.core.people.Role`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from domain.core.model import PersonId
from domain.core.people import Role
from records.imports.core.places import broken_country_rule, is_time_zone
from records.imports.core.report import Problem, RolesReport, notes_of
from records.imports.core.yaml_lists import duplicate_ids, named, place, read_entry, read_lists


def read_roles(
    text: str | bytes,
    name: str = "the file",
    *,
    known: Collection[PersonId] = (),
    notes_on: Callable[[Role], Sequence[str]] = lambda _: (),
) -> RolesReport:
    """Read roles; ``known`` are the people in the records, ``name`` is what the report calls the file, and ``notes_on``
    says what HR should know of a role.

    Never raises for what is in the file.
    """
    try:
        entries = read_lists(text, "roles")["roles"]
    except ValueError as error:
        return RolesReport(usable=False, problems=[Problem(where=name, rule=str(error))])
    read = [_read(entry, n, set(known)) for n, entry in enumerate(entries, start=1)]
    doubles = duplicate_ids(entries, "role")
    roles = [
        role
        for role, problems in read
        if role and not problems and named("role", role.id) not in {problem.where for problem in doubles}
    ]
    return RolesReport(
        entries=len(entries),
        problems=[*(problem for _, problems in read for problem in problems), *doubles],
        roles=roles,
        notes=[note for role in roles for note in notes_of(role, notes_on(role))],
    )


def _read(entry: Any, n: int, known: set[PersonId]) -> tuple[Role | None, list[Problem]]:
    """The role of an entry, and what is wrong with it."""
    where = place(entry, n, "role")
    role, problems = read_entry(Role, entry, where, "role")
    if role is None:
        return None, problems
    return role, [Problem(where=where, column=key, rule=rule) for key, rule in _broken(role, known)]


def _broken(role: Role, known: set[PersonId]) -> Iterator[tuple[str, str]]:
    """Keys of a role and the rule each breaks."""
    if broken := broken_country_rule(role.country):
        yield "country", broken
    if not is_time_zone(role.time_zone):
        yield "time_zone", "must be an IANA time zone, such as Europe/London"
    for key, money in (("stipend", role.stipend), ("salary", role.salary)):
        if money.amount < Decimal(0):
            yield key, "must not be negative"
    for party, person in role.parties().items():
        if person not in known:
            yield party.value, f"no person {person} in the records; import people first"
