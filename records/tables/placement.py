"""The tables of placements: stipends, mentors, leaves."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class PayRecord(Base):
    """A stipend is to be paid for ``days`` days from ``first_day`` to ``last_day``, both counted.

    A correction has the number that it ``corrects``; its ``days`` and ``amount`` may be below zero.
    """

    __tablename__ = "pay_instructions"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    returner: Mapped[str]
    due_on: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    days: Mapped[int]
    amount: Mapped[Decimal]
    currency: Mapped[str]
    corrects: Mapped[int | None]


class MentorshipRecord(Base):
    """A mentor was asked, and what came of it.

    ``score``, ``reasons`` and ``passed_over`` are those of the search or the matching that found the mentor.
    """

    __tablename__ = "mentorships"
    __table_args__ = (Index(None, "mentor", "state"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    mentor: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    score: Mapped[float | None]
    reasons: Mapped[list[str] | None]
    passed_over: Mapped[list[dict[str, Any]] | None]


class MissedSessionRecord(Base):
    """A mentoring session that never took place: nobody was invited to it, or it was called off for good."""

    __tablename__ = "missed_sessions"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    starts: Mapped[datetime]


class MentorWishRecord(Base):
    """A returner's wish for another mentor than ``mentor``, in confidence: for HR of the case alone.

    ``message`` is what HR said to the returner.
    """

    __tablename__ = "mentor_wishes"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    asked_at: Mapped[datetime]
    mentor: Mapped[str]
    reason: Mapped[str | None]
    state: Mapped[str]
    message: Mapped[str | None]
    answered_by: Mapped[str | None]


class PulseRecord(Base):
    """An answer to a pulse: for HR of the case, and for means over five people and more.

    ``party`` is the part of the ``person`` who answered. ``questions`` are all by their keys, ``scores`` 1 to 5 by the
    keys of those that were answered. ``arrived`` counts in which order they were written here.
    """

    __tablename__ = "pulses"
    __table_args__ = (Index(None, "arrived"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    week: Mapped[int]
    party: Mapped[str]
    person: Mapped[str]
    questions: Mapped[dict[str, Any]]
    scores: Mapped[dict[str, Any]]
    comment: Mapped[str | None]
    arrived: Mapped[int | None]


class LeaveRecord(Base):
    """A pause of a case. Its type and reasons are for the person, and for HR of the case who has no other part."""

    __tablename__ = "leaves"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    leave_type: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reason: Mapped[str | None]
    ended_because: Mapped[str | None]
    planned_back: Mapped[date | None]
    """When somebody is to be back, as it was said when they went."""
