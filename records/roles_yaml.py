"""Reading roles from a YAML file: a list under ``roles``, each with the fields of :class:`domain.people.Role`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import yaml
from pydantic import ValidationError

from domain.model import PersonId
from domain.people import Role
from records.cells import is_safe_to_name
from records.import_report import Problem, RolesReport
from records.places import has_calendar, is_time_zone

RULES = {
    "extra_forbidden": "is not a key of a role",
    "missing": "is missing",
    "string_type": "must be text; put it in quotes",
    "model_type": "must be an amount and a currency, such as {amount: 2500, currency: EUR}",
}
"""Pydantic's kinds of errors, in the words of this file."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key.start_mark)
            seen.append(key.value)
        return super().construct_mapping(node, deep)


def read_roles(text: str | bytes, name: str = "the file", *, known: Collection[PersonId] = ()) -> RolesReport:
    """Read roles; ``known`` are the people in the records, ``name`` is what the report calls the file.

    Never raises for what is in the file.
    """
    try:
        entries = _entries(text)
    except ValueError as error:
        return RolesReport(usable=False, problems=[Problem(where=name, rule=str(error))])
    read = [_read(entry, n, set(known)) for n, entry in enumerate(entries, start=1)]
    twice = _twice(read)
    return RolesReport(
        entries=len(entries),
        problems=[*(problem for _, problems in read for problem in problems), *twice],
        roles=[
            role
            for role, problems in read
            if role and not problems and _named(role.id) not in {problem.where for problem in twice}
        ],
    )


def _entries(text: str | bytes) -> list[Any]:
    try:
        content = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{where}{error.problem if 'twice' in str(error.problem) else 'is not YAML'}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise ValueError("is not YAML") from None
    if not isinstance(content, dict) or set(content) != {"roles"} or not isinstance(content["roles"], list):
        raise ValueError("must hold a list under the single key `roles`")
    return content["roles"]


def _read(entry: Any, n: int, known: set[PersonId]) -> tuple[Role | None, list[Problem]]:
    """The role of an entry, and what is wrong with it."""
    where = _where(entry, n)
    try:
        role = Role.model_validate(entry)
    except ValidationError as error:
        return None, [
            Problem(where=where, column=_key(one["loc"]), rule=_rule(one["loc"], one["type"], one["msg"]))
            for one in error.errors(include_input=False, include_url=False)
        ]
    return role, [Problem(where=where, column=key, rule=rule) for key, rule in _broken(role, known)]


def _broken(role: Role, known: set[PersonId]) -> Iterator[tuple[str, str]]:
    """Keys of a role and the rule each breaks."""
    if not has_calendar(role.country):
        yield "country", f"no calendar of public holidays for {role.country}"
    if not is_time_zone(role.time_zone):
        yield "time_zone", "must be an IANA time zone, such as Europe/London"
    for key, money in (("stipend", role.stipend), ("salary", role.salary)):
        if money.amount < Decimal(0):
            yield key, "must not be negative"
    for party, person in role.parties().items():
        if person not in known:
            yield party.value, f"no person {person} in the records; import people first"


def _twice(read: list[tuple[Role | None, list[Problem]]]) -> list[Problem]:
    times = Counter(role.id for role, _ in read if role)
    return [Problem(where=_named(role), column="id", rule="stands twice") for role, count in times.items() if count > 1]


def _where(entry: Any, n: int) -> str:
    stated = entry.get("id") if isinstance(entry, dict) else None
    return _named(stated) if isinstance(stated, str) and is_safe_to_name(stated) else f"role number {n}"


def _named(role: str) -> str:
    return f"role {role}"


def _key(location: tuple[int | str, ...]) -> str | None:
    key = ".".join(str(part) for part in location)
    return key if key and is_safe_to_name(key) else None


def _rule(location: tuple[int | str, ...], kind: str, message: str) -> str:
    if not location:
        return "must be a mapping of keys to values"
    return RULES.get(kind) or message.removeprefix("Value error, ").removeprefix("Input should ")
