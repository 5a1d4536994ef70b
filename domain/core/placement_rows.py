"""The rows that only placements write: pay, mentorships, leaves, and what was said in confidence."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.core.model import Fixed, Instant, Money, Party, PersonId


class PayRow(Fixed):
    """A stipend is to be paid, for the days from ``first`` to ``last`` (both counted). Append-only.

    A correction names the number of the row that it ``corrects``; its days and amount may be below zero.
    """

    table: Literal["pay"] = "pay"
    n: int
    at: Instant
    returner: PersonId
    due_on: date
    first: date
    last: date
    days: int
    amount: Money
    corrects: int | None = None


class MentorshipRow(Fixed):
    """A mentor was asked, accepted, refused or was freed (replaces the row of that request).

    ``score`` and ``reasons`` are given when the mentor is asked.
    """

    table: Literal["mentorship"] = "mentorship"
    n: int
    at: Instant
    mentor: PersonId
    state: Literal["asked", "held", "refused", "expired", "no_place", "called_off", "ended"]
    reason: str | None
    score: float | None = None
    reasons: list[str] | None = None


class MissedSessionRow(Fixed):
    """A mentoring session never took place: nobody was invited to it, or it was called off for good. Append-only.

    Of all others the notes tell that mentors are asked for.
    """

    table: Literal["missed_session"] = "missed_session"
    n: int
    at: Instant
    starts: Instant


class MentorWishRow(Fixed):
    """A returner wishes for another mentor than ``mentor``, in confidence, and what HR says (replaces that row).

    With :class:`PulseRow` the only one that holds what was said in confidence; nobody but HR of the case reads either.
    """

    table: Literal["mentor_wish"] = "mentor_wish"
    n: int
    at: Instant
    asked_at: Instant
    mentor: PersonId
    reason: str | None
    state: Literal["asked", "talk", "granted", "declined", "lapsed"]
    message: str | None
    answered_by: PersonId | None


class PulseRow(Fixed):
    """Somebody has answered a pulse: a score of 1 to 5 for each of the ``questions`` they wanted to answer."""

    table: Literal["pulse"] = "pulse"
    n: int
    at: Instant
    week: int
    party: Party
    person: PersonId
    questions: dict[str, str]
    scores: dict[str, int]
    comment: str | None


class LeaveRow(Fixed):
    """A pause began or ended. Of all rows only this one has the type of leave, and why it began and ended.

    No command shows them but the one by which somebody reads what is stored about them.
    """

    table: Literal["leave"] = "leave"
    n: int
    at: Instant
    leave_type: str
    first: date
    last: date | None
    reason: str | None = None
    ended_because: str | None = None
    planned_back: date | None = None
    """The first day back, where it was said when the leave began."""
