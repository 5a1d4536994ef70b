"""The fields of a form that is no task's, as a page shows them: with what was given, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.looks import Look, control_id
from presentation.forms.shown import Choice, ShownField, person_field
from web.core.asked import KEPT_FILE, Asked, Given, Offered

MAY_BE_EMPTY = translatable("You may leave this empty.")
IF_EMPTY = translatable("If empty: %(what)s.")


def shown_fields(asked: Sequence[Asked], given: Given, offered: Offered, speech: Speech) -> list[ShownField]:
    """The fields as the page shows them."""
    return [_shown(each, given, offered, speech) for each in asked]


def label_of(asked: Asked, speech: Speech) -> str:
    """What a field is called."""
    return _said(asked.label, asked, speech)


def _said(text: str, asked: Asked, speech: Speech) -> str:
    """Words of a field, with the facts that they name."""
    said = speech.text(text)
    return said % asked.of if asked.of else said


def _shown(asked: Asked, given: Given, offered: Offered, speech: Speech) -> ShownField:
    value = given.typed.get(asked.key, "")
    hints = [_said(asked.hint, asked, speech)] if asked.hint else []
    empty = _said(asked.empty, asked, speech) if asked.empty else ""
    if empty:
        hints.append(speech.text(IF_EMPTY) % {"what": empty})
    elif not asked.required and asked.look not in (Look.TICK, Look.CERTAIN):
        hints.append(speech.text(MAY_BE_EMPTY))
    made = ShownField(
        key=asked.key,
        look=asked.look,
        id=control_id(asked.key),
        label=label_of(asked, speech),
        hint=" ".join(hints),
        required=asked.required,
        error=given.wrong.get(asked.key),
        value=value,
        whole=asked.whole,
        accepts=asked.file.accepts if asked.file else "",
        kept=given.files.get(asked.key, ""),
        empty=begun(empty),
    )
    if asked.look is Look.PERSON:
        return person_field(made, given.people, given.found)
    if asked.look in (Look.RADIOS, Look.SELECT):
        return replace(made, choices=_choices(made, offered))
    return made


def _choices(made: ShownField, offered: Offered) -> list[Choice]:
    """What there is to choose from: of a file that was sent, that one too."""
    known = dict(offered[made.key])
    if made.kept and made.value.startswith(KEPT_FILE):
        known[made.value] = made.kept
    return [
        Choice(value, label, value == made.value, made.id if n == 0 else f"{made.id}_{n}")
        for n, (value, label) in enumerate(known.items())
    ]
