"""What the records know of scarce things: how much there is, who has it, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.capacity import CapacityId, Standing
from domain.model import PersonId
from records.learning_tables import CapacityRecord, ReservationRecord
from records.people import Unknown
from records.tables import RoleRecord


def capacities(session: Session, kind: str | None = None) -> Sequence[CapacityRecord]:
    """All capacities (of this kind, such as ``seats``), by id."""
    query = select(CapacityRecord).order_by(CapacityRecord.id)
    if kind is not None:
        query = query.where(CapacityRecord.id.startswith(f"{kind}-", autoescape=True))
    return session.scalars(query).all()


def capacity(session: Session, capacity_id: CapacityId) -> CapacityRecord:
    """One capacity. Raises :class:`Unknown`."""
    record = session.get(CapacityRecord, capacity_id)
    if record is None:
        raise Unknown(f"no capacity {capacity_id} in the records; it was started a moment ago, or never")
    return record


def reservations(session: Session, capacity_id: CapacityId) -> dict[Standing, list[ReservationRecord]]:
    """Who holds, who is offered something, and who waits: each in the order in which they came to stand so."""
    query = (
        select(ReservationRecord)
        .where(ReservationRecord.capacity == capacity_id)
        .order_by(ReservationRecord.at, ReservationRecord.position)
    )
    found: dict[Standing, list[ReservationRecord]] = {
        standing: [] for standing in (Standing.HELD, Standing.OFFERED, Standing.WAITING)
    }
    for one in session.scalars(query):
        if one.standing in found:
            found[Standing(one.standing)].append(one)
    return found


def offered(session: Session) -> dict[CapacityId, Decimal]:
    """How much of each capacity is on offer, where any is."""
    # Summed up here: SQLite keeps amounts as text and would add them up as floating-point numbers.
    sums: dict[CapacityId, Decimal] = {}
    query = select(ReservationRecord).where(ReservationRecord.standing == Standing.OFFERED.value)
    for one in session.scalars(query):
        sums[one.capacity] = sums.get(one.capacity, Decimal(0)) + one.amount
    return sums


def may_open(session: Session, person: PersonId) -> bool:
    """Whether somebody may set up a capacity: HR, head of HR or budget owner of some role."""
    parts = (RoleRecord.hr, RoleRecord.hr_lead, RoleRecord.budget_owner)
    return (
        session.scalars(select(RoleRecord.id).where(or_(*(part == person for part in parts))).limit(1)).first()
        is not None
    )
