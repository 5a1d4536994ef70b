"""What a form of a page asks that is no task's: its fields, and reading what was typed into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal

from domain.core.model import PersonId
from languages.forms import rules
from languages.forms.words import FORM
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.answers import Found
from presentation.forms.looks import Look, control_id
from presentation.forms.posted import id_in
from presentation.forms.shown import Choice, ShownField, person_field
from records.database import Database
from service.core.people import names_of
from service.registry.task_page import people_called

Offered = Mapping[str, Mapping[str, str]]
"""The values to choose from, by field, each with what it is called."""

YES = translatable("Yes")
MAY_BE_EMPTY = translatable("You may leave this empty.")


@dataclass(frozen=True)
class Asked:
    """A field: its ``key``, its words, and how it looks. ``reads`` takes what was typed, and raises ``ValueError`` with
    a sentence of ours; ``whole`` is whether a number is.
    """

    key: str
    label: str
    hint: str
    look: Look = Look.TEXT
    required: bool = True
    whole: bool = True
    reads: Callable[[str], Any] | None = None


@dataclass(frozen=True)
class Given:
    """What was typed: its ``values``, what is ``wrong`` with which field, and the people whom names may mean.

    ``said`` is how each value is read out for a last look.
    """

    typed: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    people: Mapping[PersonId, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


class _Wrong(Exception):
    """What was typed can't be taken; the text says why to whoever typed it."""


def read_given(
    database: Database, asked: Sequence[Asked], typed: Mapping[str, str], offered: Offered, speech: Speech
) -> Given:
    """What was typed into these fields. What is empty was not given."""
    reading = _Reading(database, typed, offered, speech)
    for each in asked:
        reading.take(each)
    return Given(typed, reading.values, reading.wrong, reading.found, reading.people, reading.said)


class _Reading:
    def __init__(self, database: Database, typed: Mapping[str, str], offered: Offered, speech: Speech) -> None:
        self._database, self._typed, self._offered, self._speech = database, typed, offered, speech
        self.values: dict[str, Any] = {}
        self.wrong: dict[str, str] = {}
        self.said: dict[str, str] = {}
        self.found: dict[str, Found] = {}
        self.people: dict[PersonId, str] = {}

    def take(self, asked: Asked) -> None:
        """Read one field."""
        text = self._typed.get(asked.key, "")
        if not text:
            if asked.required:
                self.wrong[asked.key] = self._rule(_MISSING.get(asked.look, rules.MISSING_TEXT))
            return
        try:
            self.values[asked.key], self.said[asked.key] = self._value(asked, text)
        except _Wrong as error:
            self.wrong[asked.key] = str(error)

    def _value(self, asked: Asked, text: str) -> tuple[Any, str]:
        """What was typed, as a value and read out. Raises :class:`_Wrong`."""
        match asked.look:
            case Look.RADIOS | Look.SELECT:
                label = self._offered[asked.key].get(text)
                if label is None:
                    raise _Wrong(self._rule(rules.MISSING_CHOICE))
                return text, label
            case Look.TICK:
                return True, self._speech.text(YES)
            case Look.NUMBER:
                return self._number(asked, text), text
            case Look.DATE:
                return self._date(text)
            case Look.PERSON:
                return self._person(text)
        if asked.reads is None:
            return text, text
        try:
            return asked.reads(text), text
        except ValueError as broken:
            raise _Wrong(begun(self._speech.sentence(str(broken)))) from None

    def _number(self, asked: Asked, text: str) -> Any:
        try:
            number = parse_decimal(text.replace(" ", ""), locale=self._speech.language, strict=True)
        except NumberFormatError:
            number = None
        if number is None or not number.is_finite() or (asked.whole and number % 1 != 0):
            raise _Wrong(self._rule(rules.A_WHOLE_NUMBER) if asked.whole else self._speech.text(NO_NUMBER))
        return int(number) if asked.whole else number

    def _date(self, text: str) -> tuple[date, str]:
        try:
            read = date.fromisoformat(text)
        except ValueError:
            raise _Wrong(self._rule(rules.A_DATE)) from None
        return read, self._speech.day(read)

    def _person(self, text: str) -> tuple[PersonId, str]:
        """Somebody by their id or their name; where several are called so, they are offered to choose from."""
        person = id_in(text) or id_in(text.upper())
        if person is not None:
            names = names_of(self._database, [person])
        else:
            called = people_called(self._database, [text])[text]
            self.found[text] = Found(called.people, called.too_many)
            if len(called.people) > 1:
                raise _Wrong(self._rule(rules.TOO_MANY_PEOPLE if called.too_many else rules.SEVERAL))
            names = dict(called.people)
        if not names:
            raise _Wrong(self._rule(rules.NOBODY))
        ((known, name),) = names.items()
        self.people[known] = name
        return known, f"{name} ({known})"

    def _rule(self, rule: str) -> str:
        return self._speech.word(FORM, rule)


NO_NUMBER = translatable("Enter a number.")

_MISSING = {
    Look.RADIOS: rules.MISSING_CHOICE,
    Look.SELECT: rules.MISSING_CHOICE,
    Look.TICK: rules.MISSING_TICK,
    Look.DATE: rules.A_DATE,
    Look.PERSON: rules.A_PERSON,
    Look.NUMBER: rules.A_WHOLE_NUMBER,
}


def shown_fields(asked: Sequence[Asked], given: Given, offered: Offered, speech: Speech) -> list[ShownField]:
    """The fields as the page shows them."""
    return [_shown(each, given, offered, speech) for each in asked]


def _shown(asked: Asked, given: Given, offered: Offered, speech: Speech) -> ShownField:
    value, own_id = given.typed.get(asked.key, ""), control_id(asked.key)
    hint = speech.text(asked.hint)
    if not asked.required and asked.look is not Look.TICK:
        hint = f"{hint} {speech.text(MAY_BE_EMPTY)}"
    made = ShownField(
        key=asked.key,
        look=asked.look,
        id=own_id,
        label=speech.text(asked.label),
        hint=hint,
        required=asked.required,
        error=given.wrong.get(asked.key),
        value=value,
        whole=asked.whole,
    )
    if asked.look is Look.PERSON:
        return person_field(made, given.people, given.found)
    if asked.look in (Look.RADIOS, Look.SELECT):
        choices = [
            Choice(known, label, known == value, own_id if n == 0 else f"{own_id}_{n}")
            for n, (known, label) in enumerate(offered[asked.key].items())
        ]
        return replace(made, choices=choices)
    return made
