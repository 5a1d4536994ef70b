"""What a page is made of on which something is asked of a case: its words, and the fields it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from languages.marking import translatable
from languages.speech import Speech
from service.registry.case_page import CasePage

Kind = Literal["text", "long", "number", "date", "choice", "person", "patterns"]

Choices = Callable[[CasePage, Speech], Sequence[tuple[str, str]]]

Caution = Callable[[CasePage, Speech, Mapping[str, Any]], str | None]


def _nothing_to_mind(_: CasePage, __: Speech, ___: Mapping[str, Any]) -> str | None:
    return None


@dataclass(frozen=True)
class Asks:
    """A field: its ``key`` in the message, its words, and what it takes; ``offers`` are the values to choose from.

    ``only_hr`` is for those in HR of the case: others are not shown it.
    """

    key: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = True
    offers: Choices | None = None
    only_hr: bool = False


@dataclass(frozen=True)
class ActPage:
    """The words of a page on which something is asked, and its fields; ``checked`` before it is sent, where it can't be
    undone. ``link`` is what leads to it, ``done`` what the case's page says afterwards. ``caution`` says at that check
    what somebody may not have thought of, by what they want to send; most often nothing."""

    link: str
    title: str
    lead: str
    button: str
    done: str
    asks: Sequence[Asks] = ()
    checked: bool = False
    warning: bool = False
    caution: Caution = _nothing_to_mind


_REASON = translatable("Reason")
REASON_ON_RECORD = Asks("reason", _REASON, "long", translatable("It stays on record, and those who are asked read it."))
BACK_ON = Asks(
    "back_on",
    translatable("First day back, if it is known"),
    "date",
    translatable("Nothing resumes by itself: on that day somebody is reminded."),
    required=False,
)
