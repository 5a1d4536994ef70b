"""The place of the headcount that a conversion takes: taken, waited for, or given up by HR."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from domain.core.model import PersonId
from domain.core.tasks import DutiesNotSeparate, Refused
from domain.placement.decision import ReleaseAsked
from domain.placement.duties import CONFIRMER
from workflows.case.concurrency import break_off
from workflows.placement.context import PlacementContext
from workflows.placement.reservations import PlacementReservations


class Headcount:
    """The headcount of a placement's role, as its conversion needs it."""

    def __init__(self, context: PlacementContext, reservations: PlacementReservations) -> None:
        self._context = context
        self._state = context.state
        self._reservations = reservations
        self._taking: asyncio.Task[str | None] | None = None

    async def take(self) -> str | None:
        """Take a place, if the role names a headcount; why there is none, or none.

        Where the policy waits for one and HR gives that up meanwhile (``release`` in the state), it is given back.
        """
        taking = self._taking = self._context.spawn(self._reservations.take_headcount())
        await workflow.wait_condition(lambda: taking.done() or self._state.release is not None)
        self._taking = None
        if self._state.release is None:
            return taking.result()
        break_off(taking)
        await workflow.wait_condition(taking.done)
        self._reservations.wait_no_more_for_headcount()
        return self._state.release.reason

    def check_waits(self) -> None:
        """Refuse to give up what is not waited for, or not any more: a place that comes decides that it is there."""
        case, headcount = self._state.case, self._state.role.headcount
        if self._taking is None or self._taking.done() or not self._reservations.waits_for_headcount():
            raise Refused(f"{case} waits for no headcount; whoever is asked to confirm the decision can say no")
        if self._reservations.is_headcount_coming():
            raise Refused(f"{case}: a place of {headcount} has just come; whoever is asked to confirm can say no")

    def give_up(self, by: PersonId, reason: str) -> None:
        """HR gives up what is waited for. Whoever may not confirm the decision is refused, and that is recorded."""
        if by in self._state.duty(CONFIRMER).not_by:
            sentence = f"{by} can't release {self._state.returner}: they have another part in this decision"
            self._context.report.attempt(by, self._state.case, sentence)
            raise DutiesNotSeparate(sentence)
        self._state.release = ReleaseAsked(by=by, at=self._context.now(), reason=reason)
