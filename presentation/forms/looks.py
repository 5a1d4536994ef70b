"""By which control of a page a field is given."""

from __future__ import annotations

from enum import StrEnum

from domain.core.questions import TaskKind
from languages.forms.registry import words_of
from presentation.forms.fields import FieldKind, FormField, Many

LONGEST_SCALE = 7
"""Steps between the ends of a scale whose every step has a button of its own; a longer one is typed."""


class Look(StrEnum):
    """A control, or several of one kind."""

    CERTAIN = "certain"
    """Nothing to choose: it is so as soon as the form is sent."""
    TICK = "tick"
    RADIOS = "radios"
    SELECT = "select"
    """One of many."""
    SCALE = "scale"
    TEXT = "text"
    NUMBER = "number"
    TEXTAREA = "textarea"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"
    PERSON = "person"
    PAIRS = "pairs"
    LINES = "lines"
    """Several texts, a row each."""
    TICKS = "ticks"
    """Several of what is offered."""
    ENTRIES = "entries"
    """A scale for each of several names."""
    NAMED_ROWS = "named_rows"
    """The same, where the names are typed too."""
    FILE = "file"


def look_of(kind: TaskKind, field: FormField, *, offered: bool = False) -> Look:
    """How a field looks; ``offered`` where the task says which values or names there are to choose from."""
    if field.many is Many.MAPPING:
        return Look.ENTRIES if offered else Look.NAMED_ROWS
    if field.kind is FieldKind.PAIR:
        return Look.PAIRS
    if field.many is Many.LIST:
        return Look.TICKS if offered else Look.LINES
    if field.kind is FieldKind.YES_NO:
        if field.default is True:
            return Look.CERTAIN
        return Look.RADIOS if words_of(kind, field.key).choices else Look.TICK
    return Look.SCALE if is_scale(field) else _LOOKS[field.kind]


def is_scale(field: FormField) -> bool:
    """Whether a number is one of few steps."""
    if field.kind is not FieldKind.WHOLE_NUMBER or field.least is None or field.most is None:
        return False
    return field.most - field.least <= LONGEST_SCALE


_LOOKS = {
    FieldKind.TEXT: Look.TEXT,
    FieldKind.LONG_TEXT: Look.TEXTAREA,
    FieldKind.LINK: Look.TEXT,
    FieldKind.WHOLE_NUMBER: Look.NUMBER,
    FieldKind.NUMBER: Look.NUMBER,
    FieldKind.MONEY: Look.MONEY,
    FieldKind.DATE: Look.DATE,
    FieldKind.MOMENT: Look.MOMENT,
    FieldKind.CHOICE: Look.RADIOS,
    FieldKind.PERSON: Look.PERSON,
}


def control_id(key: str, place: int = 0) -> str:
    """The id of the control of a field, or of the one at a ``place`` among several, counted from 0."""
    return f"field-{key}" if place == 0 else f"field-{key}-{place + 1}"
