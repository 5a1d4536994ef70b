"""What cases hold of scarce things, or wait for: how a capacity and its holders are named, and counted.

The rules of who gets what are the capacity's own, in :mod:`domain.capacity`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from domain.core.model import Fixed, Instant, Model

SEATS, BUDGET, MENTOR, HEADCOUNT = KINDS = ("seats", "budget", "mentor", "headcount")

CapacityId = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(KINDS)})-[A-Z0-9][A-Z0-9-]{{0,59}}$")]
"""A kind and the id of the scarce thing: ``seats-SQL-101-MARCH``, ``budget-TRAINING-2026``."""


def _is_a_budget(capacity: str) -> str:
    if kind_of(capacity) != BUDGET:
        raise ValueError("must name a budget, such as budget-RETURNSHIP-2027")
    return capacity


BudgetId = Annotated[CapacityId, AfterValidator(_is_a_budget)]
"""A capacity of money, such as ``budget-TRAINING-2026``."""

HolderId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,39}/[a-z0-9][a-z0-9-]{0,59}$")]
"""A case and what in it holds something: ``U-7F3K2M-DATA1/plan-1``. The same holder never holds twice."""

Amount = Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12, decimal_places=2)]
"""Places, or money in the capacity's currency."""

Unit = Annotated[str, StringConstraints(pattern=r"^(places|[A-Z]{3})$")]
"""What a capacity is counted in: places, or a currency (ISO 4217)."""

PLACES = "places"


def kind_of(capacity: CapacityId) -> str:
    """What kind of scarce thing it is: one of :data:`KINDS`."""
    return capacity.partition("-")[0]


def wrong_unit(capacity: CapacityId, unit: str) -> str | None:
    """Why a capacity can't be counted in this unit, or none: only budgets are money, all others are places."""
    if kind_of(capacity) == BUDGET:
        return f"{capacity} is money, counted in a currency such as GBP" if unit == PLACES else None
    return None if unit == PLACES else f"{capacity} is counted in {PLACES}, not in {unit}"


def amount_text(amount: Decimal, unit: str) -> str:
    """An amount as people read it: ``3 places``, ``1,250.00 GBP``."""
    if unit != PLACES:
        return f"{amount:,.2f} {unit}"
    return f"{amount.normalize():f} place{'' if amount == 1 else 's'}"


class ReservationStatus(StrEnum):
    """The status of a holder that wants a part of a capacity."""

    HELD = "held"
    OFFERED = "offered"
    WAITING = "waiting"
    FULL = "full"
    """Not held, and not on the waiting list either, because nobody asked to be."""
    RELEASED = "released"


class PlaceOffered(Fixed):
    """Signal to the next in line: what they waited for can be taken until then."""

    capacity: CapacityId
    holder: HolderId
    until: Instant


class Holding(Model):
    """Something a case holds, is offered, or waits for: places, or money. ``granted`` once it holds it."""

    capacity: CapacityId
    holder: HolderId
    amount: Amount
    granted: bool = False
