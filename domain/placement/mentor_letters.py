"""What letters of a placement say of its mentor and of the sessions with them, and what is asked in confidence."""

from __future__ import annotations

from typing import ClassVar

from domain.core.letters import CallsOff, Invites, LetterFacts, Person, PersonIfAny
from domain.core.model import Instant, PersonId
from domain.core.task_letters import TaskOpened

# The mentor


class MentorMatched(LetterFacts):
    """To the mentor who has agreed."""

    template: ClassVar[str] = "mentor_matched"

    returner: Person
    reasons: list[str]


class NotMentorAfterAll(LetterFacts):
    """To somebody who has agreed and can't be the mentor by the records."""

    template: ClassVar[str] = "not_mentor_after_all"

    returner: Person
    why: str


class NoPlace(LetterFacts):
    """To somebody who has agreed and has no place any more."""

    template: ClassVar[str] = "no_place"

    returner: Person


class NoMentor(LetterFacts):
    """Nobody is left to ask."""

    template: ClassVar[str] = "no_mentor"

    why: str


class PinNotKept(LetterFacts):
    """The mentor whom HR has pinned can't be one."""

    template: ClassVar[str] = "pin_not_kept"

    pinned: PersonId
    why: str


class MentorChanged(LetterFacts):
    """There is another mentor."""

    template: ClassVar[str] = "mentor_changed"

    mentor: Person


class MentorFreed(LetterFacts):
    """To the mentor: the mentoring has ended."""

    template: ClassVar[str] = "mentor_freed"

    returner: Person
    why: str


# In confidence


class MentorWished(TaskOpened):
    """To HR alone: the returner wishes for another mentor."""

    template: ClassVar[str] = "mentor_wished"


class MentorWishAnswered(LetterFacts):
    """To the returner alone: what HR answers to their wish for another mentor."""

    template: ClassVar[str] = "mentor_wish_answered"

    reply: str
    message: str | None


class PulseOpened(TaskOpened):
    """A few questions about how it goes, to whoever is asked alone."""

    template: ClassVar[str] = "pulse"


class LowPulse(LetterFacts):
    """To HR alone: somebody (a part in the case) has answered a pulse with a low score."""

    template: ClassVar[str] = "low_pulse"

    week: int
    by: str
    answers: list[str]
    comment: str | None


# Sessions


class SessionLetter(LetterFacts):
    """A letter about the ``n``-th mentoring session of so many; ``other`` is with whom."""

    other: PersonIfAny
    n: int
    of: int
    starts: Instant


class SessionInvitation(SessionLetter, Invites):
    """Somebody is invited; ``moved``: anew, to another time."""

    template: ClassVar[str] = "session_invitation"

    moved: bool


class SessionCancelled(SessionLetter, CallsOff):
    """A session does not take place."""

    template: ClassVar[str] = "session_cancelled"

    why: str
