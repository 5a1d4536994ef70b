"""A form as a page shows it: its fields in the reader's language, with what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.registry.forms import FORMS
from languages.forms.registry import words_of
from languages.forms.words import FORM, FieldWords
from languages.speech import Speech
from presentation.forms.answers import FormError, Found
from presentation.forms.fields import FieldKind, FormField, fields_of
from presentation.forms.looks import Look, control_id, look_of
from presentation.forms.posted import AMOUNT, CURRENCY, MENTOR, NAME, RETURNER, VALUE, Typed, id_in

ROWS, ROWS_OF_TWO, MORE_ROWS, MOST_ROWS = 3, 1, 2, 40
"""So many rows a list has at first, or one of pairs; so many come with the button for more, and so many are the most
without a limit."""

WAIVED = "waived_because"
"""The key of the field that says why there is no answer."""


@dataclass(frozen=True)
class Choice:
    """One of several values, with the id of its button."""

    value: str
    label: str
    chosen: bool
    id: str


@dataclass(frozen=True)
class Control:
    """One control among several of a field: a row, an entry of a mapping, a part of an amount."""

    id: str
    name: str
    value: str = ""
    label: str = ""
    choices: Sequence[Choice] = ()


@dataclass(frozen=True)
class ShownField:
    """A field as it is shown. ``more`` is whether another row can be asked for, ``focus`` the id of the first new one;
    ``longest`` is a number of characters, ``whole`` whether a number is. A file may be sent where it ``accepts`` some;
    ``kept`` is what one is called that was sent. ``empty`` is what follows where nothing is chosen."""

    key: str
    look: Look
    id: str
    label: str
    hint: str
    required: bool
    error: str | None
    value: str = ""
    choices: Sequence[Choice] = ()
    controls: Sequence[Control] = ()
    more: bool = False
    longest: int | None = None
    whole: bool = False
    focus: str | None = None
    accepts: str = ""
    kept: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Surrounding:
    """What a task says around its form.

    ``offered`` are values or names of entries to choose from, by field, each with what it is called; ``currencies``
    those of amounts, ``people`` those who are likely to be meant, ``found`` those whom a typed name may mean.
    """

    offered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    currencies: Sequence[str] = ()
    people: Mapping[PersonId, str] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)


def offered_in(kind: TaskKind, facts: Mapping[str, Any], speech: Speech) -> dict[str, dict[str, str]]:
    """What the facts of a task offer to choose from, by field: skills, questions, trainings."""
    offered: dict[str, dict[str, str]] = {}
    keys = FORMS[kind].model_fields
    if "levels" in keys and isinstance(skills := facts.get("skills"), list):
        offered["levels"] = {str(skill): str(skill) for skill in skills}
    if "scores" in keys and isinstance(questions := facts.get("questions"), dict):
        offered["scores"] = {str(key): speech.title(str(question)) for key, question in questions.items()}
    if kind is TaskKind.PLAN_CHOICE:
        for key, fact in (("add", "may_be_added"), ("remove", "trainings")):
            offered[key] = {str(line).partition(" ")[0]: speech.sentence(str(line)) for line in facts.get(fact) or []}
    return offered


def shown(
    kind: TaskKind,
    speech: Speech,
    typed: Typed,
    errors: Iterable[FormError] = (),
    surrounding: Surrounding | None = None,
    *,
    more: str | None = None,
    only: Iterable[str] | None = None,
) -> list[ShownField]:
    """The fields of a task's form, or ``only`` some; ``more`` is the key of the list that is to have more rows."""
    wrong: dict[str | None, str] = {}
    for error in errors:
        wrong.setdefault(error.key, error.sentence)
    making = _Making(kind, speech, typed, surrounding or Surrounding(), more)
    chosen = None if only is None else frozenset(only)
    fields = [known for known in fields_of(FORMS[kind]) if chosen is None or known.key in chosen]
    return [replace(making.field(known), error=wrong.get(known.key)) for known in fields if making.has(known)]


def person_field(field: ShownField, people: Mapping[PersonId, str], found: Mapping[str, Found]) -> ShownField:
    """A field for somebody: whom a typed name may mean, to choose from, or, typed by their id, with their name."""
    among = found.get(field.value.strip())
    if among is not None and len(among.people) > 1 and not among.too_many:
        choices = [
            Choice(person, f"{name} ({person})", False, field.id if n == 0 else f"{field.id}_{n}")
            for n, (person, name) in enumerate(among.people.items())
        ]
        return replace(field, look=Look.RADIOS, choices=choices)
    return replace(field, value=_named(field.value, people))


def _named(text: str, people: Mapping[PersonId, str]) -> str:
    person = id_in(text)
    return text if person is None or person not in people else f"{people[person]} ({person})"


class _Making:
    def __init__(
        self, kind: TaskKind, speech: Speech, typed: Typed, surrounding: Surrounding, more: str | None
    ) -> None:
        self._kind, self._speech, self._typed, self._more = kind, speech, typed, more
        self._around = surrounding

    def has(self, field: FormField) -> bool:
        """Whether there is anything to show: not where nothing is offered to choose from."""
        return self._around.offered.get(field.key) != {}

    def field(self, field: FormField) -> ShownField:
        words = words_of(self._kind, field.key)
        look = look_of(self._kind, field, offered=field.key in self._around.offered)
        made = ShownField(
            key=field.key,
            look=look,
            id=control_id(field.key),
            label=self._word(words.label),
            hint=self._word(words.hint),
            required=field.required,
            error=None,
            value=self._first(field.key),
            longest=field.longest,
            whole=field.kind is FieldKind.WHOLE_NUMBER,
        )
        match look:
            case Look.RADIOS | Look.SCALE:
                return replace(made, choices=self._choices(field, words, field.key, 0))
            case Look.TICKS:
                return replace(made, choices=self._ticks(field))
            case Look.ENTRIES:
                return replace(made, controls=self._entries(field, words))
            case Look.MONEY:
                return replace(made, controls=self._amount(field), choices=self._currencies(field))
            case Look.PERSON:
                return person_field(made, self._around.people, self._around.found)
            case Look.LINES | Look.NAMED_ROWS | Look.PAIRS:
                return self._with_rows(made, field)
        return made

    def _word(self, message: str) -> str:
        return self._speech.word(FORM, message)

    def _first(self, name: str) -> str:
        return next(iter(self._typed.get(name, [])), "")

    def _choices(self, field: FormField, words: FieldWords, name: str, place: int) -> list[Choice]:
        given = self._first(name)
        values = self._values(field, words)
        first = control_id(field.key, place)
        return [
            Choice(value, self._label(field, words, value), value == given, first if n == 0 else f"{first}_{n}")
            for n, value in enumerate(values)
        ]

    def _values(self, field: FormField, words: FieldWords) -> list[str]:
        if field.kind is FieldKind.WHOLE_NUMBER:
            return [str(step) for step in range(int(field.least or 0), int(field.most or 0) + 1)]
        return list(field.choices or words.choices)

    def _label(self, field: FormField, words: FieldWords, value: str) -> str:
        said = words.choices.get(value)
        if field.kind is FieldKind.WHOLE_NUMBER:
            return f"{value} – {self._word(said)}" if said else value
        return self._word(said) if said else value

    def _ticks(self, field: FormField) -> list[Choice]:
        given = self._typed.get(field.key, [])
        offered = self._around.offered[field.key].items()
        return [
            Choice(value, label, value in given, control_id(field.key, n)) for n, (value, label) in enumerate(offered)
        ]

    def _entries(self, field: FormField, words: FieldWords) -> list[Control]:
        """A scale for each name; what its ends mean, the hint says once for all of them."""
        made = []
        for place, (entry, label) in enumerate(self._around.offered[field.key].items()):
            name = f"{field.key}.{entry}"
            choices = [replace(choice, label=choice.value) for choice in self._choices(field, words, name, place)]
            made.append(Control(control_id(field.key, place), name, self._first(name), label, choices))
        return made

    def _amount(self, field: FormField) -> list[Control]:
        amount, currency = field.key + AMOUNT, field.key + CURRENCY
        known = next(iter(self._around.currencies), "")
        return [
            Control(control_id(field.key, 0), amount, self._first(amount)),
            Control(control_id(field.key, 1), currency, self._first(currency) or known),
        ]

    def _currencies(self, field: FormField) -> list[Choice]:
        given = self._first(field.key + CURRENCY) or next(iter(self._around.currencies), "")
        known = dict.fromkeys([*self._around.currencies, *([given] if given else [])])
        return [Choice(value, value, value == given, "") for value in known] if self._around.currencies else []

    def _named(self, text: str) -> str:
        return _named(text, self._around.people)

    def _with_rows(self, made: ShownField, field: FormField) -> ShownField:
        rows = self._rows(field, made.look)
        most = field.at_most or MOST_ROWS
        more = self._more == field.key
        first_rows = ROWS if made.look is Look.LINES else ROWS_OF_TWO
        wanted = max(first_rows, self._rows_there(field) + MORE_ROWS if more else len(rows))
        focus = control_id(field.key, len(rows)) if more else None
        rows += [("", "")] * (min(wanted, most) - len(rows))
        names = {Look.LINES: (field.key,), Look.NAMED_ROWS: (field.key + NAME, field.key + VALUE)}
        first, *second = names.get(made.look, (field.key + RETURNER, field.key + MENTOR))
        controls = []
        for place, (left, right) in enumerate(rows):
            controls.append(Control(control_id(field.key, place), first, left))
            controls += [Control(f"{control_id(field.key, place)}_2", name, right) for name in second]
        return replace(made, controls=controls, more=len(rows) < most, focus=focus)

    def _rows_there(self, field: FormField) -> int:
        """How many rows the page had that was sent, empty ones too."""
        names = (field.key, field.key + NAME, field.key + RETURNER)
        return max(len(self._typed.get(name, [])) for name in names)

    def _rows(self, field: FormField, look: Look) -> list[tuple[str, str]]:
        """What was typed into each row that is not empty."""
        if look is Look.LINES:
            return [(text, "") for text in self._typed.get(field.key, []) if text.strip()]
        first, second = (NAME, VALUE) if look is Look.NAMED_ROWS else (RETURNER, MENTOR)
        sent = zip(self._typed.get(field.key + first, []), self._typed.get(field.key + second, []), strict=False)
        by_name = f"{field.key}."
        known = [
            (name.removeprefix(by_name), texts[0]) for name, texts in self._typed.items() if name.startswith(by_name)
        ]
        rows = [(left, right) for left, right in [*known, *sent] if left.strip() or right.strip()]
        return [(self._named(left), self._named(right)) for left, right in rows] if look is Look.PAIRS else rows
