"""What a path takes of scarce things: seats in workshops, and money of the training budget."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.capacity import CapacityStart, HolderId, Release, Reserve, Reserved, Standing
from domain.model import Party
from domain.questions import TaskKind
from domain.upskilling import Enrolment, Held
from workflows import acts
from workflows.learning.desk import PathDesk

PLAN, ALTERNATIVE = "plan-", "alternative-"
"""What the holders of money begin with, after the case: a round's plan, or an enrolment that came in instead."""


def paid_by(enrolment: Enrolment) -> str:
    """Under which name, after the case, the money for a training is held."""
    return f"{ALTERNATIVE}{enrolment.n}" if enrolment.instead_of else f"{PLAN}{enrolment.round}"


class Reservations:
    """What a path holds. All of it is given back when the path ends, but for money that is spent."""

    def __init__(self, desk: PathDesk) -> None:
        self._desk = desk
        self._state = desk.state
        self._under_way: list[asyncio.Task[Reserved]] = []

    def holder(self, what: str) -> HolderId:
        """The name under which this case holds something."""
        return f"{self._state.case}/{what}"

    async def take(self, start: CapacityStart, holder: HolderId, amount: Decimal, *, wait: bool) -> Reserved:
        """Take an amount, or queue up for it; where an offer stands, take it.

        It is never broken off, or what was taken by it could be lost: who is cancelled meanwhile gives back later.
        """
        self._forget_offer(holder)
        self._state.held = [one for one in self._state.held if one.holder != holder]
        self._state.held.append(Held(capacity=start.id, holder=holder, amount=amount))
        days = self._state.policy.tasks[TaskKind.SEAT_OFFER.value].within_days
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
        self._desk.clear_risk("budget")

    async def _has_money(self, start: CapacityStart, holder: HolderId, amount: Decimal) -> bool:
        """Whether the money is there now; what stands in the way puts the case at risk, and HR hears of it."""
        while True:
            try:
                standing = (await self.take(start, holder, amount, wait=True)).standing
            except ActivityError as error:  # the budget is in another currency: somebody has to put that right
                self._desk.put_at_risk("budget", f"{start.id}: {error.cause}")
                await self._desk.clock.wait(1, f"another try at {start.id}")
                continue
            if standing is not Standing.HELD:
                self._desk.put_at_risk("budget", f"the plan waits for {amount} of {start.id}")
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

    async def give_all_back(self) -> None:
        """Give back all seats, and all money that is not spent; also what is only just being taken."""
        await workflow.wait_condition(lambda: all(one.done() for one in self._under_way))
        for held in list(self._state.held):
            await self.give_back(held.holder, self._spent_of(held))

    def _spent_of(self, held: Held) -> Decimal:
        what = held.holder.partition("/")[2]
        return sum(
            (one.training.cost.amount for one in self._state.enrolments if one.begun and paid_by(one) == what),
            Decimal(0),
        )

    def offered(self, holder: HolderId) -> bool:
        """Whether what was waited for can be taken now."""
        return any(offer.holder == holder for offer in self._state.offers)

    def _forget_offer(self, holder: HolderId) -> None:
        self._state.offers = [offer for offer in self._state.offers if offer.holder != holder]
