"""The cases in which somebody plays a part that lets them see these: those that run first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.model import CaseId, Party, PersonId
from records.among import among
from records.queries.core.access import own
from records.tables.access import PartHolderRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord


class OwnCase(NamedTuple):
    """A case. Names and titles are none where the records know none."""

    case_id: CaseId
    programme: str
    person: PersonId
    person_name: str | None
    role: str
    role_title: str | None
    stage: str
    outcome: str | None
    paused: bool


class Totals(NamedTuple):
    """How many cases there are, and how many of them run."""

    all: int
    running: int


def listed(session: Session, person: PersonId, *, first: int, many: int) -> Sequence[OwnCase]:
    """So many of them from the ``first`` on (counted from 0); of those that run, and of the ended, the newest first."""
    query = (
        select(
            CaseRecord.case_id,
            CaseRecord.programme,
            CaseRecord.person,
            PersonRecord.name,
            CaseRecord.role,
            RoleRecord.title,
            CaseRecord.stage,
            CaseRecord.outcome,
            CaseRecord.paused,
        )
        .outerjoin(PersonRecord, PersonRecord.id == CaseRecord.person)
        .outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
        .where(own(person))
        .order_by(CaseRecord.stage == ENDED, CaseRecord.stage_since.desc(), CaseRecord.case_id)
    )
    return [OwnCase._make(row) for row in session.execute(query.offset(first).limit(many))]


def totals(session: Session, person: PersonId) -> Totals:
    """How many there are."""
    query = select(func.count(), func.count().filter(CaseRecord.stage != ENDED)).where(own(person))
    return Totals(*session.execute(query).one())


def parts_in(session: Session, person: PersonId, cases: Collection[CaseId]) -> dict[CaseId, list[Party]]:
    """The parts that somebody plays in each of these cases, in the order of :class:`Party`."""
    held = select(PartHolderRecord.case_id, PartHolderRecord.party).where(
        among(PartHolderRecord.case_id, cases), PartHolderRecord.person == person
    )
    found: dict[CaseId, list[Party]] = {}
    for case, party in session.execute(held):
        found.setdefault(case, []).append(Party(party))
    order = list(Party)
    return {case: sorted(parts, key=order.index) for case, parts in found.items()}
