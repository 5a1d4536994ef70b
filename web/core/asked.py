"""What a form of a page asks that is no task's: its fields, and reading what was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from domain.core.model import PersonId
from languages.forms import rules
from languages.forms.words import FORM
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.answers import Found
from presentation.forms.looks import Look
from presentation.forms.posted import id_in, number_in
from records.database import Database
from service.core.errors import Refused, Unknown
from service.core.people import names_of
from service.core.uploads import Upload, load
from service.registry.task_page import people_called

Offered: TypeAlias = Mapping[str, Mapping[str, str]]
"""The values to choose from, by field, each with what it is called."""

Reads: TypeAlias = Callable[[Database, Any], Any]

KEPT_FILE = "file:"
"""With the id of a file that was sent it is the value of a field in which that was chosen."""

WHOLE, DECIMALS = r"[+-]?\d{1,12}", r"(?:\.\d{1,6})?"
"""A number that a field takes; what it means is for others to check."""

YES = translatable("Yes")
NO_NUMBER = translatable("Enter a number.")
MISSING_FILE = translatable("Choose a file.")
FILE_GONE = translatable("The file is not kept any more. Choose it again.")


@dataclass(frozen=True)
class AFile:
    """A file that a field takes: which a browser offers (``accepts``), at most how many bytes, and as what it is kept
    until what it is for is done."""

    accepts: str
    at_most: int
    kept_as: str


@dataclass(frozen=True)
class Asked:
    """A field: its ``key``, its words, and how it looks.

    ``empty`` is what follows where it is left so: ``as many as the policy says``.

    ``reads`` takes what was given, which is a text, or a file, and raises ``ValueError`` or ``Refused`` with a sentence
    of ours; ``whole`` is whether a number is. What is ``rare`` stands apart from what is mostly given. ``of`` are the
    facts that the words name. One of several may be chosen, or a ``file`` sent, where both are there.
    """

    key: str
    label: str
    hint: str = ""
    look: Look = Look.TEXT
    empty: str = ""
    required: bool = True
    whole: bool = True
    reads: Reads | None = None
    rare: bool = False
    of: Mapping[str, object] = field(default_factory=dict)
    file: AFile | None = None


def names_a_file(asked: Asked, text: str) -> bool:
    """Whether what was given to a field is a file that was sent."""
    return bool(text) and asked.file is not None and (asked.look is Look.FILE or text.startswith(KEPT_FILE))


def as_text(read: Callable[[str], Any]) -> Reads:
    """Reads a text without the records."""
    return lambda _, text: read(text)


@dataclass(frozen=True)
class Given:
    """What was given: its ``values``, what is ``wrong`` with which field, and the people whom names may mean.

    ``said`` is how each value is read out for a last look, ``files`` what each file that was sent is called.
    """

    typed: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    people: Mapping[PersonId, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


class _Wrong(Exception):
    """What was given can't be taken; the text says why to whoever gave it."""


class Reading:
    """Reads what a ``person`` has given, who may choose from what is ``offered``."""

    def __init__(self, database: Database, person: PersonId, offered: Offered, speech: Speech) -> None:
        self._database, self._person, self._offered, self._speech = database, person, offered, speech
        self._found: dict[str, Found] = {}
        self._people: dict[PersonId, str] = {}
        self._files: dict[str, str] = {}

    def read(self, asked: Sequence[Asked], typed: Mapping[str, str]) -> Given:
        """What was typed into these fields. What is empty was not given."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        said: dict[str, str] = {}
        for each in asked:
            try:
                if text := typed.get(each.key, ""):
                    values[each.key], said[each.key] = self._value(each, text)
                elif each.required:
                    raise _Wrong(self._missing(each))
            except _Wrong as error:
                wrong[each.key] = str(error)
        return Given(typed, values, wrong, self._found, self._people, said, self._files)

    def _missing(self, asked: Asked) -> str:
        if asked.look is Look.FILE:
            return self._speech.text(MISSING_FILE)
        if asked.look is Look.NUMBER and not asked.whole:
            return self._speech.text(NO_NUMBER)
        return self._rule(_MISSING.get(asked.look, rules.MISSING_TEXT))

    def _value(self, asked: Asked, text: str) -> tuple[Any, str]:
        """What was typed, as a value and read out. Raises :class:`_Wrong`."""
        given, said = self._given(asked, text)
        if asked.reads is None:
            return given, said
        try:
            return asked.reads(self._database, given), said
        except (ValueError, Refused) as broken:
            told = self._told(str(broken))
            raise _Wrong(told if asked.file else begun(told)) from None  # of a file, its name comes first

    def _told(self, rule: str) -> str:
        """A rule as pages have it, or as cases and files say it."""
        said = self._speech.text(rule)
        return said if said != rule else self._speech.sentence(rule)

    def _given(self, asked: Asked, text: str) -> tuple[Any, str]:
        if asked.file is not None and names_a_file(asked, text):
            return self._file(asked, asked.file, text)
        match asked.look:
            case Look.RADIOS | Look.SELECT:
                return self._chosen(asked, text)
            case Look.TICK | Look.CERTAIN:
                return True, self._speech.text(YES)
            case Look.NUMBER:
                return self._number(asked, text), text
            case Look.DATE:
                return self._date(text)
            case Look.PERSON:
                return self._one_person(text)
        return text, text

    def _chosen(self, asked: Asked, text: str) -> tuple[str, str]:
        label = self._offered[asked.key].get(text)
        if label is None:
            raise _Wrong(self._rule(rules.MISSING_CHOICE))
        return text, label

    def _file(self, asked: Asked, file: AFile, text: str) -> tuple[Upload, str]:
        """A file that they have sent. Raises :class:`_Wrong` for one that is not there any more."""
        try:
            upload = load(self._database, text.removeprefix(KEPT_FILE), self._person, file.kept_as)
        except Unknown:
            raise _Wrong(self._speech.text(FILE_GONE)) from None
        self._files[asked.key] = upload.name
        return upload, upload.name

    def _number(self, asked: Asked, text: str) -> int | Decimal:
        number = number_in(text, self._speech)
        if not re.fullmatch(WHOLE if asked.whole else f"{WHOLE}{DECIMALS}", number, re.ASCII):
            raise _Wrong(self._rule(rules.A_WHOLE_NUMBER) if asked.whole else self._speech.text(NO_NUMBER))
        return int(number) if asked.whole else Decimal(number)

    def _date(self, text: str) -> tuple[date, str]:
        try:
            read = date.fromisoformat(text)
        except ValueError:
            raise _Wrong(self._rule(rules.A_DATE)) from None
        return read, self._speech.day(read)

    def _one_person(self, text: str) -> tuple[PersonId, str]:
        """Somebody by their id or their name; where several are called so, they are offered to choose from."""
        person = id_in(text) or id_in(text.upper())
        if person is not None:
            names = names_of(self._database, [person])
        else:
            called = people_called(self._database, [text])[text]
            self._found[text] = found = Found(called.people, called.too_many, called.left)
            if len(called.people) != 1:
                raise _Wrong(found.why_unclear(self._speech))
            names = dict(called.people)
        if not names:
            raise _Wrong(self._rule(rules.NOBODY))
        ((known, name),) = names.items()
        self._people[known] = name
        return known, f"{name} ({known})"

    def _rule(self, rule: str) -> str:
        return self._speech.word(FORM, rule)


_MISSING = {
    Look.RADIOS: rules.MISSING_CHOICE,
    Look.SELECT: rules.MISSING_CHOICE,
    Look.TICK: rules.MISSING_TICK,
    Look.DATE: rules.A_DATE,
    Look.PERSON: rules.A_PERSON,
    Look.NUMBER: rules.A_WHOLE_NUMBER,
}
