"""A scarce thing and its waiting list: one workflow for each, which lives for ever."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from domain.capacity.reserving import Release, Reserve, Reserved, Resize, Resized
from domain.capacity.rules import MAY_ASK, CapacityRun, CapacityState
from domain.core.delivery import Delivery
from domain.core.holdings import ReservationStatus, amount_text
from domain.core.journal import Row
from domain.core.signals import Signal
from workflows.case import activity_calls
from workflows.case.outbox import Outbox, let_this_step_finish
from workflows.case.signalling import signalled
from workflows.case.updates import update

RECORDS_ANSWER = timedelta(seconds=5)
"""A new run waits so long for the records to take the rows that are under way; then it takes the rows along."""


@workflow.defn(name="Capacity")
class Capacity:
    """Says who gets what of a scarce thing, one after the other; the rules are those of :class:`CapacityState`.

    A run hands its state to the next in :class:`CapacityRun`.
    """

    may_ask = MAY_ASK

    @workflow.init
    def __init__(self, start: CapacityRun) -> None:
        self.state = start.carried or CapacityState.begin(start, workflow.now())
        self._journal: Outbox[Row] = Outbox(self.state.journal)
        self._updates_a_run = start.updates_a_run
        self._updates = 0
        self._full = False
        self._writing = False
        self._signalling = False

    @workflow.run
    async def run(self, start: CapacityRun) -> None:
        """Go on until the history is long enough, then begin a new run with the same state.

        Nothing gets lost between the two: updates are answered in the step that takes them, offers and the rows that
        wait are part of the state, and a signal that is under way is waited for.
        """
        self._show()
        loops = [
            asyncio.create_task(loop)
            for loop in (self._deliver_rows(), self._signal_offers(), self._withdraw_expired())
        ]
        await workflow.wait_condition(lambda: self._full or any(loop.done() for loop in loops))
        for loop in loops:
            if loop.done():
                loop.result()  # none ever ends but by an error of ours, which has to be seen
        if self._writing:
            try:
                await workflow.wait_condition(
                    lambda: not self._writing, timeout=RECORDS_ANSWER, timeout_summary="rows under way"
                )
            except TimeoutError:
                workflow.logger.info("the records can't be reached; the next run delivers them")
        await workflow.wait_condition(lambda: not self._signalling and workflow.all_handlers_finished())
        workflow.continue_as_new(start.model_copy(update={"carried": self.state}))

    # What is asked of it

    def may_reserve(self, request: Reserve) -> None:
        """Anybody, what can be counted."""
        self.state.check_reserve(request)

    @update("Take a part, queue up for it, or take what is offered", rule=may_reserve)
    async def reserve(self, request: Reserve) -> Reserved:
        """Take a part, or queue up."""
        info = workflow.current_update_info()
        reserved = self.state.reserve(request, workflow.now(), info.id if info else None)
        self._updated()
        return reserved

    def may_release(self, request: Release) -> None:
        """Anybody, but no parts of places."""
        self.state.check_release(request)

    @update("Give back what is held, offered or waited for", rule=may_release)
    async def release(self, request: Release) -> Reserved:
        """Give back."""
        released = self.state.release(request, workflow.now())
        self._updated()
        return released

    def may_resize(self, request: Resize) -> None:
        """Its owners."""
        self.state.check_resize(request)

    @update("Change the size; nobody loses what they hold", rule=may_resize)
    async def resize(self, request: Resize) -> Resized:
        """Change the size."""
        resized = self.state.resize(request, workflow.now())
        self._updated()
        return resized

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state."""
        return self.state.view(workflow.now())

    # What goes on beside

    async def _deliver_rows(self) -> None:
        """Deliver to the records what has changed, one batch at a time."""
        while True:
            await workflow.wait_condition(lambda: not self._journal.empty and not self._full)
            self._writing = True
            await let_this_step_finish()
            rows, journal = self._journal.batch(), self.state.journal
            first_row = journal.count - len(journal.waiting) + 1
            await activity_calls.deliver(Delivery(case=self.state.id, first_row=first_row, rows=rows, letters=[]))
            self._journal.done(rows)
            self._writing = False
            self._changed()

    async def _signal_offers(self) -> None:
        """Signal those who are offered something; where nobody is there any more, the next one is offered it."""
        while True:
            await workflow.wait_condition(lambda: self.state.next_unsignalled_offer() is not None and not self._full)
            if (next_one := self.state.next_unsignalled_offer()) is None:
                continue
            who, offer = next_one
            self._signalling = True
            if await signalled(who, Signal.PLACE_OFFERED, offer):
                self.state.mark_signalled(offer)
            else:
                self.state.holder_is_gone(offer, workflow.now())
            self._signalling = False
            self._changed()

    async def _withdraw_expired(self) -> None:
        """Withdraw offers at their end."""
        while True:
            await workflow.wait_condition(lambda: self.state.next_end is not None)
            if (end := self.state.next_end) is not None and await self._passes(end):
                self.state.withdraw_expired_offers(workflow.now())
                self._changed()

    async def _passes(self, end: datetime) -> bool:
        """Wait for the end of the next offer; false when another one is the next before that."""
        remaining = max(end - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(
                lambda: self.state.next_end != end, timeout=remaining, timeout_summary="an offer runs out"
            )
        except TimeoutError:
            return True
        return False

    def _updated(self) -> None:
        self._updates += 1
        self._changed()

    def _changed(self) -> None:
        """Looked at only where something has happened: a query or a refused update must not change what follows."""
        self._full = self._full or (
            self._updates >= self._updates_a_run or workflow.info().is_continue_as_new_suggested()
        )
        self._show()

    def _show(self) -> None:
        """What operators see."""
        held, size = (
            amount_text(amount, self.state.unit)
            for amount in (self.state.amount(ReservationStatus.HELD), self.state.size)
        )
        offered = amount_text(self.state.amount(ReservationStatus.OFFERED), self.state.unit)
        workflow.set_current_details(
            f"**{self.state.id}: {held} of {size} held**\n\n- {offered} offered\n- {len(self.state.waiting)} waiting"
        )
