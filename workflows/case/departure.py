"""A departure: somebody leaves the company, and all they have in all cases is handed over, until nothing is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow

from domain.core.case import Done
from domain.core.departure import (
    MAY_ASK,
    QUIET_LOOKS,
    CallOffDeparture,
    ChangeDeparture,
    DepartureStage,
    DepartureStart,
    DepartureState,
    HandOverCall,
    IsBack,
)
from domain.core.model import CaseId
from domain.core.naming import workflow_id
from domain.core.signals import Signal
from domain.core.tasks import Refused
from domain.core.wording import spoken
from workflows.case import activity_calls
from workflows.case.signalling import signalled
from workflows.case.updates import update

AT_ONCE = 25
"""So many cases are asked in one activity."""


SHOWN = 50
"""So many things operators see."""


@workflow.defn(name="Departure")
class Departure:
    """Waits for the last day to be over, then looks for what is theirs and has it handed over, again and again."""

    may_ask = MAY_ASK

    @workflow.init
    def __init__(self, start: DepartureStart) -> None:
        self.state = start.state or DepartureState(person=start.person, leaving=start.leaving)
        self._look_again = timedelta(seconds=start.look_again_seconds)
        self._changed = False

    @workflow.run
    async def run(self, start: DepartureStart) -> DepartureState:
        """From the declaration to the end; a departure that is called off ends at once."""
        if self.state.stage is DepartureStage.PLANNED:
            await self._until_the_day_is_over()
        if self.state.stage is not DepartureStage.CALLED_OFF:
            await self._hand_over(start)
        if self._is_back:
            self.state.keep_the_rest()
        await self._record()
        if self._is_back:
            await self._tell_cases()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.state

    # The last day

    async def _until_the_day_is_over(self) -> None:
        while self.state.stage is DepartureStage.PLANNED:
            self._changed = False
            await self._record()
            assert self.state.day_is_over_at is not None
            remaining = self.state.day_is_over_at - workflow.now()
            if (not self._changed and remaining <= timedelta(0)) or not await self._changes_within(
                remaining, f"the last day of {self.state.person}"
            ):
                self.state.stage = DepartureStage.HANDING_OVER

    async def _changes_within(self, time: timedelta, summary: str) -> bool:
        """Wait; whether something was changed before the time was over."""
        try:
            await workflow.wait_condition(
                lambda: self._changed, timeout=max(time, timedelta(0)), timeout_summary=summary
            )
        except TimeoutError:
            return self._changed
        return True

    # Handing over

    async def _hand_over(self, start: DepartureStart) -> None:
        while not self._is_back:
            self._changed = False
            await self._look()
            if self._is_back:
                return
            if self.state.quiet_looks >= QUIET_LOOKS:
                self.state.stage = DepartureStage.DONE
                return
            await self._record()
            await self._changes_within(self.state.look_again_after(self._look_again), "next look at what is theirs")
            if workflow.info().is_continue_as_new_suggested() and not self._is_back:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(start.model_copy(update={"state": self.state}))

    async def _look(self) -> None:
        """Look for what is theirs, and have it handed over."""
        state, before = self.state, self.state.summary()
        state.looks += 1
        found = await activity_calls.find_parts(state.person)
        cases = sorted({*found, *(thing.case for thing in state.waiting())})
        for first in range(0, len(cases), AT_ONCE):
            if self._is_back:
                return
            await self._ask(cases[first : first + AT_ONCE])
        quiet = not state.waiting() and state.summary() == before
        state.quiet_looks = state.quiet_looks + 1 if quiet else 0

    async def _ask(self, cases: list[CaseId]) -> None:
        state = self.state
        state.asked = sorted({*state.asked, *cases})
        call = HandOverCall(person=state.person, look=state.looks, cases=cases, leaving=state.leaving)
        for reply in await activity_calls.hand_over_parts(call):
            state.note(reply, workflow.now())

    @property
    def _is_back(self) -> bool:
        """Whether HR has said, before all was handed over, that they are there again."""
        return self.state.stage is DepartureStage.BACK

    async def _tell_cases(self) -> None:
        """They can be asked again in the cases that know of their leaving, and keep there what was not handed over.

        It is on record already, and nothing more is being handed over: no case is told otherwise after that.
        """
        for case in self.state.asked:
            await signalled(workflow_id(case), Signal.IS_BACK, IsBack(person=self.state.person))

    async def _record(self) -> None:
        """Put on record how it stands; when their last day is over, the records say."""
        self._show()
        self.state.day_is_over_at = await activity_calls.record_departure(self.state.record(workflow.now()))

    def _show(self) -> None:
        """What operators see."""
        state = self.state
        waits = state.waiting()
        things = [*waits, *(thing for thing in state.handed if thing not in waits)]
        lines = [f"- {thing.sentence}" for thing in things[:SHOWN]]
        head = f"**{state.person}, last day {state.leaving.last_day}: {spoken(state.stage.value)}**"
        workflow.set_current_details("\n".join([head, "", *lines]))

    # What is asked of it

    def may_change(self, request: ChangeDeparture) -> None:
        """The last day only before it is over; who takes over, until all is handed over."""
        self._check_not_over()
        day = request.last_day
        if day not in (None, self.state.leaving.last_day) and self.state.stage is not DepartureStage.PLANNED:
            raise Refused(f"last_day: the last day, {self.state.leaving.last_day}, is over", "conflict")

    @update("The last day, or who takes over, is another", rule=may_change)
    async def change_departure(self, request: ChangeDeparture) -> Done:
        """From now on it is that."""
        leaving = request.applied_to(self.state.leaving)
        if leaving == self.state.leaving:
            return self._done("is declared already; nothing was changed")
        self.state.leaving = leaving
        self._changed = True
        return self._done(f"leaves after {leaving.last_day}; what was given has been changed")

    def may_call_off(self, _: CallOffDeparture) -> None:
        """Until all is handed over."""
        self._check_not_over()

    @update("They stay after all", rule=may_call_off)
    async def call_off_departure(self, _: CallOffDeparture) -> Done:
        """Nothing (more) is handed over, and they can be asked as ever."""
        planned = self.state.stage is DepartureStage.PLANNED
        self.state.stage = DepartureStage.CALLED_OFF if planned else DepartureStage.BACK
        self._changed = True
        if planned:
            return self._done("stays; nothing is handed over")
        return self._done(
            "is back and can be asked again; what was handed over stays so, and what was not stays theirs"
        )

    def _check_not_over(self) -> None:
        if self.state.stage in (DepartureStage.DONE, DepartureStage.CALLED_OFF, DepartureStage.BACK):
            raise Refused(f"the departure of {self.state.person} is {spoken(self.state.stage.value)}")

    def _done(self, sentence: str) -> Done:
        return Done(case=self.state.person, at=workflow.now(), sentence=sentence)

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state."""
        return self.state.model_dump(mode="json")
