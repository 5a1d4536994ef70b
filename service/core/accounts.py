"""Accounts at an identity provider (OpenID Connect): whose they are, and signing in by one.

An account is known by what its provider calls it for good. It is linked to somebody when they first sign in by it, if
the provider has verified that its address is theirs, and for as long as that address is: once it is not, the account is
theirs anew only by another address of theirs, and never somebody else's, unless whoever may unlinks it. Whoever has a
duty beyond cases is never linked by an address alone: somebody who may says whose account it is.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from domain.core.addresses import comparable, fault_of
from domain.core.model import PersonId
from records.database import Database, lock
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.core import sign_in as queries
from records.tables.access import AccountRecord
from service.core.access import check_may_grant
from service.core.errors import Refused
from service.core.sessions import Known, Sessions, SignedIn, end_sessions_of, hashed

_log = logging.getLogger(__name__)

LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core 1.0, section 2)."""

WhyNobody: TypeAlias = Literal["unverified", "nobody", "by_hand", "another", "changed"]


@dataclass(frozen=True)
class Account:
    """An account, as its provider has just vouched for it; ``address`` is there only where the provider verified it."""

    issuer: str
    subject: str
    address: str | None


@dataclass(frozen=True)
class Linked:
    """An account and whose it is. ``by`` is nobody where its ``address`` said so, or whoever holds the machine.

    ``counts`` is whether they can sign in by it as it is: not once that address is theirs no more.
    """

    issuer: str
    subject: str
    person: PersonId
    by_hand: bool
    by: PersonId | None
    at: datetime
    address: str | None
    counts: bool


class NobodysAccount(Refused):
    """Nobody is signed in by this account.

    ``why``: its address is not verified (``unverified``); it is nobody's, or of somebody who has left (``nobody``);
    whoever it seems to be has a duty beyond cases, and nobody has said yet that it is theirs (``by_hand``); they sign
    in by another account (``another``); the address by which it was linked is theirs no more, and its address now is
    that of somebody else (``changed``). ``person`` is whom it seems to be, if anybody.
    """

    def __init__(self, sentence: str, why: WhyNobody, person: PersonId | None = None) -> None:
        super().__init__(sentence, "forbidden")
        self.why = why
        self.person = person


def sign_in_by(sessions: Sessions, account: Account, *, agent: str = "", before: str | None = None) -> SignedIn:
    """Sign in whoever has this account. ``before`` is the cookie of a session that the browser has: it ends.

    Raises :class:`NobodysAccount`.
    """
    return sessions.open(lambda session, now: _owner(session, account, now), agent=agent, before=before)


def _owner(session: Session, account: Account, now: datetime) -> Known:
    lock(session, "accounts")
    record = session.get(AccountRecord, (account.issuer, account.subject))
    address = record.address if record is not None and _counts(session, record) else None
    if record is None or not (record.by_hand or address):
        person, address = _by_address(session, account, now)
        if record is not None and record.person != person:
            raise NobodysAccount("the address by which this account was linked is theirs no more", "changed", person)
    else:
        person = record.person
    if not queries.is_here(session, person, now):
        raise NobodysAccount("this account is of nobody who is here", "nobody", person)
    by_hand = record is not None and record.by_hand
    if not by_hand and in_access.viewer(session, person, now).has_duties:
        raise NobodysAccount("somebody who may has to say whose account this is", "by_hand", person)
    if record is None:
        record = _new(account.issuer, account.subject, person, now, address=address)
        session.add(record)
    elif record.address != address:
        record.address, record.linked_at = address, now
    return Known(person, by_hand, hashed(address) if address else None)


def _by_address(session: Session, account: Account, now: datetime) -> tuple[PersonId, str]:
    """Whose account this is by its address, of those who have no other one that counts; and that address."""
    if account.address is None or fault_of(account.address.strip()) is not None:
        raise NobodysAccount("the provider has not verified this account's address", "unverified")
    address = comparable(account.address.strip())
    found = list(queries.reached_at(session, address, now))
    if len(found) != 1:  # of several nobody could say which of them it is
        raise NobodysAccount("this account's address is not that of one person here", "nobody")
    if any(_counts(session, other) for other in session.scalars(_of(account.issuer, found[0]))):
        raise NobodysAccount("they sign in by another account", "another", found[0])
    return found[0], address


def _counts(session: Session, record: AccountRecord) -> bool:
    """Whether somebody can sign in by an account as it was linked: by hand, or by an address that is theirs still."""
    return record.by_hand or record.address in queries.addresses_of(session, record.person)


def _of(issuer: str, person: PersonId) -> Select[AccountRecord]:
    return select(AccountRecord).where(AccountRecord.issuer == issuer, AccountRecord.person == person)


def _new(
    issuer: str,
    subject: str,
    person: PersonId,
    now: datetime,
    *,
    by_hand: bool = False,
    by: PersonId | None = None,
    address: str | None = None,
) -> AccountRecord:
    return AccountRecord(
        issuer=issuer, subject=subject, person=person, by_hand=by_hand, linked_by=by, linked_at=now, address=address
    )


def link(database: Database, issuer: str, subject: str, person: PersonId, *, by: PersonId | None = None) -> Linked:
    """Say whose account this is; accounts that they had at this provider before are theirs no more.

    For whoever may grant duties; for themselves, too. Raises ``Unknown`` and :class:`Refused`, also for an account
    that is somebody else's already.
    """
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise Refused(
            f"subject: must be 1 to {LONGEST_SUBJECT} characters, as the provider names the account", "invalid"
        )
    with database.session() as session:
        lock(session, "accounts")
        now = datetime.now(UTC)
        in_records.person(session, person)
        check_may_grant(session, by, now)
        there = session.get(AccountRecord, (issuer, subject))
        if there is not None and there.person != person:
            raise Refused(f"this account is that of {there.person}; unlink it there first", "conflict")
        _drop(session, issuer, person, now)
        record = _new(issuer, subject, person, now, by_hand=True, by=by)
        session.add(record)
        session.flush()
        return _linked(session, record)


def unlink(database: Database, issuer: str | None, person: PersonId, *, by: PersonId | None = None) -> int:
    """Somebody signs in by none of their accounts at this provider (or at any) any more, and is signed out; how many
    accounts these were. Who has unlinked them is logged.

    Raises ``Unknown``, and :class:`Refused` where there are none.
    """
    with database.session() as session:
        lock(session, "accounts")
        now = datetime.now(UTC)
        in_records.person(session, person)
        check_may_grant(session, by, now)
        if not (dropped := _drop(session, issuer, person, now)):
            raise Refused(f"{person} has no account that could be unlinked", "conflict")
    _log.info("accounts of somebody were unlinked", extra={"person": person, "by": by, "accounts": dropped})
    return dropped


def _drop(session: Session, issuer: str | None, person: PersonId, now: datetime) -> int:
    theirs = delete(AccountRecord).where(AccountRecord.person == person)
    if issuer is not None:
        theirs = theirs.where(AccountRecord.issuer == issuer)
    dropped = len(session.scalars(theirs.returning(AccountRecord.subject)).all())
    if dropped:
        end_sessions_of(session, person, now)
    return dropped


def accounts(database: Database, person: PersonId | None = None) -> Sequence[Linked]:
    """All accounts (of somebody) and whose they are, by person."""
    query = select(AccountRecord).order_by(AccountRecord.person, AccountRecord.issuer, AccountRecord.subject)
    with database.reading() as session:
        if person is not None:
            query = query.where(AccountRecord.person == person)
        return [_linked(session, record) for record in session.scalars(query)]


def _linked(session: Session, record: AccountRecord) -> Linked:
    return Linked(
        issuer=record.issuer,
        subject=record.subject,
        person=record.person,
        by_hand=record.by_hand,
        by=record.linked_by,
        at=record.linked_at,
        address=record.address,
        counts=_counts(session, record),
    )
