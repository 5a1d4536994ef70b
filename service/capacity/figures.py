"""How much of each capacity is held, offered and free, and who has it or waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.core.holdings import PLACES, CapacityId, HolderId, ReservationStatus
from records.database import Database
from records.queries import registry
from records.queries.capacity import capacities as in_records
from records.tables.capacity import CapacityRecord
from service.capacity.resizing import check_capacity_id


@dataclass(frozen=True)
class CapacityFigures:
    """A capacity as the records know it; amounts are in its ``unit``."""

    id: CapacityId
    title: str
    unit: str
    size: Decimal
    held: Decimal
    offered: Decimal
    waiting: int
    at: datetime

    @property
    def free(self) -> Decimal:
        """What is neither held nor offered to somebody."""
        return self.size - self.held - self.offered

    def as_json(self) -> dict[str, Any]:
        """The figures for scripts; amounts are texts."""
        amounts = {name: bare_amount(getattr(self, name), self.unit) for name in ("size", "held", "offered", "free")}
        named = {"id": self.id, "title": self.title, "unit": self.unit}
        return {**named, **amounts, "waiting": self.waiting, "at": self.at.isoformat()}


@dataclass(frozen=True)
class Reservation:
    """What somebody holds, is offered, or waits for."""

    holder: HolderId
    amount: Decimal
    at: datetime


def bare_amount(amount: Decimal, unit: str) -> str:
    """An amount without its unit: places are whole, money has two decimals."""
    return f"{amount:.0f}" if unit == PLACES else f"{amount:.2f}"


def capacities(database: Database, kind: str | None = None) -> list[CapacityFigures]:
    """All capacities (of a kind), by id."""
    with database.reading() as session:
        found, offered = in_records.capacities(session, kind), in_records.offered(session)
        return [_figures(record, offered.get(record.id)) for record in found]


def reservations(
    database: Database, capacity: CapacityId
) -> tuple[CapacityFigures, Mapping[ReservationStatus, Sequence[Reservation]]]:
    """A capacity, and its reservations by where they stand, each in its order.

    Raises ``Refused`` for what can be no capacity's id, ``Unknown`` for one that is not in the records.
    """
    check_capacity_id(capacity)
    with database.reading() as session:
        known = registry.capacity(session, capacity)
        found = in_records.reservations(session, capacity)
        figures = _figures(known, in_records.offered(session).get(capacity))
        return figures, {
            status: [Reservation(record.holder, record.amount, record.at) for record in ones]
            for status, ones in found.items()
        }


def _figures(record: CapacityRecord, offered: Decimal | None) -> CapacityFigures:
    return CapacityFigures(
        record.id, record.title, record.unit, record.size, record.held, offered or Decimal(0), record.waiting, record.at
    )
