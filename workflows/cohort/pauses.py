"""The placements of a cohort pause and resume with it."""

from __future__ import annotations

from temporalio import workflow

from domain.cohort.calls import AskedPlacement, PlacementsToAsk
from domain.cohort.participant_state import ParticipantState
from domain.cohort.participants import ENLISTED_AT_ONCE
from domain.cohort.pauses import (
    all_pauses_sent,
    mark_asked_to_pause,
    mark_pauses_sent,
    note_pause_replies,
    note_resume_replies,
    to_be_asked,
)
from domain.core.model import PersonId
from domain.placement.cohort_messages import CohortInstruction, CohortMessage
from workflows.cohort import activity_calls
from workflows.cohort.context import CohortContext
from workflows.cohort.placements import Placements


class CohortPauses:
    """Asks the placements to pause and to resume, until each has received the last instruction."""

    def __init__(self, context: CohortContext, placements: Placements) -> None:
        self._context = context
        self._placements = placements
        self._state = context.state

    async def run(self) -> None:
        """Let the placements pause and resume with the cohort, for as long as it lasts."""
        while True:
            await workflow.wait_condition(lambda: bool(to_be_asked(self._state)) or not all_pauses_sent(self._state))
            if those := to_be_asked(self._state):
                await self._placements.uninterrupted(self._instruct(those[:ENLISTED_AT_ONCE]))
            else:
                mark_pauses_sent(self._state)
                self._context.changed()

    async def _instruct(self, those: list[ParticipantState]) -> None:
        if self._state.is_paused:
            await self._ask_to_pause(those)
        else:
            await self._ask_to_resume(those)
        self._context.changed()

    async def _ask_to_pause(self, those: list[ParticipantState]) -> None:
        n, before = self._state.last_instruction, mark_asked_to_pause(those)
        note_pause_replies(self._state, n, before, await self._ask(those, self._state.pauses[-1].by, pausing=True))

    async def _ask_to_resume(self, those: list[ParticipantState]) -> None:
        """Those that may be paused resume; the others, which have no calendar yet, get the first day as it has moved.

        The signal says the same as the update: whoever did not answer that goes on by this.
        """
        n, pause, still = (
            self._state.last_instruction,
            self._state.pauses[-1],
            [participant for participant in those if participant.may_be_still],
        )
        others = note_resume_replies(self._state, n, those, await self._ask(still, pause.back_by, pausing=False))
        await self._placements.send({participant.who.case: self._resumption(participant, n) for participant in others})

    def _resumption(self, participant: ParticipantState, n: int) -> CohortMessage:
        first_day = self._state.first_day().date() if participant.who.starts_on is None else None
        return CohortMessage(n=0, starts_on=first_day, goes_on=CohortInstruction(cohort=self._context.name, n=n))

    async def resume_without_the_cohort(self) -> None:
        """The cohort is closed: whatever may be paused because of it resumes."""
        if self._state.is_paused:
            pause = self._state.pauses[-1]
            pause.back_on, pause.back_by = max(pause.first, self._context.today()), pause.by
        while still := [participant for participant in to_be_asked(self._state) if participant.may_be_still]:
            await self._ask_to_resume(still[:ENLISTED_AT_ONCE])
        mark_pauses_sent(self._state)

    async def _ask(self, those: list[ParticipantState], by: PersonId | None, *, pausing: bool) -> list[AskedPlacement]:
        if not those:
            return []
        return await activity_calls.ask_placements(
            PlacementsToAsk(
                cohort=self._context.name,
                n=self._state.last_instruction,
                cases=[participant.who.case for participant in those],
                pause=pausing,
                actor=by or self._state.led_by,
            )
        )
