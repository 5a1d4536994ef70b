"""What a browser sends for a form, as the pairs that the parser reads: the same that the command line is given.

A field is sent under its key. What one control of a browser can't hold has parts: an amount ``salary.amount`` and
``salary.currency``, an entry of a mapping ``levels.sql``. A row of an entry whose name is typed too is sent as
``levels:name`` and ``levels:value``, a pair as ``pin:returner`` and ``pin:mentor``, in the order of the rows. What
begins with ``_`` is of the page (which button was pressed), and none of the form's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from babel.numbers import NumberFormatError, parse_decimal
from pydantic import BaseModel

from domain.core.languages import ENGLISH
from domain.core.model import PERSON_ID, PersonId
from languages.speech import Speech
from presentation.forms.fields import FieldKind, FormField, Many, fields_of

Pairs: TypeAlias = Iterable[tuple[str, str]]

Typed: TypeAlias = Mapping[str, list[str]]
"""What was typed, by the name it was sent under, in order."""

NAME, VALUE, RETURNER, MENTOR, AMOUNT, CURRENCY = ":name", ":value", ":returner", ":mentor", ".amount", ".currency"

_ID_AT_THE_END = re.compile(rf"(?:^|.*\()({PERSON_ID})\)?$", re.DOTALL)


def typed_in(pairs: Pairs) -> dict[str, list[str]]:
    """What was typed, as a browser has sent it: its line ends are two characters, ours one."""
    typed: dict[str, list[str]] = {}
    for name, value in pairs:
        if not name.startswith("_"):
            typed.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return typed


def id_in(text: str) -> PersonId | None:
    """The id of a person where one was given: ``P-7F3K2M``, or as pages offer it: ``Ada Lee (P-7F3K2M)``."""
    found = _ID_AT_THE_END.fullmatch(text.strip())
    return found[1] if found else None


def people_named(form: type[BaseModel], typed: Typed) -> list[str]:
    """What was typed for people that is no id, and has to be looked up."""
    texts = (text.strip() for name in _names_of_people(form) for text in typed.get(name, []))
    return list(dict.fromkeys(text for text in texts if text and id_in(text) is None))


def _names_of_people(form: type[BaseModel]) -> Iterator[str]:
    for field in fields_of(form):
        if field.kind is FieldKind.PERSON:
            yield field.key
        elif field.kind is FieldKind.PAIR:
            yield from (field.key + RETURNER, field.key + MENTOR)


def pairs_of(
    form: type[BaseModel], typed: Typed, speech: Speech, people: Mapping[str, PersonId] | None = None
) -> list[tuple[str, str]]:
    """The pairs for the parser. What is empty was not given; a number is read as the reader's language writes it, a
    moment as one in their zone. ``people`` are the ids of those who were typed by name.

    What no field of the form is sent as goes through as it is, for the parser to refuse.
    """
    reading = _Reading(typed, speech, people or {})
    pairs = [pair for field in fields_of(form) for pair in reading.of(field)]
    return [*pairs, *((name, value) for name in typed if name not in reading.read for value in typed[name])]


def number_in(text: str, speech: Speech) -> str:
    """A number as the reader's language writes it (``48.000,50``), or as programs do (``48000.50``), as programs do."""
    together = re.sub(r"(?<=\d)\s(?=\d)", "", text)
    if speech.language == ENGLISH or not re.search("[.,]", together):
        return re.sub(r"(?<=\d),(?=\d{3}\b)", "", together)
    try:
        return str(parse_decimal(together, locale=speech.language, strict=True))
    except NumberFormatError:
        return together


class _Reading:
    def __init__(self, typed: Typed, speech: Speech, people: Mapping[str, PersonId]) -> None:
        self._typed, self._speech, self._people = typed, speech, people
        self.read: set[str] = set()

    def of(self, field: FormField) -> Iterator[tuple[str, str]]:
        """The pairs of one field."""
        if field.many is Many.MAPPING:
            yield from self._entries(field)
        elif field.kind is FieldKind.PAIR:
            yield from ((field.key, pair) for pair in self._pairs(field))
        elif field.kind is FieldKind.MONEY:
            yield from self._amount(field)
        else:
            yield from ((field.key, self._value(field, text)) for text in self._given(field.key) if text)

    def _given(self, name: str) -> list[str]:
        self.read.add(name)
        return [text.strip() for text in self._typed.get(name, [])]

    def _entries(self, field: FormField) -> Iterator[tuple[str, str]]:
        for name in self._typed:
            if name.startswith(f"{field.key}."):
                yield from ((name, self._value(field, text)) for text in self._given(name) if text)
        rows = zip(self._given(field.key + NAME), self._given(field.key + VALUE), strict=False)
        yield from ((f"{field.key}.{name}", self._value(field, value)) for name, value in rows if name or value)

    def _pairs(self, field: FormField) -> Iterator[str]:
        rows = zip(self._given(field.key + RETURNER), self._given(field.key + MENTOR), strict=False)
        for returner, mentor in rows:
            if returner or mentor:
                yield f"{self._person(returner)}={self._person(mentor)}"

    def _amount(self, field: FormField) -> Iterator[tuple[str, str]]:
        """Both parts; without an amount none, because its currency may have stood there from the first."""
        amounts, currencies = self._given(field.key + AMOUNT), self._given(field.key + CURRENCY)
        if any(amounts):
            yield from ((field.key + AMOUNT, number_in(text, self._speech)) for text in amounts)
            yield from ((field.key + CURRENCY, text.upper()) for text in currencies if text)

    def _value(self, field: FormField, text: str) -> str:
        match field.kind:
            case FieldKind.PERSON:
                return self._person(text)
            case FieldKind.NUMBER | FieldKind.WHOLE_NUMBER:
                return number_in(text, self._speech)
            case FieldKind.MOMENT:
                return self._moment(text)
        return text

    def _person(self, text: str) -> str:
        return id_in(text) or self._people.get(text, text)

    def _moment(self, text: str) -> str:
        """In the reader's zone, where it does not say itself how far it is from UTC."""
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            return text
        return (read if read.tzinfo else read.replace(tzinfo=self._speech.zone)).isoformat()
