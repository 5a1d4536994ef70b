"""The tables of who is who: who has which part and is asked what, duties, sign-ins, sessions, and drafts of answers.

What only its owner knows (the token of a link, a session's cookie) is kept as its SHA-256, so that whoever reads the
database can't sign in with it; so are mail addresses and network addresses, which are compared and never read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class PartHolderRecord(Base):
    """Somebody plays a part in a case now: what the rows of ``parts`` say, to be looked up by person."""

    __tablename__ = "part_holders"
    __table_args__ = (Index(None, "person"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)


class AskedRecord(Base):
    """Somebody may act on an open task now: what the rows of ``tasks`` say, to be looked up by person."""

    __tablename__ = "asked"
    __table_args__ = (Index(None, "person"),)

    task: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)


class GrantRecord(Base):
    """A duty that was granted to somebody; it stays on record when it is revoked.

    ``role`` is the one that they are HR of; none: of all, and of operators. ``granted_by`` is nobody where whoever
    holds the machine granted it.
    """

    __tablename__ = "access_grants"
    __table_args__ = (Index(None, "person"),)

    n: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str]
    duty: Mapped[str]
    role: Mapped[str | None]
    granted_by: Mapped[str | None]
    granted_at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class SignInRecord(Base):
    """Somebody asked for a link to sign in. ``person`` and what opens it are there once the mail is made.

    Of an address that is nobody's they never are: ``code`` is one that nobody knows until then, so that wrong codes,
    which ``tries`` counts, are counted and answered alike for every address. ``onward`` is the page that they wanted.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        Index(None, "address", "at"),
        Index(None, "source", "at"),
        Index(None, "browser"),
        Index(None, "token", unique=True),
        Index(None, "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    address: Mapped[str]
    source: Mapped[str]
    browser: Mapped[str]
    onward: Mapped[str | None]
    ends_at: Mapped[datetime]
    person: Mapped[str | None]
    token: Mapped[str | None]
    code: Mapped[str | None]
    tries: Mapped[int]
    used_at: Mapped[datetime | None]


class SessionRecord(Base):
    """Somebody is signed in, in one browser. Gone once it has ended.

    ``ends_at`` is when it ends whatever happens. ``agent`` is how the browser calls itself, in a few words. ``by_hand``
    is whether they came by an account of which somebody said whose it is. ``address`` is the hash of the mail address
    to which the link went by which they came, or by which their account was linked; none, where it was by hand.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "person"), Index(None, "ends_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agent: Mapped[str]
    by_hand: Mapped[bool] = mapped_column(server_default=false())
    address: Mapped[str | None]


class AccountRecord(Base):
    """An account at the identity provider, and whose it is.

    ``subject`` is how the provider (``issuer``) names it, for good. ``by_hand`` is whether somebody said whose it is
    (``linked_by``; nobody, where whoever holds the machine did); else the account's verified mail ``address`` did, and
    it counts as long as that is theirs. Unlike all others here this address is kept as it is: HR reads it.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index(None, "person"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    by_hand: Mapped[bool]
    linked_by: Mapped[str | None]
    linked_at: Mapped[datetime]
    address: Mapped[str | None]


class DraftRecord(Base):
    """What somebody has typed so far into the form of a task; gone with the task."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "person"),)

    task: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
