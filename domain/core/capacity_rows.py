"""The rows that capacities write: how much there is, and who has it."""

from __future__ import annotations

from typing import Literal

from domain.core.holdings import Amount, CapacityId, HolderId, ReservationStatus
from domain.core.model import Fixed, Instant


class CapacityRow(Fixed):
    """The state of a capacity now (replaces its row)."""

    table: Literal["capacity"] = "capacity"
    id: CapacityId
    at: Instant
    title: str
    unit: str
    size: Amount
    held: Amount
    waiting: int


class ReservationRow(Fixed):
    """The status of a holder that wants a part of a capacity (replaces the row of that holder)."""

    table: Literal["reservation"] = "reservation"
    capacity: CapacityId
    holder: HolderId
    at: Instant
    status: ReservationStatus
    amount: Amount
