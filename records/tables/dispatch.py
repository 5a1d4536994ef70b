"""The tables of what Waymark did outside the records (mails, invitations, starts) or by which policies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class MailRecord(Base):
    """A mail that was sent, or refused for good by the recipient's server. Neither text nor address is kept.

    ``reach`` says to which of their addresses: ``work`` or ``private``; of mails from before version 0019 nobody knows.
    ``status`` is also ``held`` for what waits for the reader's morning, ``dropped`` for what was not needed any more by
    then, and ``sending`` for a daily mail on its way. ``daily`` is the Message-ID of the daily mail that it went with.
    One that is held has a ``reason`` where it can't be written, and waits until its text is mended.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "case_id"),)

    message_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    template: Mapped[str]
    recipient: Mapped[str]
    sent_at: Mapped[datetime]
    status: Mapped[str]
    reason: Mapped[str | None]
    reach: Mapped[str | None]
    daily: Mapped[str | None]


class HeldMailRecord(Base):
    """A letter that waits for the morning of a reader who has chosen one mail a day. Gone once it was sent, or dropped.

    ``n`` is their order. ``daily`` is the Message-ID of the daily mail that takes it along, once that is made.
    """

    __tablename__ = "held_mails"
    __table_args__ = (Index(None, "person"),)

    n: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str]
    case_id: Mapped[str]
    letter: Mapped[dict[str, Any]]
    daily: Mapped[str | None]


class DailyMailRecord(Base):
    """The words of a daily mail that is to be sent, as they were settled. Gone once it was sent, or refused."""

    __tablename__ = "daily_mails"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]


class AddressChangeRecord(Base):
    """A mail address of somebody was changed ``at`` this instant, and a letter is to say so at one they had until then.

    Gone once that was sent, or can't be. ``tried_at`` is when it was last tried.
    """

    __tablename__ = "address_changes"
    __table_args__ = (Index(None, "person"),)

    n: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str]
    at: Mapped[datetime]
    address: Mapped[str]
    tried_at: Mapped[datetime | None]


class InvitationRecord(Base):
    """How somebody was invited to what may still be moved or called off: that goes the same way.

    Gone once it was called off or is over, see :mod:`records.queries.core.invitations`. Those from before version
    0010 know neither their case nor when they end. ``reach`` says which of their addresses it was.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "case_id"),)

    uid: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    organizer: Mapped[str]
    organizer_address: Mapped[str]
    reach: Mapped[str | None]
    case_id: Mapped[str | None]
    ends_at: Mapped[datetime | None]


class StartRecord(Base):
    """A case that somebody set out to start, on record before the engine has it: of two at once, the second finds it.

    ``beside`` is the reason why it starts beside another of the same person.
    """

    __tablename__ = "starts"
    __table_args__ = (Index(None, "person"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    programme: Mapped[str]
    person: Mapped[str]
    role: Mapped[str]
    started_by: Mapped[str]
    beside: Mapped[str | None]


class PolicyRecord(Base):
    """The content of a policy that cases were started with, by its id and version."""

    __tablename__ = "policies"

    label: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]
