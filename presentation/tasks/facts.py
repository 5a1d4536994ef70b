"""What a task says of what it is about, and what was answered, as names and values in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.core.model import PERSON_IN_TEXT, PersonId
from domain.core.questions import TaskKind
from domain.registry.forms import FORMS
from languages.forms.registry import words_of
from languages.forms.words import FORM
from languages.speech import Speech, begun
from presentation.forms.fields import FieldKind, field_named


@dataclass(frozen=True)
class Said:
    """A name and what is said of it: a ``text``, or several ``lines``. ``link`` is a web address."""

    name: str
    text: str = ""
    lines: Sequence[str] = ()
    link: str | None = None


NOT_SHOWN = frozenset({"questions", "skills", "levels", "may_be_added", "holder"})
"""Facts that the form itself shows, or that say whom it is about."""

TITLES = frozenset({"title", "role_title", "cohort_title", "place"})
"""Facts that are what HR calls something, and never a sentence of ours."""
_LINK = re.compile(r"https?://[^\s<>\"]+")


def named(text: str, names: Mapping[PersonId, str]) -> str:
    """A text with people's names in place of their ids."""
    return PERSON_IN_TEXT.sub(lambda found: names.get(found[0], found[0]), text)


def facts_said(facts: Mapping[str, Any], speech: Speech, names: Mapping[PersonId, str]) -> list[Said]:
    """The facts of a task, in their order, but for those that stand elsewhere on its page."""
    return [
        _fact(key, *speech.told(key, facts), speech, names)
        for key, value in facts.items()
        if key not in NOT_SHOWN and value not in (None, [], {}, "")
    ]


def _fact(key: str, name: str, value: Any, speech: Speech, names: Mapping[PersonId, str]) -> Said:
    name = begun(name)
    match value:
        case list():
            return Said(name, lines=[begun(_in_words(key, entry, speech, names)) for entry in value])
        case str() if _LINK.fullmatch(value):
            return Said(name, value, link=value)
        case {"amount": _, "currency": _}:
            return Said(name, speech.money(value))
        case dict():
            return Said(name, lines=[f"{begun(k)}: {_in_words(k, v, speech, names)}" for k, v in value.items()])
    return Said(name, begun(_in_words(key, value, speech, names)))


def _in_words(key: str, value: Any, speech: Speech, names: Mapping[PersonId, str]) -> str:
    if isinstance(value, str):
        if key in TITLES:
            return speech.title(value)
        said = speech.sentence(value)
        return named(speech.value(value) if said == value else said, names)
    return named(speech.value(value), names)


def answer_said(kind: TaskKind, answer: Mapping[str, Any], speech: Speech, names: Mapping[PersonId, str]) -> list[Said]:
    """What was answered, by the labels of the form; what was left out is not mentioned."""
    return [
        _given(kind, key, value, speech, names)
        for key, value in answer.items()
        if value not in (None, [], {}, "") and key in FORMS[kind].model_fields
    ]


def _given(kind: TaskKind, key: str, value: Any, speech: Speech, names: Mapping[PersonId, str]) -> Said:
    words, known = words_of(kind, key), field_named(FORMS[kind], key)
    label = speech.word(FORM, words.label)

    def choice(given: Any) -> str:
        said = {True: "yes", False: "no"}.get(given, str(given)) if isinstance(given, bool) else str(given)
        text = words.choices.get(said)
        if known is not None and known.kind is FieldKind.WHOLE_NUMBER:
            return f"{said} – {speech.word(FORM, text)}" if text else said
        return speech.word(FORM, text) if text else speech.value(given)

    match value:
        case list():
            return Said(label, lines=[named(str(entry), names) for entry in value])
        case {"amount": _, "currency": _}:
            return Said(label, speech.money(value))
        case dict():
            return Said(label, lines=[f"{entry}: {choice(given)}" for entry, given in value.items()])
        case str() if _LINK.fullmatch(value):
            return Said(label, value, link=value)
        case str() if known is not None and known.kind in (FieldKind.LONG_TEXT, FieldKind.TEXT):
            return Said(label, value)
    return Said(label, named(choice(value), names))
