"""Scarce things: whatever has fewer places, or less money, than people want.

A capacity has a size, holders, and a waiting list in order. What somebody gives back is offered to the next in line,
who may take it for a while. The rules are those of :class:`CapacityState`; the workflow only says when.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.model import Fixed, Instant, Message, PersonId, Sentence

CapacityId = Annotated[str, StringConstraints(pattern=r"^(seats|budget|mentor|headcount)-[A-Z0-9][A-Z0-9-]{0,59}$")]
"""A kind and the id of the scarce thing: ``seats-SQL-101-MARCH``, ``budget-TRAINING-2026``."""

HolderId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,39}/[a-z0-9][a-z0-9-]{0,59}$")]
"""A case and what in it holds something: ``U-7F3K2M-DATA1/plan-1``. The same holder never holds twice."""

Amount = Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12, decimal_places=2)]
"""Places, or money in the capacity's currency."""


class CapacityStart(Fixed):
    """What a capacity is started with when it is first needed. ``unit`` is ``places`` or a currency (ISO 4217).

    ``owners`` may change its size.
    """

    id: CapacityId
    title: Sentence
    unit: Annotated[str, StringConstraints(pattern=r"^(places|[A-Z]{3})$")]
    size: Amount
    owners: list[PersonId]


class Standing(StrEnum):
    """How it stands with somebody who wants a part of a capacity."""

    HELD = "held"
    OFFERED = "offered"
    WAITING = "waiting"
    FULL = "full"
    """Not held, and not on the waiting list either, because nobody asked to be."""
    RELEASED = "released"


class Reserve(Message):
    """Take ``amount``, or queue up for it (``wait``); taking again what is held, or offered, is the same place.

    ``tell`` is the workflow to be told when a place is offered, by the signal ``place_offered``; it has
    ``offer_seconds`` (of real time) to take it by reserving again.
    """

    actor: PersonId
    holder: HolderId
    amount: Amount = Decimal(1)
    wait: bool = False
    tell: str | None = Field(default=None, max_length=200)
    offer_seconds: float = Field(default=172_800, gt=0, le=31_536_000)


class Release(Message):
    """Give back what is held or waited for, but for ``keep`` (what is spent already)."""

    actor: PersonId
    holder: HolderId
    keep: Amount = Decimal(0)


class Resize(Message):
    """Change the size. Nobody who holds something loses it: a smaller size only lets nobody new in."""

    actor: PersonId
    size: Amount
    reason: Sentence


class Reserved(Fixed):
    """How it stands with a holder now. ``place`` is that on the waiting list, from 1; ``until`` an offer's end."""

    capacity: CapacityId
    holder: HolderId
    standing: Standing
    amount: Amount
    place: int | None = None
    until: Instant | None = None


class PlaceOffered(Fixed):
    """What the next in line is told: what they waited for can be taken until then."""

    capacity: CapacityId
    holder: HolderId
    until: Instant


class Resized(Fixed):
    """A capacity after its size was changed."""

    capacity: CapacityId
    size: Amount
    held: Amount
    waiting: int


class ReserveCall(Fixed):
    """A reservation, and what the capacity is started with if it is not there yet."""

    start: CapacityStart
    request: Reserve


class ReleaseCall(Fixed):
    """What is given back, and to which capacity."""

    capacity: CapacityId
    request: Release
