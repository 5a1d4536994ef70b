"""The form on the page of a task: its fields with what is in them, and the buttons below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.core.model import PersonId
from domain.registry.forms import FORMS
from languages.forms.about import WEIGHTY
from languages.speech import Speech
from presentation.forms.answers import FormError, Found
from presentation.forms.as_typed import typed_said
from presentation.forms.fields import FieldKind, Many, fields_of
from presentation.forms.posted import Typed
from presentation.forms.shown import WAIVED, ShownField, Surrounding, offered_in, shown
from presentation.tasks.facts import Said
from service.registry.task_page import TaskPage


@dataclass(frozen=True)
class Filled:
    """What is in the form: what was ``typed``, the ``errors`` in it, whom a name may mean (``found``); ``more`` is the
    list that is to have more rows. ``told`` is why it was not sent; ``not_sent`` where that is because the task is not
    open any more."""

    typed: Typed = field(default_factory=dict)
    errors: Sequence[FormError] = ()
    found: Mapping[str, Found] = field(default_factory=dict)
    more: str | None = None
    told: str | None = None
    not_sent: bool = False
    from_draft: bool = False


class TaskForm:
    """The form of one task, for one reader; ``names`` are those of the people whom the page names."""

    def __init__(self, found: TaskPage, speech: Speech, names: dict[PersonId, str]) -> None:
        self._found, self._speech, self._names = found, speech, names

    def facts(self, filled: Filled) -> dict[str, Any]:
        """What the template is given about the form."""
        keys = self._found.keys()
        fields = self._shown(filled, [key for key in keys if key != WAIVED])
        waiving = self._shown(filled, [key for key in keys if key == WAIVED])
        return {
            "fields": fields,
            "waiving": waiving,
            "waiving_open": any(known.value or known.error for known in waiving),
            "kept": self._kept(filled),
            "has_drafts": self._is_long(keys),
            "weighty": self._found.kind in WEIGHTY,
            "send_word": self._send_word(fields),
            "people": self._found.people if self._names_people() else {},
        }

    def _shown(self, filled: Filled, keys: Sequence[str]) -> list[ShownField]:
        found = self._found
        currencies = [found.currency] if found.currency else []
        surrounding = Surrounding(
            offered=offered_in(found.kind, found.task.facts, self._speech),
            currencies=currencies,
            people=self._names | {who: name for so in filled.found.values() for who, name in so.people.items()},
            found=filled.found,
        )
        return shown(found.kind, self._speech, filled.typed, filled.errors, surrounding, more=filled.more, only=keys)

    def _kept(self, filled: Filled) -> str | None:
        draft = self._found.draft
        if draft is None or not filled.from_draft:
            return None
        at = self._speech.moment(draft.saved_at)
        return self._speech.text("Kept on %(moment)s, and not sent yet. Nobody else sees it.") % {"moment": at}

    def _is_long(self, keys: Sequence[str]) -> bool:
        """Whether somebody may want to go on later."""
        asked = [known for known in fields_of(FORMS[self._found.kind]) if known.key in keys]
        return len(asked) > 2 or any(
            known.many is not Many.ONE or (known.required and known.kind is FieldKind.LONG_TEXT) for known in asked
        )

    def _send_word(self, fields: Sequence[ShownField]) -> str:
        if self._found.kind in WEIGHTY:
            return self._speech.text("Go on and check")
        if any(known.look.value == "certain" for known in fields):
            return self._speech.text("It is done")
        return self._speech.text("Send")

    def _names_people(self) -> bool:
        return any(known.kind in (FieldKind.PERSON, FieldKind.PAIR) for known in fields_of(FORMS[self._found.kind]))

    def typed_before(self, filled: Filled) -> list[Said]:
        """What could not be sent any more, as the form says it, for whoever wants to keep it."""
        return typed_said(self._shown(filled, list(FORMS[self._found.kind].model_fields)), self._speech)
