"""The fields of a form: what each takes, and within which limits."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from domain.core.model import Money


class FieldKind(StrEnum):
    """What one value of a field is."""

    TEXT = "text"
    """On one line."""
    LONG_TEXT = "long_text"
    LINK = "link"
    WHOLE_NUMBER = "whole_number"
    NUMBER = "number"
    MONEY = "money"
    CURRENCY = "currency"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    PERSON = "person"
    PAIR = "pair"
    """A returner and a mentor."""


class Many(StrEnum):
    """How many values a field takes."""

    ONE = "one"
    LIST = "list"
    MAPPING = "mapping"
    """A value for each of several names, such as a level for each skill."""


@dataclass(frozen=True)
class FormField:
    """A field of a form.

    ``least`` and ``most`` are the limits of a number, ``fewest`` and ``at_most`` those of how many values there are,
    ``longest`` is a number of characters, ``decimals`` one of decimal places. ``parts`` are the fields of an amount.
    """

    key: str
    kind: FieldKind
    required: bool
    many: Many = Many.ONE
    choices: tuple[str, ...] = ()
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    fewest: int | None = None
    at_most: int | None = None
    longest: int | None = None
    decimals: int | None = None
    default: Any = None
    parts: tuple[FormField, ...] = ()


@cache
def fields_of(form: type[BaseModel]) -> tuple[FormField, ...]:
    """The fields of a form, in their order."""
    return tuple(_field(name, field) for name, field in form.model_fields.items())


def field_named(form: type[BaseModel], key: str) -> FormField | None:
    """The field with this key."""
    return next((field for field in fields_of(form) if field.key == key), None)


PERSON_PATTERN, LINK_PATTERN, CURRENCY_PATTERN, PAIR_SIGN = "^P-", "^https?", "^[A-Z]{3}$", "=P-"
"""What patterns of texts begin with, or hold, by which people, links, currencies and pairs are known."""

SENTENCE = 4_000
"""Characters; a text that may be so long has lines of its own."""


def _field(name: str, field: FieldInfo) -> FormField:
    bare = _bare(field.annotation)
    many = {list: Many.LIST, dict: Many.MAPPING}.get(bare, Many.ONE)
    entry = field.annotation if many is Many.ONE else get_args(_inner(field.annotation))[-1]
    rules = _Rules(_metadata(entry, field.metadata if many is Many.ONE else ()))
    counted = _Rules(field.metadata if many is not Many.ONE else ())
    kind = _kind(_bare(entry), rules)
    return FormField(
        key=name,
        kind=kind,
        required=field.is_required(),
        many=many,
        choices=tuple(choice.value for choice in _bare(entry)) if kind is FieldKind.CHOICE else (),
        least=_number(rules.first("ge")),
        most=_number(rules.first("le")),
        fewest=counted.first("min_length"),
        at_most=counted.first("max_length"),
        longest=rules.first("max_length"),
        decimals=rules.first("decimal_places"),
        default=None if field.default is PydanticUndefined else field.default,
        parts=fields_of(Money) if kind is FieldKind.MONEY else (),
    )


def _kind(bare: Any, rules: _Rules) -> FieldKind:
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return FieldKind.CHOICE
    if bare is str:
        return _kind_of_text(str(rules.first("pattern") or ""), rules.first("max_length"))
    return _KINDS[bare]


_KINDS: dict[Any, FieldKind] = {
    bool: FieldKind.YES_NO,
    int: FieldKind.WHOLE_NUMBER,
    Decimal: FieldKind.NUMBER,
    date: FieldKind.DATE,
    datetime: FieldKind.MOMENT,
    AwareDatetime: FieldKind.MOMENT,
    Money: FieldKind.MONEY,
}
"""By type. Another type in a form is an error that shows when the form is first described."""


def _kind_of_text(pattern: str, longest: int | None) -> FieldKind:
    if PAIR_SIGN in pattern:
        return FieldKind.PAIR
    if pattern.startswith(PERSON_PATTERN):
        return FieldKind.PERSON
    if pattern.startswith(LINK_PATTERN):
        return FieldKind.LINK
    if pattern == CURRENCY_PATTERN:
        return FieldKind.CURRENCY
    return FieldKind.LONG_TEXT if longest is not None and longest >= SENTENCE else FieldKind.TEXT


class _Rules:
    """The rules of a field, be they its own or of its type; its own come first."""

    def __init__(self, rules: Iterable[Any]) -> None:
        self._rules = list(rules)

    def first(self, name: str) -> Any:
        found = [getattr(rule, name) for rule in self._rules if getattr(rule, name, None) is not None]
        return found[0] if found else None


def _number(limit: Any) -> int | Decimal | None:
    """A limit of a number; those of a moment are no help to anybody."""
    return limit if isinstance(limit, int | Decimal) else None


def _metadata(annotation: Any, own: Iterable[Any]) -> list[Any]:
    gathered = list(own)
    for argument in get_args(annotation):
        gathered += _metadata(argument, [])
    for constraint in getattr(annotation, "__metadata__", ()):
        gathered += getattr(constraint, "metadata", [constraint])
    return gathered


def _inner(annotation: Any) -> Any:
    """A type without what surrounds it, but with its arguments: ``dict[str, int]`` for an optional one."""
    if hasattr(annotation, "__metadata__"):
        return _inner(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return _inner(next(argument for argument in get_args(annotation) if argument is not type(None)))
    return annotation


def _bare(annotation: Any) -> Any:
    """A type without what surrounds it: ``int`` for an optional, bounded int."""
    inner = _inner(annotation)
    return get_origin(inner) or inner
