"""Reading an answer that was given as pairs of a key and a value, by the form it is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from presentation.forms.fields import FieldKind, FormField, Many, field_named, fields_of


class FieldError(Exception):
    """A pair fits no field, or not as it was given; ``field`` is its key. Whoever asked says it in their own words."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NoSuchField(FieldError):
    """The form has no such field; it has those ``there``."""

    def __init__(self, field: str, there: tuple[str, ...]) -> None:
        super().__init__(field)
        self.there = there


class GivenTwice(FieldError):
    """What can be given once stands twice."""


class NoParts(FieldError):
    """A part was given of a field that has none."""


class PartsNeeded(FieldError):
    """The field is given by its ``parts``, as an amount is."""

    def __init__(self, field: str, parts: tuple[str, ...]) -> None:
        super().__init__(field)
        self.parts = parts


class NameNeeded(FieldError):
    """An entry of a mapping was given without its name."""


def parse(form: type[BaseModel], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The answer in pairs of key and value, still to be validated: lists by repeating a key, parts of money by a dot,
    and so the entries of a mapping (``levels.sql``).

    Raises a :class:`FieldError`.
    """
    answer: dict[str, Any] = {}
    for key, value in pairs:
        put(form, answer, key, value)
    return answer


def put(form: type[BaseModel], answer: dict[str, Any], key: str, value: str) -> None:
    """Put one more pair into an answer. Raises a :class:`FieldError`."""
    name, dot, part = key.partition(".")
    field = field_named(form, name)
    if field is None:
        raise NoSuchField(name, tuple(field.key for field in fields_of(form)))
    if field.many is Many.MAPPING:
        _put_entry(answer.setdefault(name, {}), name, part, value)
    elif field.kind is FieldKind.MONEY:
        _put_part(field, answer.setdefault(name, {}), part, value)
    elif dot:
        raise NoParts(name)
    elif field.many is Many.LIST:
        answer.setdefault(name, []).append(value)
    elif name in answer:
        raise GivenTwice(name)
    else:
        answer[name] = value


def _put_part(field: FormField, parts: dict[str, Any], part: str, value: str) -> None:
    known = tuple(known.key for known in field.parts)
    if part not in known:
        raise PartsNeeded(field.key, known)
    if part in parts:
        raise GivenTwice(f"{field.key}.{part}")
    parts[part] = value


def _put_entry(entries: dict[str, str], name: str, part: str, value: str) -> None:
    """An entry of a mapping, such as a skill and its level."""
    if not part:
        raise NameNeeded(name)
    if part in entries:
        raise GivenTwice(f"{name}.{part}")
    entries[part] = value
