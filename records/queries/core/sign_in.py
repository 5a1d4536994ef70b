"""Who is reached at a mail address, who asked for links to sign in, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.core.addresses import comparable
from domain.core.model import PersonId
from domain.core.naming import Programme
from domain.core.post import Address
from domain.registry.reach import reach_on_record
from records.queries.leaving import has_left
from records.tables.access import SessionRecord, SignInRecord
from records.tables.core import CaseRecord, PersonRecord


def reached_at(session: Session, address: str, now: datetime) -> dict[PersonId, Address]:
    """Who is reached at this address now, and which of theirs it is; without those who have left the company.

    ``address`` is as :func:`domain.core.addresses.comparable` has it. Somebody is reached at one of theirs, by how
    their placement stands: as letters are.
    """
    forms = _written(address)
    maybe = select(PersonRecord).where(or_(*(func.lower(column).in_(forms) for column in ADDRESSES)))
    candidates = session.scalars(maybe).all()
    found: dict[PersonId, Address] = {}
    for person in candidates:
        if has_left(person.time_zone, person.left_on, now):
            continue
        reach: Address = "private" if person.private_email and _reach(session, person.id) == "private" else "work"
        theirs = person.private_email if reach == "private" else person.email
        if theirs is not None and comparable(theirs) == address:
            found[person.id] = reach
    return found


ADDRESSES = (PersonRecord.email, PersonRecord.private_email)


def _written(address: str) -> list[str]:
    """How an address may stand in the records: with its domain as mail servers have it, and as people write it."""
    local, _, domain = address.rpartition("@")
    forms = [address]
    with suppress(UnicodeError):
        forms.append(f"{local}@{domain.encode('ascii').decode('idna')}")
    return list(dict.fromkeys(forms))


def _reach(session: Session, person: PersonId) -> Address:
    theirs = select(CaseRecord).where(CaseRecord.programme == Programme.RETURNSHIP, CaseRecord.person == person)
    return reach_on_record(session.scalars(theirs))


def session_of(session: Session, session_id: str) -> tuple[SessionRecord, PersonRecord] | None:
    """A session and whose it is, as far as they are on record, by one query."""
    both = select(SessionRecord, PersonRecord).join(PersonRecord, PersonRecord.id == SessionRecord.person)
    found = session.execute(both.where(SessionRecord.id == session_id)).first()
    return None if found is None else (found[0], found[1])


def is_here(session: Session, person: PersonId, now: datetime) -> bool:
    """Whether somebody is on record and has not left the company."""
    record = session.get(PersonRecord, person)
    return record is not None and not has_left(record.time_zone, record.left_on, now)


def addresses_of(session: Session, person: PersonId) -> set[str]:
    """The mail addresses of somebody, at whichever they are reached now, as they are compared; none of a stranger."""
    record = session.get(PersonRecord, person)
    return set() if record is None else {comparable(given) for given in (record.email, record.private_email) if given}


def asked_for(session: Session, since: datetime, *, address: str | None = None, source: str | None = None) -> int:
    """How many links were asked for since then that nobody has used: to an address, from a source, by their hashes."""
    query = select(func.count()).select_from(SignInRecord).where(SignInRecord.at > since)
    query = query.where(SignInRecord.used_at.is_(None))
    if address is not None:
        query = query.where(SignInRecord.address == address)
    if source is not None:
        query = query.where(SignInRecord.source == source)
    return session.scalar(query) or 0


def wrong_codes(session: Session, since: datetime) -> int:
    """How many wrong codes were typed for the links that were asked for since then."""
    return session.scalar(select(func.sum(SignInRecord.tries)).where(SignInRecord.at > since)) or 0


def open_in(session: Session, browser: str, now: datetime, tries: int) -> Sequence[SignInRecord]:
    """What can still be used of what a browser has asked for (by the hash of its secret), with fewer wrong tries."""
    query = select(SignInRecord).where(
        SignInRecord.browser == browser,
        SignInRecord.used_at.is_(None),
        SignInRecord.ends_at > now,
        SignInRecord.tries < tries,
    )
    return session.scalars(query).all()


def sessions(session: Session, person: PersonId) -> Sequence[SessionRecord]:
    """The sessions of somebody, the last seen first; also those that have ended and are not cleaned away yet."""
    theirs = select(SessionRecord).where(SessionRecord.person == person)
    return session.scalars(theirs.order_by(SessionRecord.last_seen_at.desc(), SessionRecord.id)).all()
