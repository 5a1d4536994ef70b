"""What a path takes of scarce things: seats in workshops, and money of the training budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from domain.capacity.reserving import CapacityStart, NotReserved
from domain.core.clock import DAY
from domain.core.holdings import HolderId, Holding, ReservationStatus
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.learning.enrolment import Enrolment
from workflows.capacity.reservations import Reservations
from workflows.learning.context import PathContext

SHORTEST_OFFER_DAYS = 0.01
PLAN, ALTERNATIVE = "plan-", "alternative-"
"""What the holders of money begin with, after the case: a round's plan, or an enrolment that came in instead."""


def paid_by(enrolment: Enrolment) -> str:
    """Under which name, after the case, the money for a training is held."""
    return f"{ALTERNATIVE}{enrolment.n}" if enrolment.instead_of else f"{PLAN}{enrolment.round}"


class PathReservations(Reservations):
    """What a path holds. All of it is given back when the path ends, but for money that is spent."""

    def __init__(self, context: PathContext) -> None:
        super().__init__(context, context.state.learner)
        self._state = context.state

    async def take_seat(
        self, start: CapacityStart, holder: HolderId, *, wait: bool, before: datetime
    ) -> ReservationStatus | NotReserved:
        """Take a seat, or queue up for one; it is of no use after ``before``. HR has to put right what is refused."""
        days = min(self._offer_days, max((before - self._context.now()) / DAY, SHORTEST_OFFER_DAYS))
        reserved = await self.take(start, holder, wait=wait, offer_days=days)
        if isinstance(reserved, NotReserved):
            self.say_refused(reserved)
            return reserved
        return reserved.status

    async def take_money(self, amount: Decimal, holder: HolderId, before: datetime | None) -> bool:
        """Take money of the shared budget, if the policy names one, and wait until there is enough.

        False where there is none up to ``before``, from when on it is of no use.
        """
        budget = self._state.policy.plan.budget_from
        if budget is None or not amount:
            return True
        owners = [self._state.parties[party] for party in (Party.BUDGET_OWNER, Party.HR_LEAD)]
        start = CapacityStart(
            id=budget, title="Training budget", unit=self._state.budget.currency, size=Decimal(0), owners=owners
        )
        return await self.take_when_free(
            start,
            holder,
            amount,
            waits=f"the plan waits for {amount} of",
            offer_days=self._offer_days,
            before=before,
        )

    @property
    def _offer_days(self) -> float:
        return float(self._state.policy.tasks[TaskKind.SEAT_OFFER.value].within_days)

    async def give_unused_money_back(self, except_for: Enrolment | None = None) -> None:
        """Give back the money for trainings that are settled (or given up now: ``except_for``) and were never begun."""
        for holding in self._money():
            needed = self._cost(
                holding,
                lambda enrolment: enrolment.begun is not None or not (enrolment.settled or enrolment is except_for),
            )
            if needed < holding.amount:
                await self.give_back(holding.holder, needed)

    async def give_all_back(self) -> None:
        """Give back all seats, and all money that is not spent; also what is only just being taken."""
        await self.settled()
        for holding in list(self._state.held):
            await self.give_back(
                holding.holder, self._cost(holding, lambda enrolment: enrolment.begun is not None), final=True
            )

    def _money(self) -> list[Holding]:
        return [
            holding for holding in self._state.held if holding.holder.partition("/")[2].startswith((PLAN, ALTERNATIVE))
        ]

    def _cost(self, holding: Holding, counts: Callable[[Enrolment], bool]) -> Decimal:
        """What those of the trainings that count cost which are paid under this name; seats are no money."""
        what = holding.holder.partition("/")[2]
        paid = [enrolment for enrolment in self._state.enrolments if counts(enrolment) and paid_by(enrolment) == what]
        return sum((enrolment.training.cost.amount for enrolment in paid), Decimal(0))
