"""Answers typed as ``key=value``, by the form they are for."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from cli.core.errors import CommandError
from cli.core.usage import quoted
from domain.core.questions import Form

Ask = Callable[[str, bool], str]
"""Asks a person for a field, by a text; whether it must be given. An empty answer means not given."""


def parse(form: type[Form], pairs: Iterable[str]) -> dict[str, Any]:
    """The answer in ``key=value`` pairs, still to be validated: lists by repeating a key, parts of money by a dot, and
    so the entries of a mapping (``levels.sql=4``).

    Raises :class:`CommandError` for a text without ``=``, a key the form has not, and one that stands twice.
    """
    answer: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise CommandError(f"{quoted([pair])} is not of the form key=value", "usage")
        _put(form, answer, key, value)
    return answer


def _put(form: type[BaseModel], answer: dict[str, Any], key: str, value: str) -> None:
    name, dot, part = key.partition(".")
    field = form.model_fields.get(name)
    if field is None:
        raise CommandError(f"{name}: there is no such field; the form has {', '.join(form.model_fields)}", "invalid")
    inner = _model_in(field)
    if _is_mapping(field):
        _put_entry(answer.setdefault(name, {}), name, part, value)
        return
    if dot and inner is None:
        raise CommandError(f"{name}: this field has no parts", "invalid")
    if inner is not None:
        _put_part(inner, answer.setdefault(name, {}), name, part, value)
    elif _is_list(field):
        answer.setdefault(name, []).append(value)
    elif name in answer:
        raise CommandError(f"{name}: given twice", "invalid")
    else:
        answer[name] = value


def _put_part(inner: type[BaseModel], parts: dict[str, Any], name: str, part: str, value: str) -> None:
    if part not in inner.model_fields:
        raise CommandError(
            f"{name}: give {' and '.join(f'{name}.{part_name}=…' for part_name in inner.model_fields)}", "invalid"
        )
    if part in parts:
        raise CommandError(f"{name}.{part}: given twice", "invalid")
    parts[part] = value


def _put_entry(entries: dict[str, str], name: str, part: str, value: str) -> None:
    """An entry of a mapping, such as a skill and its level."""
    if not part:
        raise CommandError(f"{name}: give {name}.NAME=…, as often as needed", "invalid")
    if part in entries:
        raise CommandError(f"{name}.{part}: given twice", "invalid")
    entries[part] = value


def ask_for(form: type[Form], ask: Ask) -> dict[str, Any]:
    """The answer as somebody types it field by field; what may be left out may be skipped."""
    answer: dict[str, Any] = {}
    for key, field, required in _flat(form):
        while value := ask(f"{key} ({spoken(field)})", required and key not in answer).strip():
            if _is_mapping(field):
                entry, _, value = value.partition("=")
                _put(form, answer, f"{key}.{entry}", value)
                continue
            _put(form, answer, key, value)
            if not _is_list(field):
                break
    return answer


def described(form: type[Form]) -> list[tuple[str, str, bool]]:
    """The fields of a form: key, what it takes, whether it must be given."""
    return [(key, spoken(field), required) for key, field, required in _flat(form)]


def _flat(form: type[Form]) -> Iterator[tuple[str, FieldInfo, bool]]:
    """Every key that can be given, with its field: those of money one by one."""
    for name, field in form.model_fields.items():
        inner = _model_in(field)
        if inner is None:
            yield name, field, field.is_required()
        else:
            for part, part_field in inner.model_fields.items():
                yield f"{name}.{part}", part_field, field.is_required()


def spoken(field: FieldInfo) -> str:
    """What a field takes, as people say it."""
    if _is_mapping(field):
        inner = get_args(field.annotation)[1]
        return f"NAME={_SPOKEN.get(_bare(inner), 'text')}{_limits(inner)}; repeat for more"
    if _is_list(field):
        low, high = _limit(field, "min_length"), _limit(field, "max_length")
        entry = "a returner and a mentor, as P-7F3K2M=P-4CY9GS" if _is_pair(field) else "text"
        return f"{entry}; repeat for more" + ("" if high is None else f", {low or 0} to {high} times")
    bare = _bare(field.annotation)
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return " or ".join(choice.value for choice in bare)
    return _patterned(field) or _SPOKEN.get(_bare(field.annotation), "text") + _bounds(field)


_SPOKEN: dict[Any, str] = {
    bool: "yes or no",
    int: "whole number",
    date: "a date, as 2026-09-07",
    AwareDatetime: "a moment, as 2026-09-07T14:00+01:00",
    Decimal: "a number, as 48000.00",
}


def _is_pair(field: FieldInfo) -> bool:
    return "=P-" in str(_limit(field, "pattern") or "")


def _patterned(field: FieldInfo) -> str | None:
    pattern = str(_limit(field, "pattern") or "")
    if pattern.startswith("^P-"):
        return "the id of a person, as P-7F3K2M"
    return "a currency, as GBP" if pattern == "^[A-Z]{3}$" else None


def _bounds(field: FieldInfo) -> str:
    low, high = (_limit(field, name) for name in ("ge", "le"))
    if low is None or isinstance(low, datetime):  # of a moment it would be no help
        return ""
    return f", {low} or more" if high is None else f", {low} to {high}"


def _limits(annotation: Any) -> str:
    return _bounds(FieldInfo.from_annotation(annotation))


def _limit(field: FieldInfo, name: str) -> Any:
    """A rule of a field, whether it stands at the field or within its type; the field's own comes first."""
    found = [
        getattr(constraint, name)
        for constraint in _metadata(field.annotation, field.metadata)
        if getattr(constraint, name, None) is not None
    ]
    return found[0] if found else None


def _metadata(annotation: Any, own: Iterable[Any]) -> list[Any]:
    gathered = list(own)
    for argument in get_args(annotation):
        gathered += _metadata(argument, [])
    for constraint in getattr(annotation, "__metadata__", ()):
        gathered += getattr(constraint, "metadata", [constraint])
    return gathered


def _bare(annotation: Any) -> Any:
    """A type without what surrounds it: ``int`` for an optional, bounded int."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(argument for argument in get_args(annotation) if argument is not type(None)))
    return get_origin(annotation) or annotation


def _is_list(field: FieldInfo) -> bool:
    return _bare(field.annotation) is list


def _is_mapping(field: FieldInfo) -> bool:
    return _bare(field.annotation) is dict


def _model_in(field: FieldInfo) -> type[BaseModel] | None:
    bare = _bare(field.annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
