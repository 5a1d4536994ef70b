"""That a mail address of somebody was changed, for those who write to them at the one they had until then.

Whoever reads the mail there is to hear of it: by the new one somebody else might sign in as them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from domain.core.addresses import comparable
from domain.core.model import PersonId
from records.tables.core import PersonRecord
from records.tables.dispatch import AddressChangeRecord

Addresses = Mapping[PersonId, Collection[str]]


def addresses(session: Session) -> Addresses:
    """The mail addresses that everybody has who is on record."""
    found = session.execute(select(PersonRecord.id, PersonRecord.email, PersonRecord.private_email))
    return {person: [address for address in (work, private) if address] for person, work, private in found}


def note_changes(session: Session, before: Addresses, now: datetime) -> None:
    """Note whose addresses are others than they were ``before``: what they had is where they are to hear of it.

    Another way to write the same address is no change.
    """
    after = addresses(session)
    for person, had in before.items():
        has = after.get(person, had)
        if had != has and {*map(comparable, had)} != {*map(comparable, has)}:
            session.add_all(AddressChangeRecord(person=person, at=now, address=address) for address in had)


def to_be_told(
    session: Session, now: datetime, *, again_after: timedelta, at_most: int
) -> Sequence[AddressChangeRecord]:
    """The first changes of which nobody has been told yet, nor is just being told; they are, from now on."""
    due = or_(AddressChangeRecord.tried_at.is_(None), AddressChangeRecord.tried_at <= now - again_after)
    found = select(AddressChangeRecord).where(due).order_by(AddressChangeRecord.n).limit(at_most)
    changes = session.scalars(found.with_for_update(skip_locked=True)).all()
    for change in changes:
        change.tried_at = now
    return changes


def done(session: Session, change: AddressChangeRecord) -> None:
    """Nothing more is to be said of it."""
    session.execute(delete(AddressChangeRecord).where(AddressChangeRecord.n == change.n))
