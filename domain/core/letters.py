"""What letters say: a model for the facts of each template, so that none of them can be missing or misspelt.

Here stand the letters that cases of all programmes write (about tasks, in ``task_letters.py``); each programme has its
own in ``letters.py`` beside its state (of a mentor, in ``mentor_letters.py``). The words stand in
``activities/core/templates/<template>.txt``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Annotated, Any, ClassVar

from domain.core.model import Fixed, Instant, Party, PersonId
from domain.core.post import Method

_IS_A_PERSON = "a person"

Person = Annotated[PersonId, _IS_A_PERSON]
"""Somebody whose name stands in the letter: a template finds it under ``people``, by the field's name."""

PersonIfAny = Annotated[PersonId | None, _IS_A_PERSON]
"""The same, where the letter may do without."""

SHOWN = 5
"""So many letters that were missed are named one by one."""


CONFIDENTIAL_LETTERS = frozenset({"low_pulse", "mentor_wish_answered", "mentor_wished", "pulse"})
"""The templates of letters that tell by their name alone what was said in confidence: that one was sent is shown to
nobody but its reader, as with :data:`domain.core.tasks.CONFIDENTIAL`."""


def key_for_others(key: str) -> str:
    """How a letter of a case is named to others than its reader: of a confidential one they read the number alone."""
    number, _, template = key.partition("-")
    return number if template in CONFIDENTIAL_LETTERS else key


class LetterFacts(Fixed):
    """What a letter says besides the case and its role. ``template`` names the text."""

    template: ClassVar[str]

    def facts(self) -> dict[str, Any]:
        """What the template is given under the names of the fields; dates and instants as ISO text."""
        return {name: plain(value) for name, value in self if not _is_a_person(type(self), name)}

    def people(self) -> dict[str, PersonId]:
        """Whose names the template is given, by the names of the fields."""
        return {name: value for name, value in self if _is_a_person(type(self), name) and value is not None}


class Repeated(LetterFacts):
    """A letter that may come after others like it which did not, while nothing ran. ``missed``: when those were due."""

    missed: Sequence[Instant] = ()

    def facts(self) -> dict[str, Any]:
        """As ever; of those that were missed only where there are any, and no more than a few one by one."""
        facts = super().facts()
        del facts["missed"]
        if self.missed:
            facts["missed"] = [at.isoformat() for at in self.missed[:SHOWN]]
        if len(self.missed) > SHOWN:
            facts["more_missed"] = len(self.missed) - SHOWN
        return facts


class Invites(LetterFacts):
    """A letter with a calendar entry, to which it invites, or which it moves."""

    method: ClassVar[Method] = "REQUEST"


class CallsOff(LetterFacts):
    """A letter that calls a calendar entry off."""

    method: ClassVar[Method] = "CANCEL"


def _is_a_person(letter: type[LetterFacts], field: str) -> bool:
    return _IS_A_PERSON in letter.model_fields[field].metadata


def plain(value: Any) -> Any:
    """A value as templates get it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


# About a case


class AtRisk(LetterFacts):
    """A case needs attention."""

    template: ClassVar[str] = "at_risk"

    reasons: list[str]


class RiskCleared(LetterFacts):
    """A case is no longer at risk."""

    template: ClassVar[str] = "risk_cleared"


class Unreachable(LetterFacts):
    """A letter to somebody was refused for good."""

    template: ClassVar[str] = "unreachable"

    person: Person
    id: PersonId
    """The same person, as commands name them."""
    why: str


class LetterNotWritten(LetterFacts):
    """A letter to somebody who gets one mail a day can't be written."""

    template: ClassVar[str] = "letter_not_written"

    person: Person
    letter: str
    """Its key, as the records name it."""


class MessageNotRead(LetterFacts):
    """A program sent what could not be read."""

    template: ClassVar[str] = "message_not_read"

    message: str
    why: str


class PauseReminder(Repeated):
    """A case is paused still."""

    template: ClassVar[str] = "pause_reminder"

    since: Instant
    days: int


class HolidaysLack(LetterFacts):
    """Some public holidays could not be counted in."""

    template: ClassVar[str] = "holidays_lack"

    lack: str


# Who takes over


class PartTaken(LetterFacts):
    """The reader has a part from now on, in place of somebody else; ``tasks`` come with it, told by letters."""

    template: ClassVar[str] = "part_taken"

    part: Party
    before: Person
    tasks: int


class PartPassedOn(LetterFacts):
    """Somebody else has the part of the reader from now on."""

    template: ClassVar[str] = "part_passed_on"

    part: Party
    now: Person


class PartChanged(LetterFacts):
    """Somebody around the case has changed, as the person hears whom it is about."""

    template: ClassVar[str] = "part_changed"

    part: Party
    now: Person
