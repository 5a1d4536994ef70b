"""Who is being started, or runs, by the records: so that nobody has two cases of one kind unawares."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from domain.core.beginning import Claim
from domain.core.case import ENDED
from domain.core.model import CaseId, Fixed, Instant, PersonId, RoleId
from records.database import lock
from records.tables.core import CaseRecord
from records.tables.dispatch import StartRecord

BEING_STARTED = timedelta(minutes=1)
"""So long a case that somebody set out to start counts, though the engine does not have it yet.

Whoever starts it gives up well before (:data:`service.core.starting.START_WITHIN`): what the engine does not have after
this time, it will not get any more.
"""


class Sibling(Fixed):
    """Another case of the same person, which runs as far as the records know; ``claimed_at``: or is only to start.

    With ``changes`` it runs, and is only to be led to this role.
    """

    case: CaseId
    person: PersonId
    role: RoleId
    claimed_at: Instant | None = None
    changes: bool = False

    def may_be_starting(self, now: datetime) -> bool:
        """Whether somebody set out to start it so lately that the engine need not have it yet."""
        return self.claimed_at is not None and now - self.claimed_at < BEING_STARTED


def siblings(session: Session, claim: Claim) -> list[Sibling]:
    """The other cases of the same person that may run now; whether they do, the engine knows."""
    theirs = _not_ended(
        session,
        and_(CaseRecord.person == claim.person, CaseRecord.programme == claim.programme),
        and_(StartRecord.person == claim.person, StartRecord.programme == claim.programme),
    )
    fit = [
        sibling
        for sibling in theirs
        if sibling.case != claim.case and (not claim.in_role_only or sibling.role == claim.role)
    ]
    return sorted(fit, key=lambda sibling: sibling.case)


def reason_beside(session: Session, claim: Claim) -> str | None:
    """The reason to start a case beside others, where there are any: else it is no decision, and not put on record."""
    return claim.beside if siblings(session, claim) else None


def _not_ended(session: Session, told_of: ColumnElement[bool], claimed: ColumnElement[bool]) -> list[Sibling]:
    running = session.execute(
        select(CaseRecord.case_id, CaseRecord.person, CaseRecord.role).where(told_of, CaseRecord.stage != ENDED)
    )
    claims = session.scalars(select(StartRecord).where(claimed, StartRecord.case_id.not_in(select(CaseRecord.case_id))))
    changes = session.scalars(
        select(StartRecord)
        .join(CaseRecord, CaseRecord.case_id == StartRecord.case_id)
        .where(claimed, CaseRecord.stage != ENDED, CaseRecord.role != StartRecord.role)
    )
    return [
        *(Sibling(case=case, person=person, role=role) for case, person, role in running),
        *(_claimed(record) for record in claims),
        *(_claimed(record, changes=True) for record in changes),
    ]


def _claimed(record: StartRecord, *, changes: bool = False) -> Sibling:
    return Sibling(case=record.case_id, person=record.person, role=record.role, claimed_at=record.at, changes=changes)


def enter(session: Session, claim: Claim, gone: Collection[Sibling], now: datetime) -> list[Sibling]:
    """Put a case on record that is to start, unless the person has others and that is not asked for; those others.

    Of what the records hold, ``gone`` does not run by what the engine said, as it stood then: what has been set out to
    start once more since counts. Whoever comes at the same time waits, and finds this one.
    """
    lock(session, f"starts of {claim.person}")
    others = [sibling for sibling in siblings(session, claim) if sibling not in gone]
    if not others or claim.beside is not None:
        values = claim.model_dump(exclude={"case", "in_role_only"})
        session.merge(StartRecord(case_id=claim.case, at=now, **values))
    return others


def forget(session: Session, case: CaseId) -> None:
    """What somebody set out to do with a case came to nothing."""
    session.execute(delete(StartRecord).where(StartRecord.case_id == case))


def person_of(session: Session, case: CaseId, programme: str) -> PersonId | None:
    """Whom a case of this programme is about; none where the records don't know it."""
    known = session.get(CaseRecord, case)
    return known.person if known is not None and known.programme == programme else None
