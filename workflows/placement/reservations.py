"""What a placement takes of scarce things: a mentor's place, money for its stipends, a place of the headcount."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal

from domain.capacity.reserving import CapacityStart, NotReserved
from domain.core.holdings import PLACES, Holding, ReservationStatus
from domain.core.model import Money, Party
from domain.core.naming import mentor_capacity
from domain.core.risks import holding_waits
from domain.placement.mentorship import Mentorship
from domain.placement.stipend import stipends_of, stipends_planned
from workflows.capacity.reservations import Reservations, said
from workflows.case.clock import never
from workflows.placement.context import PlacementContext

OFFER_STANDS_DAYS = 14.0
"""A case takes what it is offered at once; this is for a time without a worker."""

HEADCOUNT, STIPENDS = "headcount", "stipends"
NO_PLACE = "all their places had been taken meanwhile"


class PlacementReservations(Reservations):
    """What a placement holds. It gives back the mentor's place when the mentoring ends, the money that no stipend
    needed when the placement ends, and the place of the headcount unless somebody is employed."""

    def __init__(self, context: PlacementContext) -> None:
        super().__init__(context, context.state.parties[Party.HR])
        self._context: PlacementContext = context
        self._state = context.state
        self._fitting = asyncio.Lock()
        self._needed_for_stipends: Money | None = None

    # A mentor's place

    async def take_place_of(self, mentorship: Mentorship) -> str | None:
        """Take a place of somebody who has agreed to be the mentor; why that can't be, or none."""
        start = CapacityStart(
            id=mentor_capacity(mentorship.mentor),
            title="Places for mentees",
            unit=PLACES,
            size=Decimal(self._state.policy.mentoring.max_mentees),
            owners=self._owners(Party.HR, Party.HR_LEAD),
        )
        reserved = await self.take(start, self._mentee(mentorship))
        if isinstance(reserved, NotReserved):
            self.say_refused(reserved)
            return said(reserved)
        if reserved.status is not ReservationStatus.HELD:
            return NO_PLACE
        for other in self._state.mentorships:  # a place that was refused is not needed any more
            self.needs_no_more(self._mentee(other))
        return None

    def free_place_of(self, mentorship: Mentorship) -> None:
        """The mentor has one place more again."""
        self.give_back_soon(self._mentee(mentorship))

    def _mentee(self, mentorship: Mentorship) -> str:
        return self.holder(f"mentee-{mentorship.n}")

    # Money for the stipends

    async def take_stipends(self) -> None:
        """Take what all stipends will come to of the programme's budget, if the policy names one; wait for it."""
        if self._budget() is not None:
            plan = await self._context.plan_calendar()
            money = stipends_of(self._state.role.stipend, plan.start, plan.end, self._state.share_paid)
            await self._take_money(STIPENDS, money)

    async def fit_stipends(self, why: str) -> None:
        """Take of the budget what the stipends now come to more, or give back what they come to less.

        It is asked for whenever they come to something else: an extension or another working pattern was agreed, a
        leave has ended, or the start or the last day was moved. All that is worked will be paid, whether or not there
        is the money. Where an earlier one still waits for money and something else is needed now, the last one counts.
        """
        if self._budget() is None:
            return
        self._needed_for_stipends = self._stipends_in_all()
        async with self._fitting:
            needed = self._needed_for_stipends
            held = [holding for holding in self._held_for_stipends() if holding.granted]
            more = needed.amount - sum((holding.amount for holding in held), Decimal(0))
            if more > 0:
                money = Money(amount=more, currency=needed.currency)
                await self._take_money(f"{STIPENDS}-{why}", money, unless=lambda: self._needed_for_stipends != needed)
            for holding in reversed(held):
                less = min(max(-more, Decimal(0)), holding.amount)
                more += less
                if less:
                    await self.give_back(holding.holder, holding.amount - less)

    def _stipends_in_all(self) -> Money:
        """What all stipends come to, as far as the calendar now says."""
        plan, state = self._context.plan, self._state
        paid_leave, monthly = state.policy.stipend.paid_leave, state.role.stipend
        return stipends_planned(
            monthly, plan.start, plan.end, state.leaves, paid_leave=paid_leave, share=state.share_paid
        )

    def _held_for_stipends(self) -> list[Holding]:
        return [holding for holding in self._state.held if holding.holder.partition("/")[2].startswith(STIPENDS)]

    async def _take_money(self, what: str, money: Money, unless: Callable[[], bool] = never) -> None:
        start = self._budget()
        if start is None:
            return
        waits = f"the stipends wait for {money.amount} of"
        await self.take_when_free(
            start, self.holder(what), money.amount, waits=waits, offer_days=OFFER_STANDS_DAYS, unless=unless
        )

    def _budget(self) -> CapacityStart | None:
        budget = self._state.policy.stipend.budget_from
        if budget is None:
            return None
        return CapacityStart(
            id=budget,
            title="Programme budget",
            unit=self._state.role.stipend.currency,
            size=Decimal(0),
            owners=self._owners(Party.BUDGET_OWNER, Party.HR_LEAD),
        )

    def give_all_back(self, *, except_headcount: bool) -> None:
        """The placement ends early: what is not spent is given back, and the end does not wait for it."""
        self.soon(self.settle_stipends())
        if not except_headcount:
            self.give_back_soon(self.holder(HEADCOUNT))

    async def settle_stipends(self) -> None:
        """Keep of the budget exactly what was spent.

        What it could not give yet (for an extension), or what came to more than was taken (a later start, paid leave),
        is booked as soon as it has the money; nobody waits for that.
        """
        start = self._budget()
        if start is None:
            return
        spent = sum((stipend.amount.amount for stipend in self._state.stipends), Decimal(0))
        for holding in self._held_for_stipends():
            keep = min(spent, holding.amount) if holding.granted else Decimal(0)
            spent -= keep
            await self.give_back(holding.holder, keep, final=True)
        if spent:
            rest = await self.take(
                start, self.holder(f"{STIPENDS}-rest"), spent, wait=True, signal_offer=False, spent=True
            )
            if isinstance(rest, NotReserved):
                self.say_refused(rest)

    # A place of the headcount

    async def take_headcount(self) -> str | None:
        """Take a place for a conversion, if the role names a headcount; else why there is none.

        Whether to wait for one or to refuse is up to the policy.
        """
        headcount = self._state.role.headcount
        if headcount is None:
            return None
        start = CapacityStart(
            id=headcount,
            title="Headcount",
            unit=PLACES,
            size=Decimal(0),
            owners=self._owners(Party.BUDGET_OWNER, Party.HR_LEAD),
        )
        holder = self.holder(HEADCOUNT)
        if self._state.policy.decision.no_headcount == "wait":
            waits = "the conversion waits for a place of"
            await self.take_when_free(start, holder, Decimal(1), waits=waits, offer_days=OFFER_STANDS_DAYS)
            return None
        reserved = await self.take(start, holder)
        if isinstance(reserved, NotReserved):
            return said(reserved)
        return None if reserved.status is ReservationStatus.HELD else f"no place of {headcount} is free"

    def waits_for_headcount(self) -> bool:
        """Whether a conversion waits for a place, or for somebody to put right what stands in the way of one."""
        return holding_waits(self.holder(HEADCOUNT)) in self._state.at_risk

    def is_headcount_coming(self) -> bool:
        """Whether a place that was waited for is offered, or just being taken."""
        return self.is_offered(self.holder(HEADCOUNT)) or self.is_taking(self.holder(HEADCOUNT))

    def wait_no_more_for_headcount(self) -> None:
        """The conversion is given up; a place that comes in this very moment goes to the next in line."""
        self.give_back_soon(self.holder(HEADCOUNT))
        self._state.forget_risk(holding_waits(self.holder(HEADCOUNT)))
        self._context.changed()

    async def give_headcount_back(self) -> None:
        """No conversion after all: the place goes to the next in line."""
        await self.give_back(self.holder(HEADCOUNT))

    def _owners(self, *parties: Party) -> list[str]:
        return list(dict.fromkeys(self._state.parties[party] for party in parties))
