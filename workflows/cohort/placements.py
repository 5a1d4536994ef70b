"""The placements of a cohort: started and followed. None of them fails the cohort."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from temporalio import workflow

from domain.cohort.calls import (
    MessagesToPlacements,
    PlacementsToFind,
    PlacementsToStart,
)
from domain.cohort.matching import Pair
from domain.cohort.participant_state import NEEDING_MENTOR, ParticipantState, ParticipantStatus
from domain.cohort.participants import ENLISTED_AT_ONCE, Enlisting
from domain.cohort.pauses import (
    ask_again_to_pause,
)
from domain.cohort.rulings import awaiting_ruling, ruling_for
from domain.core.model import CaseId
from domain.core.risks import Risk
from domain.placement.cohort_messages import CohortInstruction, CohortMessage, PlacementMessage, PlacementMessageKind
from workflows.cohort import activity_calls
from workflows.cohort.context import CohortContext

GONE = "gone"
"""How a placement came out whose workflow was ended."""


class Placements:
    """The placements of those who take part."""

    def __init__(self, context: CohortContext) -> None:
        self._context = context
        self._state = context.state
        self._under_way: list[asyncio.Task[None]] = []

    # Starting

    async def start_as_enlisted(self) -> None:
        """Start the placement of everybody who is enlisted, many at a time, for as long as somebody may be."""
        while True:
            await workflow.wait_condition(lambda: bool(self._state.participants_in(ParticipantStatus.ENLISTED)))
            first, *others = self._state.participants_in(ParticipantStatus.ENLISTED)
            same = [participant for participant in others if participant.enlisted_by == first.enlisted_by]
            await self.uninterrupted(self._start([first, *same][:ENLISTED_AT_ONCE]))

    async def uninterrupted(self, call: Coroutine[Any, Any, None]) -> None:
        """What is asked of the placements is never broken off: who closes the cohort has to know what came of it."""
        with self._context.awaiting_result():
            asking = asyncio.create_task(call)
            self._under_way = [*(earlier for earlier in self._under_way if not earlier.done()), asking]
            await asyncio.shield(asking)

    async def settled(self) -> None:
        """Wait for what is just being asked of the placements."""
        for asking in self._under_way:
            await asking

    async def _start(self, participants: list[ParticipantState]) -> None:
        state = self._state
        roles = sorted({participant.who.role for participant in participants})
        results = await activity_calls.start_placements(
            PlacementsToStart(
                cohort=self._context.name,
                policy=state.policy,
                starts_on=state.first_day().date(),
                weeks=state.weeks,
                started_by=participants[0].enlisted_by,
                seconds_per_day=state.clock.seconds_per_day,
                enlisting=Enlisting(
                    participants=[participant.who for participant in participants],
                    roles={role: state.roles[role] for role in roles},
                ),
            )
        )
        for result in results:
            participant = state.participants[result.case]
            if result.refused is not None:
                participant.status, participant.why = ParticipantStatus.NOT_STARTED, result.refused
            elif participant.status is ParticipantStatus.ENLISTED:  # else it has signalled already how it goes
                participant.status = ParticipantStatus.STARTED
        self._say_who_could_not_start()
        self._context.changed()

    def _say_who_could_not_start(self) -> None:
        missing = self._state.participants_in(ParticipantStatus.NOT_STARTED)
        cases = "; ".join(f"{participant.who.case}: {participant.why}" for participant in missing[:10])
        text = f"{len(missing)} {Risk.NOT_STARTED}, to be put right and launched again: {cases}"
        if not missing:
            self._context.clear_risk(Risk.NOT_STARTED)
        elif self._state.at_risk.get(Risk.NOT_STARTED) != text:
            self._context.put_at_risk_anew(Risk.NOT_STARTED, text)

    # Following

    def note(self, message: PlacementMessage) -> None:
        """Note how a placement goes."""
        participant = self._state.participants.get(message.case)
        if participant is None:
            workflow.logger.warning("message of %s, which does not take part", message.case)
            return
        if participant.status is ParticipantStatus.OVER:
            return
        participant.patterns = message.patterns or participant.patterns
        match message.kind:
            case PlacementMessageKind.PATTERNS:
                pass
            case PlacementMessageKind.MENTOR_WANTED:
                self._note_seeking(participant, message)
            case PlacementMessageKind.MENTOR_ASKED:
                participant.set_status(ParticipantStatus.ASKED, mentor=message.mentor)
            case PlacementMessageKind.MENTOR_LEFT:
                participant.set_status(ParticipantStatus.REPLACING, why="the mentor has left")
            case PlacementMessageKind.MENTOR_FOUND:
                participant.set_status(ParticipantStatus.MATCHED, mentor=message.mentor)
                ask_again_to_pause(self._state, participant)
            case PlacementMessageKind.OUTCOME:
                participant.outcome = message.outcome
                if (
                    participant.status is not ParticipantStatus.MATCHED and not participant.replaces_mentor_itself
                ):  # nobody is to be found for them any more
                    participant.status, participant.mentor = ParticipantStatus.OVER, None
            case PlacementMessageKind.ENDED:
                participant.status, participant.outcome = ParticipantStatus.OVER, message.outcome
        self._context.changed()

    def _note_seeking(self, participant: ParticipantState, message: PlacementMessage) -> None:
        """They look for a mentor; a pin on somebody who was asked in vain has had its chance."""
        participant.set_status(ParticipantStatus.SEEKING, why=message.why)
        participant.asked = message.asked
        tried = [Pair(returner=participant.who.returner, mentor=mentor) for mentor in message.asked]
        self._state.pins = [pin for pin in self._state.pins if pin not in tried]

    async def until_somebody_takes_part(self) -> None:
        """Wait for the first who is enlisted."""
        await workflow.wait_condition(lambda: bool(self._state.participants))

    async def until_all_have_outcomes(self) -> None:
        """Wait until it is known how each placement came out."""
        await workflow.wait_condition(lambda: self._all(lambda participant: participant.outcome is not None))

    async def until_all_have_ended(self) -> None:
        """Wait until all placements have ended, and nobody is being enlisted."""
        await workflow.wait_condition(
            lambda: self._all(lambda participant: participant.status is ParticipantStatus.OVER)
        )

    def _all(self, done: Callable[[ParticipantState], bool]) -> bool:
        placed = [
            participant
            for participant in self._state.participants.values()
            if participant.status is not ParticipantStatus.NOT_STARTED
        ]
        return bool(placed) and all(done(participant) for participant in placed) and not self._state.more_follow

    # What HR has said of their mentors

    async def send_rulings(self) -> None:
        """Send the placements whom HR has pinned and forbidden: it holds for them whoever searches."""
        while True:
            await workflow.wait_condition(lambda: bool(awaiting_ruling(self._state)))
            await self.uninterrupted(self._send_rulings(awaiting_ruling(self._state)[:ENLISTED_AT_ONCE]))

    async def _send_rulings(self, those: list[ParticipantState]) -> None:
        rulings = {
            participant.who.case: ruling
            for participant in those
            if (ruling := ruling_for(self._state, participant)) is not None
        }
        await self.send({case: CohortMessage(n=0, ruling=ruling) for case, ruling in rulings.items()})
        for case, ruling in rulings.items():
            self._state.participants[case].ruled = ruling.n

    # Those who go their own way

    async def send(self, messages: dict[CaseId, CohortMessage]) -> None:
        """Send placements these messages; those that are gone take part no longer."""
        if messages:
            self._gone(
                await activity_calls.tell_proposals(MessagesToPlacements(cohort=self._context.name, proposals=messages))
            )

    async def let_go(self, cases: list[CaseId]) -> None:
        """These look for their mentors alone from now on."""
        for case in cases:
            if self._state.participants[case].status in NEEDING_MENTOR:
                self._state.participants[case].status = ParticipantStatus.STARTED
        n = self._state.last_instruction
        instruction = CohortInstruction(cohort=self._context.name, n=n) if n else None
        alone = CohortMessage(n=0, alone=True, goes_on=instruction)
        rulings = {case: ruling_for(self._state, self._state.participants[case]) for case in cases}
        await self.send({case: alone.model_copy(update={"ruling": rulings[case]}) for case in cases})

    def not_started(self, why: str) -> list[CaseId]:
        """Whoever was enlisted and is not to be started any more."""
        enlisted = self._state.participants_in(ParticipantStatus.ENLISTED)
        for participant in enlisted:
            participant.status, participant.why = ParticipantStatus.NOT_STARTED, why
        return [participant.who.case for participant in enlisted]

    async def look_after(self) -> None:
        """Once in a while, see whether placements are there of which an operator may have ended the workflow."""
        state = self._state
        while True:
            if state.look_at is None:
                state.look_at = self._context.now() + timedelta(days=state.policy.pause.remind_every_days)
            await self._context.clock.until(lambda: state.look_at, "are all placements still there?")
            state.look_at = None
            cases = [participant.who.case for participant in self._context.active()]
            if cases:
                await self.uninterrupted(self._look_for(cases))

    async def _look_for(self, cases: list[CaseId]) -> None:
        self._gone(await activity_calls.gone_placements(PlacementsToFind(cases=cases)))

    def _gone(self, cases: list[CaseId]) -> None:
        """The workflow of these was ended: the cohort must not wait for them, and HR hears of it."""
        gone = [self._state.participants[case] for case in cases if case in self._state.participants]
        gone = [participant for participant in gone if participant.status is not ParticipantStatus.OVER]
        for participant in gone:
            participant.status, participant.mentor = ParticipantStatus.OVER, None
            participant.outcome, participant.why = participant.outcome or GONE, "its workflow was ended in Temporal"
        if gone:
            self._context.put_at_risk_anew(
                Risk.GONE,
                "ended in Temporal by an operator: " + ", ".join(participant.who.case for participant in gone),
            )
            self._context.changed()

    async def more_follow_lapses(self) -> None:
        """A launch that broke off is not waited for longer than a day."""
        state = self._state
        while True:
            await workflow.wait_condition(lambda: state.more_follow)
            broke_off = await self._context.clock.until(
                lambda: state.more_until, "the rest of a launch", unless=lambda: not state.more_follow
            )
            if broke_off:
                state.more_follow = False
                self._context.put_at_risk(Risk.LAUNCH, "a launch broke off: launch the same file again")
