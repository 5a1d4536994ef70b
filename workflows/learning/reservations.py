"""What a path takes of scarce things: seats in workshops, and money of the training budget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from temporalio import workflow

from domain.capacity import CapacityStart, HolderId, Release, Reserve, Reserved, Standing
from domain.case import DAY
from domain.model import Party
from domain.questions import TaskKind
from domain.tasks import Refused
from domain.upskilling import Enrolment, Held
from workflows import acts
from workflows.learning.desk import PathDesk

SHORTEST_OFFER_DAYS = 0.01
PLAN, ALTERNATIVE = "plan-", "alternative-"
"""What the holders of money begin with, after the case: a round's plan, or an enrolment that came in instead."""


def paid_by(enrolment: Enrolment) -> str:
    """Under which name, after the case, the money for a training is held."""
    return f"{ALTERNATIVE}{enrolment.n}" if enrolment.instead_of else f"{PLAN}{enrolment.round}"


def _is_money(held: Held) -> bool:
    return held.holder.partition("/")[2].startswith((PLAN, ALTERNATIVE))


def _risk(holder: HolderId) -> str:
    return f"budget {holder}"


class Reservations:
    """What a path holds. All of it is given back when the path ends, but for money that is spent."""

    def __init__(self, desk: PathDesk) -> None:
        self._desk = desk
        self._state = desk.state
        self._under_way: list[asyncio.Task[Reserved]] = []

    def holder(self, what: str) -> HolderId:
        """The name under which this case holds something."""
        return f"{self._state.case}/{what}"

    async def take(
        self,
        start: CapacityStart,
        holder: HolderId,
        amount: Decimal,
        *,
        wait: bool,
        before: datetime | None = None,
    ) -> Reserved:
        """Take an amount, or queue up for it; where an offer stands, take it. It is of no use after ``before``.

        It is never broken off, or what was taken by it could be lost: who is cancelled meanwhile gives back later.
        """
        self._forget_offer(holder)
        self._state.held = [one for one in self._state.held if one.holder != holder]
        self._state.held.append(Held(capacity=start.id, holder=holder, amount=amount))
        days = float(self._state.policy.tasks[TaskKind.SEAT_OFFER.value].within_days)
        if before is not None:
            days = min(days, max((before - self._desk.now()) / DAY, SHORTEST_OFFER_DAYS))
        request = Reserve(
            actor=self._state.learner,
            holder=holder,
            amount=amount,
            wait=wait,
            tell=workflow.info().workflow_id if wait else None,
            offer_seconds=days * self._state.clock.seconds_per_day,
        )
        taking = asyncio.create_task(acts.reserve(start, request))
        self._under_way = [*(one for one in self._under_way if not one.done()), taking]
        reserved = await asyncio.shield(taking)
        if reserved.standing is Standing.FULL:
            self._state.held = [one for one in self._state.held if one.holder != holder]
        return reserved

    async def take_money(self, amount: Decimal, holder: HolderId) -> None:
        """Take money of the shared budget, if the policy names one, and wait until there is enough."""
        budget = self._state.policy.plan.budget_from
        if budget is None or not amount:
            return
        owners = [self._state.parties[party] for party in (Party.BUDGET_OWNER, Party.HR_LEAD)]
        start = CapacityStart(
            id=budget, title="Training budget", unit=self._state.budget.currency, size=Decimal(0), owners=owners
        )
        while not await self._has_money(start, holder, amount):
            await workflow.wait_condition(lambda: self.offered(holder))
        self._desk.clear_risk(_risk(holder))

    async def _has_money(self, start: CapacityStart, holder: HolderId, amount: Decimal) -> bool:
        """Whether the money is there now; what stands in the way puts the case at risk, and HR hears of it."""
        while True:
            try:
                standing = (await self.take(start, holder, amount, wait=True)).standing
            except Refused as refusal:  # the budget is in another currency: somebody has to put that right
                self._desk.put_at_risk(_risk(holder), f"{start.id}: {refusal}")
                await self._desk.clock.wait(1, f"another try at {start.id}")
                continue
            if standing is not Standing.HELD:
                self._desk.put_at_risk(_risk(holder), f"the plan waits for {amount} of {start.id}")
            return standing is Standing.HELD

    async def give_back(self, holder: HolderId, keep: Decimal = Decimal(0)) -> None:
        """Give back what is held under this name, or waited for; but for what is spent."""
        self._forget_offer(holder)
        held = next((one for one in self._state.held if one.holder == holder), None)
        if held is None:
            return
        await acts.release(held.capacity, Release(actor=self._state.learner, holder=holder, keep=keep))
        held.amount = keep
        if not keep:
            self._state.held.remove(held)

    async def give_unused_money_back(self, but: Enrolment | None = None) -> None:
        """Give back the money for trainings that are settled (or given up now: ``but``) and were never begun."""
        for held in list(self._state.held):
            needed = self._money_of(held, lambda one: one.begun is not None or not (one.settled or one is but))
            if _is_money(held) and needed < held.amount:
                await self.give_back(held.holder, needed)

    async def give_all_back(self) -> None:
        """Give back all seats, and all money that is not spent; also what is only just being taken."""
        await workflow.wait_condition(lambda: all(one.done() for one in self._under_way))
        for held in list(self._state.held):
            await self.give_back(held.holder, self._money_of(held, lambda one: one.begun is not None))

    def _money_of(self, held: Held, counts: Callable[[Enrolment], bool]) -> Decimal:
        """What those of the trainings that count cost which are paid under this name; seats are no money."""
        what = held.holder.partition("/")[2]
        paid = [one for one in self._state.enrolments if counts(one) and paid_by(one) == what]
        return sum((one.training.cost.amount for one in paid), Decimal(0))

    def offered(self, holder: HolderId) -> bool:
        """Whether what was waited for can be taken now."""
        return any(offer.holder == holder for offer in self._state.offers)

    def _forget_offer(self, holder: HolderId) -> None:
        self._state.offers = [offer for offer in self._state.offers if offer.holder != holder]
