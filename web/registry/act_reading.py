"""Reading what was typed into a form by which something is asked of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.core.model import PersonId
from domain.core.working_pattern import WorkingPattern, read_patterns
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.posted import id_in
from records.database import Database
from service.registry.task_page import people_called
from web.registry.act_pages import Asks

MISSING = translatable("Enter this.")
CHOOSE = translatable("Choose one of these.")
NO_NUMBER = translatable("Enter a number.")
NO_DATE = translatable("Enter a date.")
NOBODY = translatable("Nobody on record is called that. Enter a name, or an id such as P-7F3K2M.")
MANY = translatable("Many people are called that: %(people)s … Enter more of the name, or the id.")
SEVERAL = translatable("Several people are called that: %(people)s. Enter the id of one of them.")


class _Wrong(Exception):
    """What was typed can't be taken; the text says why to whoever typed it."""


def read_typed(
    database: Database,
    fields: Sequence[Asks],
    typed: Mapping[str, str],
    offered: Mapping[str, Sequence[tuple[str, str]]],
    said: Speech,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the message by field, and what is wrong with which field. ``offered`` are the choices of each."""
    reading = _Reading(database, offered, said)
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        text = typed[field.key]
        if not text:
            if field.required:
                wrong[field.key] = said.text(CHOOSE if field.kind == "choice" else MISSING)
            continue
        try:
            values[field.key] = reading.value(field, text)
        except _Wrong as error:
            wrong[field.key] = str(error)
    return values, wrong


class _Reading:
    def __init__(self, database: Database, offered: Mapping[str, Sequence[tuple[str, str]]], said: Speech) -> None:
        self._database, self._offered, self._said = database, offered, said

    def value(self, field: Asks, text: str) -> Any:
        """What was typed, as the message takes it. Raises :class:`_Wrong`."""
        match field.kind:
            case "choice":
                if text not in [value for value, _ in self._offered[field.key]]:
                    raise _Wrong(self._said.text(CHOOSE))
            case "number":
                return self._number(text)
            case "date":
                return self._date(text)
            case "person":
                return self._person(text)
            case "patterns":
                return self._patterns(text)
        return text

    def _number(self, text: str) -> str:
        plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
        digits = plain.replace(".", "", 1)
        if not (digits.isascii() and digits.isdecimal()):
            raise _Wrong(self._said.text(NO_NUMBER))
        return plain

    def _date(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _Wrong(self._said.text(NO_DATE)) from None

    def _patterns(self, text: str) -> list[WorkingPattern]:
        try:
            return read_patterns(text)
        except ValueError as broken:  # in a sentence of ours
            raise _Wrong(begun(self._said.sentence(str(broken)))) from None

    def _person(self, text: str) -> PersonId:
        """Somebody by their id or their name."""
        if (known := id_in(text.upper() if text.upper().startswith("P-") else text)) is not None:
            return known
        found = people_called(self._database, [text])[text]
        if len(found.people) == 1 and not found.too_many:
            return next(iter(found.people))
        if not found.people:
            raise _Wrong(self._said.text(NOBODY))
        people = ", ".join(f"{name} ({person})" for person, name in found.people.items())
        raise _Wrong(self._said.text(MANY if found.too_many else SEVERAL) % {"people": people})
