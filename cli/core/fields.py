"""Answers typed as ``key=value``, by the form they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cli.core.errors import CommandError
from cli.core.usage import quoted
from domain.core.questions import Form
from presentation.forms.fields import FieldKind, FormField, Many, fields_of
from presentation.forms.parsing import FieldError, GivenTwice, NameNeeded, NoParts, NoSuchField, PartsNeeded, put
from presentation.forms.parsing import parse as parse_pairs

Ask = Callable[[str, bool], str]
"""Asks a person for a field, by a text; whether it must be given. An empty answer means not given."""


def parse(form: type[Form], pairs: Iterable[str]) -> dict[str, Any]:
    """The answer in ``key=value`` pairs, still to be validated: see :func:`presentation.forms.parsing.parse`.

    Raises :class:`CommandError` for a text without ``=``, a key the form has not, and one that stands twice.
    """
    try:
        return parse_pairs(form, map(_pair, pairs))
    except FieldError as error:
        raise in_words(error) from None


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise CommandError(f"{quoted([text])} is not of the form key=value", "usage")
    return key, value


def in_words(error: FieldError) -> CommandError:
    """Why a pair fits no field, as the command line says it."""
    match error:
        case NoSuchField():
            rule = f"there is no such field; the form has {', '.join(error.there)}"
        case PartsNeeded():
            rule = f"give {' and '.join(f'{error.field}.{part}=…' for part in error.parts)}"
        case NameNeeded():
            rule = f"give {error.field}.NAME=…, as often as needed"
        case NoParts():
            rule = "this field has no parts"
        case GivenTwice():
            rule = "given twice"
        case _:
            raise error
    return CommandError(f"{error.field}: {rule}", "invalid")


def ask_for(form: type[Form], ask: Ask) -> dict[str, Any]:
    """The answer as somebody types it field by field; what may be left out may be skipped."""
    answer: dict[str, Any] = {}
    for key, field, required in _flat(form):
        while value := ask(f"{key} ({spoken(field)})", required and key not in answer).strip():
            try:
                if field.many is Many.MAPPING:
                    entry, _, level = value.partition("=")
                    put(form, answer, f"{key}.{entry}", level)
                else:
                    put(form, answer, key, value)
            except FieldError as error:
                raise in_words(error) from None
            if field.many is Many.ONE:
                break
    return answer


def described(form: type[Form]) -> list[tuple[str, str, bool]]:
    """The fields of a form: key, what it takes, whether it must be given."""
    return [(key, spoken(field), required) for key, field, required in _flat(form)]


def _flat(form: type[Form]) -> Iterator[tuple[str, FormField, bool]]:
    """Every key that can be given, with its field: those of money one by one."""
    for field in fields_of(form):
        if field.parts:
            yield from ((f"{field.key}.{part.key}", part, field.required) for part in field.parts)
        else:
            yield field.key, field, field.required


def spoken(field: FormField) -> str:
    """What a field takes, as people say it."""
    takes = " or ".join(field.choices) if field.choices else f"{_SPOKEN[field.kind]}{_limits(field)}"
    match field.many:
        case Many.MAPPING:
            return f"NAME={takes}; repeat for more"
        case Many.LIST:
            times = "" if field.at_most is None else f", {field.fewest or 0} to {field.at_most} times"
            return f"{takes}; repeat for more{times}"
    return takes


_SPOKEN: dict[FieldKind, str] = {
    FieldKind.TEXT: "text",
    FieldKind.LONG_TEXT: "text",
    FieldKind.LINK: "text",
    FieldKind.YES_NO: "yes or no",
    FieldKind.WHOLE_NUMBER: "whole number",
    FieldKind.DATE: "a date, as 2026-09-07",
    FieldKind.MOMENT: "a moment, as 2026-09-07T14:00+01:00",
    FieldKind.NUMBER: "a number, as 48000.00",
    FieldKind.CURRENCY: "a currency, as GBP",
    FieldKind.PERSON: "the id of a person, as P-7F3K2M",
    FieldKind.PAIR: "a returner and a mentor, as P-7F3K2M=P-4CY9GS",
}


def _limits(field: FormField) -> str:
    if field.least is None:
        return ""
    return f", {field.least} or more" if field.most is None else f", {field.least} to {field.most}"
