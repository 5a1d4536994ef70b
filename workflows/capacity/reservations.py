"""What a case takes of scarce things: places and money, from capacities that many cases share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from temporalio import workflow

from domain.capacity.letters import MoneyWaiting
from domain.capacity.reserving import TOO_OLD, CapacityStart, NotReserved, Release, Reserve, Reserved
from domain.core.case import CaseState
from domain.core.holdings import BUDGET, HolderId, Holding, ReservationStatus, amount_text, kind_of
from domain.core.model import Party, PersonId
from domain.core.risks import holding_waits
from workflows.capacity import activity_calls
from workflows.case.clock import never
from workflows.case.context import CaseContext

ONE = Decimal(1)

T = TypeVar("T")


class Reservations:
    """What a case holds, is offered or waits for. Whoever ends the case gives it back."""

    def __init__(self, context: CaseContext[Any], actor: PersonId) -> None:
        self._context = context
        self._case: CaseState = context.state
        self._actor = actor
        self._under_way: list[asyncio.Task[Any]] = []
        self._taking: dict[HolderId, asyncio.Task[Reserved | NotReserved]] = {}

    def holder(self, what: str) -> HolderId:
        """The name under which this case holds something."""
        return f"{self._case.case}/{what}"

    async def take(
        self,
        start: CapacityStart,
        holder: HolderId,
        amount: Decimal = ONE,
        *,
        wait: bool = False,
        offer_days: float = 1.0,
        signal_offer: bool = True,
        spent: bool = False,
    ) -> Reserved | NotReserved:
        """Take an amount, or queue up for it; where an offer stands, take it. Offers stand for so many days.

        Without ``signal_offer`` what was waited for is simply given. What is ``spent`` already is only booked: it never
        comes back.

        It is never broken off, or what was taken by it could be lost: who is cancelled meanwhile gives back later.
        What the capacity refuses changes nothing of what is held.
        """
        self._forget_offer(holder)
        before = self.holding(holder)
        holding = Holding(capacity=start.id, holder=holder, amount=amount)
        self._put(holder, holding)
        request = Reserve(
            actor=self._actor,
            holder=holder,
            amount=amount,
            wait=wait,
            signal_to=workflow.info().workflow_id if wait and signal_offer else None,
            offer_seconds=offer_days * self._case.clock.seconds_per_day,
            spent=spent,
        )
        self._taking[holder] = self._spawn(self._reserve(start, request, holding, before))
        return await asyncio.shield(self._taking[holder])

    async def _reserve(
        self, start: CapacityStart, request: Reserve, holding: Holding, before: Holding | None
    ) -> Reserved | NotReserved:
        """Ask for it, and see to it that only what is held or waited for stands in the state."""
        reserved: Reserved | NotReserved = NotReserved(capacity=start.id, holder=request.holder, why="", kind=TOO_OLD)
        while isinstance(reserved, NotReserved) and reserved.kind == TOO_OLD:
            reserved = await activity_calls.reserve(start, request.model_copy(update={"asked_at": workflow.now()}))
        if isinstance(reserved, NotReserved):
            self._put(request.holder, before)
        elif reserved.status is ReservationStatus.FULL:
            self._put(request.holder, None)
        else:
            holding.granted = reserved.status is ReservationStatus.HELD
        return reserved

    async def take_when_free(
        self,
        start: CapacityStart,
        holder: HolderId,
        amount: Decimal,
        *,
        waits: str,
        offer_days: float,
        before: datetime | None = None,
        unless: Callable[[], bool] = never,
    ) -> bool:
        """Take an amount and wait until there is enough; meanwhile the case is at risk because it ``waits``.

        False where it is of no use from ``before`` on, or is not wanted any more (``unless``), and was not there by
        then: nothing is held or waited for then.
        """
        there, late = await self._has(start, holder, amount, waits, offer_days, before, unless), False
        while not (there or late or unless()):
            late = await self._context.clock.until(
                lambda: before,
                f"too late for {start.id}",
                unless=lambda: self.is_offered(holder) or unless(),
                even_paused=True,
            )
            there = not late and await self._has(start, holder, amount, waits, offer_days, before, unless)
        if not there:
            await self.give_back(holder)
        self.needs_no_more(holder)
        return there

    async def _has(
        self,
        start: CapacityStart,
        holder: HolderId,
        amount: Decimal,
        waits: str,
        offer_days: float,
        before: datetime | None,
        unless: Callable[[], bool],
    ) -> bool:
        """Whether it is there now; what stands in the way puts the case at risk, and HR hears of it."""
        refused = False
        while not unless() and (before is None or self._context.now() < before):
            reserved = await self.take(start, holder, amount, wait=True, offer_days=offer_days)
            if isinstance(reserved, NotReserved):  # somebody has to put that right
                refused = True
                self.say_refused(reserved)
                await self._context.clock.wait(1, f"another try at {start.id}")
                continue
            if refused:  # it is put right: if something stands in the way now, it is something else
                self.needs_no_more(holder)
            if reserved.status is not ReservationStatus.HELD:
                if holding_waits(holder) not in self._case.at_risk:
                    self._say_waits(start, reserved)
                self._context.put_at_risk(holding_waits(holder), f"{waits} {start.id}")
            return reserved.status is ReservationStatus.HELD
        return False

    def _say_waits(self, start: CapacityStart, reserved: Reserved) -> None:
        """Whoever the case is about hears why it stands still; HR hears of it as a risk."""
        about = next(
            self._case.parties[party] for party in (Party.LEARNER, Party.RETURNER) if party in self._case.parties
        )
        if kind_of(start.id) == BUDGET:
            money = amount_text(reserved.amount, start.unit)
            letter = MoneyWaiting(money=money, budget=start.title, place=reserved.place)
            self._context.report.letter(letter, to=about)

    def say_refused(self, refused: NotReserved) -> None:
        """HR hears that a capacity refuses what the case needs of it."""
        self._context.put_at_risk(holding_waits(refused.holder), said(refused))

    def needs_no_more(self, holder: HolderId) -> None:
        """What stood in the way of this is no risk any more."""
        self._context.clear_risk(holding_waits(holder))

    async def give_back(self, holder: HolderId, keep: Decimal = Decimal(0), *, final: bool = False) -> None:
        """Give back what is held under this name, or waited for; but for what is spent. It is never broken off.

        It is ``final`` where nothing is ever taken under this name again.
        """
        await asyncio.shield(self._spawn(self._give_back(holder, keep, final=final)))

    def give_back_soon(self, holder: HolderId) -> None:
        """Give it back, from where nobody can wait; :meth:`settled` waits for it."""
        self.soon(self._give_back(holder, Decimal(0)))

    def soon(self, what: Coroutine[Any, Any, None]) -> None:
        """Do it beside everything else, whatever is broken off; :meth:`settled` waits for it."""
        self._spawn(what)

    async def _give_back(self, holder: HolderId, keep: Decimal, *, final: bool = False) -> None:
        if holder in self._taking:  # given back before it is taken, it would be held for ever
            await workflow.wait_condition(self._taking[holder].done)
        self._forget_offer(holder)
        holding = self.holding(holder)
        if holding is None:
            return
        release = Release(actor=self._actor, holder=holder, keep=keep, final=final)
        released = await activity_calls.release(holding.capacity, release)
        if isinstance(released, NotReserved):
            self.say_refused(released)
            return
        holding.amount = keep
        if not keep and holding in self._case.held:
            self._case.held.remove(holding)

    async def settled(self) -> None:
        """Wait for what is only just being taken or given back."""
        await workflow.wait_condition(lambda: all(call.done() for call in self._under_way))
        for call in self._under_way:
            call.result()

    def holding(self, holder: HolderId) -> Holding | None:
        """What is held under this name, or waited for."""
        return next((holding for holding in self._case.held if holding.holder == holder), None)

    def is_offered(self, holder: HolderId) -> bool:
        """Whether what was waited for can be taken now."""
        return any(offer.holder == holder for offer in self._case.offers)

    def is_taking(self, holder: HolderId) -> bool:
        """Whether it is only just being taken, or asked for."""
        return holder in self._taking and not self._taking[holder].done()

    def _spawn(self, call: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(call)
        self._under_way = [*(earlier for earlier in self._under_way if not earlier.done()), task]
        return task

    def _put(self, holder: HolderId, holding: Holding | None) -> None:
        """Let this stand in the state for the holder, and nothing else."""
        others = [holding for holding in self._case.held if holding.holder != holder]
        self._case.held = [*others, *([holding] if holding is not None else [])]

    def _forget_offer(self, holder: HolderId) -> None:
        self._case.offers = [offer for offer in self._case.offers if offer.holder != holder]


def said(refused: NotReserved) -> str:
    """A capacity's refusal as HR reads it."""
    return f"{refused.capacity}: {refused.why}"
