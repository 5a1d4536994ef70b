"""What was typed into a form, as the form says it: for whoever could not send it any more, and wants to keep it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from languages.speech import Speech
from presentation.forms.looks import Look
from presentation.forms.shown import ShownField
from presentation.tasks.facts import Said

YES, NO = ("yes", "true", "on"), ("no", "false")


def typed_said(fields: Iterable[ShownField], speech: Speech) -> list[Said]:
    """Each field with what was typed into it or chosen; what was left empty is not mentioned."""
    return [said for field in fields if (said := _said(field, speech)).lines or said.text]


def _said(field: ShownField, speech: Speech) -> Said:
    label = field.label.rstrip(":")
    match field.look:
        case Look.RADIOS | Look.SCALE | Look.SELECT:
            chosen = [choice.label for choice in field.choices if choice.chosen]
            return Said(label, "".join(chosen) or field.value)
        case Look.TICKS:
            return Said(label, lines=[choice.label for choice in field.choices if choice.chosen])
        case Look.MONEY:
            amount, currency = (control.value.strip() for control in field.controls)
            return Said(label, f"{amount} {currency}".strip() if amount else "")
        case Look.ENTRIES:
            return Said(label, lines=[f"{each.label}: {each.value}" for each in field.controls if each.value])
        case Look.LINES:
            return Said(label, lines=[each.value for each in field.controls if each.value.strip()])
        case Look.NAMED_ROWS | Look.PAIRS:
            return Said(label, lines=list(_rows(field)))
        case Look.TICK | Look.CERTAIN if field.value in (*YES, *NO):
            return Said(label, speech.value(field.value in YES))
        case Look.DATE:
            return Said(label, _day(field.value, speech))
    return Said(label, field.value)


def _rows(field: ShownField) -> Iterator[str]:
    """Each row of two that is not empty."""
    for left, right in zip(field.controls[::2], field.controls[1::2], strict=True):
        if left.value.strip() or right.value.strip():
            yield f"{left.value}: {right.value}" if field.look is Look.NAMED_ROWS else f"{left.value} – {right.value}"


def _day(text: str, speech: Speech) -> str:
    try:
        return speech.day(text)
    except ValueError:
        return text
