"""What is wrong with what somebody gave, in sentences: the one place that puts a validation error into words.

A sentence names the field by its word, says what is allowed, and repeats what was there, where that may be shown. No
sentence of the library that found it reaches anybody: what it says is only the cause, never the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.core.patterns import PATTERNS
from domain.core.protected import is_protected

SHOWN_AT_MOST = 40
"""So many characters of what was there are repeated; of a longer text, none, for it says nothing more."""

PERSONAL = frozenset({"name", "email", "private_email", "mbox", "payroll_number"})
"""Fields whose values are never repeated, as those of protected characteristics are not."""

MONEY = "must be an amount and a currency, such as {amount: 2500, currency: EUR}"

_Rule = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Violation:
    """A rule that was broken: in which field (empty: in all of it together), which, and what was there."""

    at: tuple[int | str, ...]
    kind: str
    rule: str
    shown: str | None
    """What was there, as it may be repeated; none where it may not be, or says nothing."""

    @property
    def where(self) -> str:
        """The field by its word: ``salary.amount``, ``sessions number 1, seats``; empty where it is none."""
        return place_in(self.at)

    @property
    def sentence(self) -> str:
        """The rule, and what was there instead."""
        return self.rule if self.shown is None else f"{self.rule}, not {self.shown}"


def explain(error: ValidationError, whole: str = "answer", *, repeat: bool = True) -> str:
    """A validation error as one line that names fields and rules; ``whole`` is the word for all fields together,
    empty where none is needed.

    What was there is repeated unless that is not to be: where it may be secret, or is kept for good.
    """
    return "; ".join(sentences_for(error, whole, repeat=repeat))


def sentences_for(error: ValidationError, whole: str = "answer", *, repeat: bool = True) -> list[str]:
    """The same, a sentence for each broken rule."""
    return [
        ": ".join(filter(None, (broken.where or whole, broken.sentence if repeat else broken.rule)))
        for broken in violations(error)
    ]


def violations(error: ValidationError) -> list[Violation]:
    """All rules that were broken, each once, in the order in which they were found."""
    found = [_violation(detail) for detail in error.errors(include_url=False)]
    return list({(broken.at, broken.rule): broken for broken in found}.values())


def place_in(location: tuple[int | str, ...]) -> str:
    """A place within what was given: names with dots between them, entries of a list by their number from 1."""
    text, after_number = "", False
    for part in location:
        if isinstance(part, int):
            text += f" number {part + 1}"
        else:
            text += (", " if after_number else "." if text else "") + _named(part)
        after_number = isinstance(part, int)
    return text.strip()


def quotable(value: object) -> str | None:
    """A value as it may be repeated within a sentence; none where it is too much, or would not show."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal | date):
        text = str(value)
        return text if len(text) <= SHOWN_AT_MOST else None
    if isinstance(value, str) and value.strip() and len(value) <= SHOWN_AT_MOST and value.isprintable():
        return value if _FIGURES.fullmatch(value) else f"“{value}”"
    return None


_FIGURES = re.compile(r"-?[0-9]+([.,][0-9]+)?")


def counted(number: int, noun: str, more: str | None = None) -> str:
    """So many of something: ``1 person``, ``2,000 people``."""
    return f"{number:,} {noun if number == 1 else more or f'{noun}s'}"


def _violation(error: Any) -> Violation:
    kind, context = error["type"], error.get("ctx", {})
    at = tuple(part for part in error["loc"] if not _is_inner(part))
    return Violation(at, kind, _rule(kind, context), _shown(at, kind, context, error.get("input")))


def _shown(at: tuple[int | str, ...], kind: str, context: Mapping[str, Any], given: object) -> str | None:
    if kind in _SAYS_IT_ALL or any(isinstance(part, str) and _is_personal(part) for part in at):
        return None
    if kind == "string_too_long":
        return f"{len(given):,}" if isinstance(given, str) else None
    return quotable(given)


_SAYS_IT_ALL = frozenset(
    {"missing", "extra_forbidden", "value_error", "assertion_error", "string_too_short", "too_short", "too_long"}
)


def _is_personal(field: str) -> bool:
    return field.lower() in PERSONAL or is_protected(field.lower())


def _is_inner(part: int | str) -> bool:
    """Whether a part of a location is the library's own: which way it took, not where in the input it was."""
    return isinstance(part, str) and _INNER.match(part) is not None


_INNER = re.compile(r"\[key\]$|(function-|lax-or-strict|json-or-python|nullable|chain|constrained-)[\w-]*\[")


def _named(part: str) -> str:
    """A name within what was given; it may be anything, where somebody gave more than there is."""
    return (
        part if len(part) <= SHOWN_AT_MOST and part.strip() and part.isprintable() else "(a name that can't be shown)"
    )


# The rules, by the library's kind of error: the exact kind first, then what its name begins with


def _rule(kind: str, context: Mapping[str, Any]) -> str:
    exact = _BY_KIND.get(kind)
    if exact is not None:
        return exact(context) if callable(exact) else exact
    return next((rule for family, rule in _BY_FAMILY.items() if kind.startswith(family)), "can't be used")


def _own(context: Mapping[str, Any]) -> str:
    """What a validator of ours says; it is a sentence already."""
    return str(context["error"])


def _one_of(context: Mapping[str, Any]) -> str:
    return f"must be {_plain(context['expected'])}"


def _one_kind(context: Mapping[str, Any]) -> str:
    return f"its {_plain(context['discriminator'])} must be one of {_plain(context['expected_tags'])}"


def _plain(members: str) -> str:
    """The members of an enumeration without how the library quotes them."""
    return re.sub(r"<[^:>]+: '([^']*)'>|'([^']*)'", lambda found: found[1] or found[2], members)


def _pattern(context: Mapping[str, Any]) -> str:
    return PATTERNS.get(context["pattern"], "is not written as it has to be")


def _entries(context: Mapping[str, Any], name: str) -> str:
    return counted(context[name], "entry", "entries")


def _has(context: Mapping[str, Any]) -> str:
    actual = context.get("actual_length")
    return f", not {actual:,}" if actual else ""


def _too_short(context: Mapping[str, Any]) -> str:
    return f"must have {_entries(context, 'min_length')} or more{_has(context)}"


def _too_long(context: Mapping[str, Any]) -> str:
    return f"must have {_entries(context, 'max_length')} or fewer{_has(context)}"


def _text_too_short(context: Mapping[str, Any]) -> str:
    least = context["min_length"]
    return "must not be empty" if least == 1 else f"must have {least:,} characters or more"


def _bound(number: int | float | Decimal) -> str:
    return f"{number:g}" if isinstance(number, float) else f"{number}"


A_DATE, AN_INSTANT = "must be a date, such as 2026-09-07", "must be a date and time, such as 2026-09-07T09:30:00Z"
A_MAPPING, A_NUMBER, A_WHOLE_NUMBER = (
    "must be a mapping of keys to values",
    "must be a number",
    "must be a whole number",
)

_BY_KIND: Mapping[str, str | _Rule] = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
    "value_error": _own,
    "assertion_error": "can't be used",
    "literal_error": _one_of,
    "enum": _one_of,
    "greater_than": lambda context: f"must be more than {_bound(context['gt'])}",
    "greater_than_equal": lambda context: f"must be {_bound(context['ge'])} or more",
    "less_than": lambda context: f"must be less than {_bound(context['lt'])}",
    "less_than_equal": lambda context: f"must be {_bound(context['le'])} or less",
    "multiple_of": lambda context: f"must be a multiple of {_bound(context['multiple_of'])}",
    "finite_number": "must be a finite number",
    "string_too_short": _text_too_short,
    "string_too_long": lambda context: f"must have {context['max_length']:,} characters or fewer",
    "string_pattern_mismatch": _pattern,
    "too_short": _too_short,
    "too_long": _too_long,
    "model_type": lambda context: MONEY if context.get("class_name") == "Money" else A_MAPPING,
    "model_attributes_type": A_MAPPING,
    "is_instance_of": lambda context: "must be a list" if context["class"] == "Sequence" else "can't be used",
    "sequence_str": "must be a list",
    "none_required": "must be left out",
    "invalid_key": "must have texts as its keys; put them in quotes",
    "timezone_aware": "must say how far it is from UTC, as in 2026-09-07T09:30:00Z or 2026-09-07T09:30:00+01:00",
    "timezone_naive": "must be without an offset from UTC",
    "date_from_datetime_inexact": f"{A_DATE}, without a time",
    "decimal_max_places": lambda context: f"must have at most {counted(context['decimal_places'], 'decimal')}",
    "decimal_max_digits": lambda context: f"must have at most {counted(context['max_digits'], 'digit')}",
    "decimal_whole_digits": lambda context: (
        f"must have at most {counted(context['whole_digits'], 'digit')} before the decimal point"
    ),
    "union_tag_invalid": _one_kind,
    "union_tag_not_found": lambda context: f"does not say its {_plain(context['discriminator'])}",
}

_BY_FAMILY: Mapping[str, str] = {
    "datetime": AN_INSTANT,
    "date": A_DATE,
    "time_delta": "must be a length of time",
    "time": "must be a time of the day, such as 09:30",
    "int": A_WHOLE_NUMBER,
    "float": A_NUMBER,
    "decimal": A_NUMBER,
    "bool": "must be yes or no",
    "string": "must be text",
    "list": "must be a list",
    "tuple": "must be a list",
    "set": "must be a list",
    "frozen_set": "must be a list",
    "dict": A_MAPPING,
    "mapping": A_MAPPING,
    "dataclass": A_MAPPING,
    "uuid": "must be a UUID",
    "url": "must be a web address",
    "json": "is not JSON",
}
