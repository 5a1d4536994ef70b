"""What letters say: a model for the facts of each template, so that none of them can be missing or misspelt.

Here stand the letters that cases of all programmes write; each programme has its own in ``letters.py`` beside its
state (of a mentor, in ``mentor_letters.py``). The words stand in ``activities/core/templates/<template>.txt``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Annotated, Any, ClassVar

from domain.core.model import Fixed, Instant, Party, PersonId
from domain.core.post import Method
from domain.core.questions import TaskKind

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
        return {name: _plain(value) for name, value in self if not _is_a_person(type(self), name)}

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


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


# About a task


class AboutTask(Fixed):
    """What all letters about a task say of it. ``may_answer`` is whether the reader may."""

    task: str
    subject: str
    kind: TaskKind
    due_at: Instant
    facts: dict[str, Any]
    may_answer: bool
    holder: PersonId | None = None
    """Whose certificate it is about, where it is about one."""


class TaskLetter(LetterFacts):
    """A letter about a task."""

    about: AboutTask

    def facts(self) -> dict[str, Any]:
        """What is said of the task, and then what the letter itself says."""
        own = super().facts()
        del own["about"]
        return {**{name: _plain(value) for name, value in self.about if name != "holder"}, **own}

    def people(self) -> dict[str, PersonId]:
        """Whom the letter itself names, and whoever the task is about."""
        return {**super().people(), **({"holder": self.about.holder} if self.about.holder else {})}


class TaskOpened(TaskLetter):
    """There is something to answer."""

    template: ClassVar[str] = "task_opened"


class TaskToHandOn(TaskLetter):
    """There is something that somebody else has to answer: the reader may only hand it on."""

    template: ClassVar[str] = "task_to_hand_on"


class TaskDelegated(TaskLetter):
    """Somebody has handed a task to the reader."""

    template: ClassVar[str] = "task_delegated"

    by: Person


class TaskReminder(TaskLetter, Repeated):
    """A task still waits."""

    template: ClassVar[str] = "task_reminder"


class TaskBroughtForward(TaskLetter):
    """A task is due earlier than was said."""

    template: ClassVar[str] = "task_brought_forward"


class TaskOverdue(TaskLetter, Repeated):
    """The time for a task is over, and somebody else has been told."""

    template: ClassVar[str] = "task_overdue"


class WhoseTask(TaskOpened):
    """Somebody says that a task is not theirs; the reader, of HR, is to say whose it is."""

    template: ClassVar[str] = "whose_task"

    said_by: Person


class TaskIsTheirs(TaskLetter):
    """The reader said that a task is not theirs; HR says that it is, and why."""

    template: ClassVar[str] = "task_is_theirs"

    said_by: Person
    why: str


class TaskReopened(TaskOpened):
    """An answered task is asked once more: the reader is to answer it anew. ``before`` is their own first answer."""

    template: ClassVar[str] = "task_reopened"

    before: dict[str, Any] | None


class AnswerReopened(TaskLetter):
    """What the reader has answered is asked once more, of somebody else."""

    template: ClassVar[str] = "answer_reopened"

    reason: str


class TaskEscalated(TaskLetter, Repeated):
    """Somebody has not answered in time; the reader is to help."""

    template: ClassVar[str] = "task_escalated"

    assignee: Person


class TaskExpired(TaskLetter, Repeated):
    """A task can't be answered any more."""

    template: ClassVar[str] = "task_expired"


class TaskClosed(TaskLetter):
    """A task need not be answered any more."""

    template: ClassVar[str] = "task_closed"

    why: str


class NotReached(LetterFacts):
    """What somebody was asked reached them late or never, so that it begins anew."""

    template: ClassVar[str] = "not_reached"

    subject: str
    task: str


# What has gathered


class MailOfTheDay(LetterFacts):
    """What is open for somebody who has chosen one mail a day, and what is new.

    ``asks`` and ``news`` are letters: each has its ``subject``, ``text`` and ``case``. ``open`` are tasks of which the
    reader has heard before, each with ``task``, ``subject`` and ``due_at``; and as many ``more``.
    """

    template: ClassVar[str] = "daily_mail"

    id: PersonId
    day: date
    asks: list[dict[str, str]]
    news: list[dict[str, str]]
    open: list[dict[str, str]]
    more: int
    last: bool
    """Whether the reader gets each mail by itself again from now on."""


class SignInLink(LetterFacts):
    """Somebody has asked for a link to sign in, with their address; ``id`` is whose that is."""

    template: ClassVar[str] = "sign_in"

    id: PersonId
    link: str
    code: str
    until: Instant


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
