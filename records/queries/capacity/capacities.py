"""What the records know of scarce things: how much there is, who has it, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.core.holdings import HEADCOUNT, CapacityId, ReservationStatus
from domain.core.model import PersonId
from domain.core.naming import MENTOR_PLACES, mentor_of
from domain.learning.enrolment import seats_in
from records.queries.core.people import Unknown
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.core import PersonRecord, RoleRecord
from records.tables.learning import TrainingRecord


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
        raise Unknown(_why_none(session, capacity_id))
    return record


def _why_none(session: Session, capacity_id: CapacityId) -> str:
    """A capacity begins when it is first asked for; what of is on record before that."""
    if _is_on_record(session, capacity_id):
        return f"nobody has asked for {capacity_id} yet; it comes into being when somebody does"
    return f"there is no capacity {capacity_id}; `capacity list` shows those there are"


def _is_on_record(session: Session, capacity_id: CapacityId) -> bool:
    """Whether the records know what a capacity is of: a session of a workshop, a mentor, the headcount of a role."""
    if capacity_id.startswith(MENTOR_PLACES):
        return session.get(PersonRecord, mentor_of(capacity_id)) is not None
    if capacity_id.startswith(f"{HEADCOUNT}-"):
        return session.scalars(select(RoleRecord.id).where(RoleRecord.headcount == capacity_id)).first() is not None
    workshops = session.execute(select(TrainingRecord.id, TrainingRecord.sessions))
    return any(seats_in(training, held["id"]) == capacity_id for training, sessions in workshops for held in sessions)


def reservations(session: Session, capacity_id: CapacityId) -> dict[ReservationStatus, list[ReservationRecord]]:
    """Who holds, who is offered something, and who waits: each in the order in which they came to stand so."""
    query = (
        select(ReservationRecord)
        .where(ReservationRecord.capacity == capacity_id)
        .order_by(ReservationRecord.at, ReservationRecord.position)
    )
    found: dict[ReservationStatus, list[ReservationRecord]] = {
        standing: [] for standing in (ReservationStatus.HELD, ReservationStatus.OFFERED, ReservationStatus.WAITING)
    }
    for reservation in session.scalars(query):
        if reservation.standing in found:
            found[ReservationStatus(reservation.standing)].append(reservation)
    return found


def offered(session: Session) -> dict[CapacityId, Decimal]:
    """How much of each capacity is on offer, where any is."""
    # Summed up here: SQLite keeps amounts as text and would add them up as floating-point numbers.
    sums: dict[CapacityId, Decimal] = {}
    query = select(ReservationRecord).where(ReservationRecord.standing == ReservationStatus.OFFERED.value)
    for reservation in session.scalars(query):
        sums[reservation.capacity] = sums.get(reservation.capacity, Decimal(0)) + reservation.amount
    return sums


def may_open(session: Session, person: PersonId) -> bool:
    """Whether somebody may set up a capacity: HR, head of HR or budget owner of some role."""
    parts = (RoleRecord.hr, RoleRecord.hr_lead, RoleRecord.budget_owner)
    return (
        session.scalars(select(RoleRecord.id).where(or_(*(part == person for part in parts))).limit(1)).first()
        is not None
    )
