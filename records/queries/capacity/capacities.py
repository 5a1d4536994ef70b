"""What the records know of scarce things: how much there is, who has it, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.holdings import CapacityId, ReservationStatus
from domain.core.model import PersonId
from records.queries.core.people import Unknown
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.core import RoleRecord


class UnknownCapacity(Unknown):
    """There is no such capacity, nor anything that it could be of."""


def capacities(session: Session, kind: str | None = None) -> Sequence[CapacityRecord]:
    """All capacities (of this kind, such as ``seats``), by id."""
    query = select(CapacityRecord).order_by(CapacityRecord.id)
    if kind is not None:
        query = query.where(CapacityRecord.id.startswith(f"{kind}-", autoescape=True))
    return session.scalars(query).all()


def reservations(session: Session, capacity_id: CapacityId) -> dict[ReservationStatus, list[ReservationRecord]]:
    """Who holds, who is offered something, and who waits: each in the order in which they came to stand so."""
    query = (
        select(ReservationRecord)
        .where(ReservationRecord.capacity == capacity_id)
        .order_by(ReservationRecord.at, ReservationRecord.position)
    )
    found: dict[ReservationStatus, list[ReservationRecord]] = {
        status: [] for status in (ReservationStatus.HELD, ReservationStatus.OFFERED, ReservationStatus.WAITING)
    }
    for reservation in session.scalars(query):
        if reservation.status in found:
            found[ReservationStatus(reservation.status)].append(reservation)
    return found


def offered(session: Session) -> dict[CapacityId, Decimal]:
    """How much of each capacity is on offer, where any is."""
    # Summed up here: SQLite keeps amounts as text and would add them up as floating-point numbers.
    sums: dict[CapacityId, Decimal] = {}
    query = select(ReservationRecord).where(ReservationRecord.status == ReservationStatus.OFFERED.value)
    for reservation in session.scalars(query):
        sums[reservation.capacity] = sums.get(reservation.capacity, Decimal(0)) + reservation.amount
    return sums


def owns_budgets(session: Session, person: PersonId) -> bool:
    """Whether somebody is the budget owner of a role."""
    return session.scalar(select(RoleRecord.id).where(RoleRecord.budget_owner == person).limit(1)) is not None
