"""Scarce things: whatever has fewer places, or less money, than people want.

A capacity has a size, holders, and a waiting list in order. What somebody gives back is offered to the next in line,
who may take it for a while. The rules are those of :class:`domain.capacity.rules.CapacityState`; the workflow only
says when.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Self

from pydantic import Field, model_validator

from domain.core.holdings import PLACES, Amount, CapacityId, HolderId, ReservationStatus, Unit, wrong_unit
from domain.core.model import Fixed, Instant, Message, PersonId, Sentence, Title
from domain.core.policy_rules import LONGEST_DAYS


class CapacityStart(Fixed):
    """What a capacity is started with when it is first needed. ``owners`` may change its size.

    After ``updates_a_run`` changes its workflow begins a new run: Temporal takes 2,000 a run at most.
    """

    id: CapacityId
    title: Title
    unit: Unit
    size: Amount
    owners: list[PersonId]
    updates_a_run: int = Field(default=1000, ge=1, le=1500)

    @model_validator(mode="after")
    def _counted_as_its_kind_is(self) -> Self:
        if wrong := wrong_unit(self.id, self.unit):
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _whole_places(self) -> Self:
        if self.unit == PLACES and self.size % 1:
            raise ValueError("places are whole")
        return self


class Reserve(Message):
    """Take ``amount``, or queue up for it (``wait``); taking again what is held, or offered, is the same place.

    ``signal_to`` is the workflow that is signalled (``place_offered``) when a place is offered; it has
    ``offer_seconds`` (of real time) to take it by reserving again. Where no workflow is named, the place is simply
    given. ``unit`` is the one the amount is meant in; refused where the capacity is counted in another. What is
    ``spent`` already never comes back: once it is given, it counts among what is spent, and the holder is through.
    ``asked_at`` is the real time at which it was asked for.
    """

    actor: PersonId
    holder: HolderId
    amount: Amount = Decimal(1)
    wait: bool = False
    unit: Unit | None = None
    signal_to: str | None = Field(default=None, max_length=200)
    offer_seconds: float = Field(default=172_800, gt=0, le=LONGEST_DAYS * 86_400)
    """As long as any policy can let somebody take to answer an offer."""
    spent: bool = False
    asked_at: Instant | None = None


class Release(Message):
    """Give back what is held or waited for, but for ``keep`` (what is spent already).

    ``final`` says that the holder never asks again: what it keeps is spent for good.
    """

    actor: PersonId
    holder: HolderId
    keep: Amount = Decimal(0)
    final: bool = False


class Resize(Message):
    """Change the size. Nobody who holds something loses it: a smaller size only lets nobody new in.

    ``unit`` as in :class:`Reserve`.
    """

    actor: PersonId
    size: Amount
    unit: Unit | None = None
    reason: Sentence


class Reserved(Fixed):
    """What a holder has now. ``place`` is its place on the waiting list, from 1; ``until`` the end of an offer.

    ``amount`` is what they hold, are offered or wait for; 0 where they do neither.
    """

    capacity: CapacityId
    holder: HolderId
    status: ReservationStatus
    amount: Amount
    place: int | None = None
    until: Instant | None = None


TOO_OLD: Final = "too_old"
"""The kind of refusal for requests so old that nobody knows any more whether the holder was finished since."""


class NotReserved(Fixed):
    """What a capacity has refused, and why, in its own sentence; nothing has changed by it. ``kind`` is the refusal's.

    It is a value of its own, and no error, so that whoever takes something has to say what comes of a refusal.
    """

    capacity: CapacityId
    holder: HolderId
    why: str
    kind: str


class Resized(Fixed):
    """A capacity after its size was changed."""

    capacity: CapacityId
    unit: Unit
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
