"""Mentors of a placement, everybody who was asked, and the sessions with them."""

from __future__ import annotations

from enum import StrEnum

from domain.core.model import Instant, Model, PersonId


class MentorshipState(StrEnum):
    """How it went with a mentor who was asked."""

    ASKED = "asked"
    HELD = "held"
    REFUSED = "refused"
    EXPIRED = "expired"
    NO_PLACE = "no_place"
    """They said yes, but all their places had been taken meanwhile."""
    CALLED_OFF = "called_off"
    """They had not answered yet when the request was called off."""
    ENDED = "ended"


MENTORED = frozenset({MentorshipState.HELD, MentorshipState.ENDED})
"""Who is or was a mentor: what they have said of the returner is evidence."""


class Mentorship(Model):
    """A mentor of this case, or one who was asked; all are kept."""

    n: int
    mentor: PersonId
    score: float
    reasons: list[str]
    named: bool = False
    """Whether HR has named them, who need not have offered."""
    state: MentorshipState = MentorshipState.ASKED
    since: Instant
    until: Instant | None = None
    why: str | None = None


class SessionState(StrEnum):
    """The states of a mentoring session."""

    PLANNED = "planned"
    TAKING_PLACE = "taking_place"
    HELD = "held"
    NOT_HELD = "not_held"
    CALLED_OFF = "called_off"


class Session(Model):
    """A mentoring session. ``sequence`` is that of the last invitation sent, none before the first."""

    n: int
    starts: Instant
    ends: Instant
    mentor: PersonId | None = None
    state: SessionState = SessionState.PLANNED
    sequence: int | None = None
    invited: bool = False
    minutes: int | None = None
    note: str | None = None
