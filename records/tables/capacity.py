"""The tables of scarce things: how much there is of each, and who has it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base
from records.types import Amount


class CapacityRecord(Base):
    """A capacity as it is now."""

    __tablename__ = "capacities"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    title: Mapped[str]
    unit: Mapped[str]
    size: Mapped[Decimal] = mapped_column(Amount)
    held: Mapped[Decimal] = mapped_column(Amount)
    waiting: Mapped[int]


class ReservationRecord(Base):
    """What somebody holds, is offered, waits for, or held once, of a capacity."""

    __tablename__ = "reservations"
    __table_args__ = (Index(None, "capacity", "standing"), Index(None, "standing"))

    capacity: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    status: Mapped[str] = mapped_column("standing")
    amount: Mapped[Decimal] = mapped_column(Amount)
