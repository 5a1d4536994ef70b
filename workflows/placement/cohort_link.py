"""A placement that belongs to a cohort: the cohort proposes its mentor, and is signalled how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import workflow

from domain.core.model import PersonId
from domain.core.naming import cohort_case, workflow_id
from domain.core.questions import TaskKind
from domain.core.signals import Signal
from domain.core.tasks import Refused
from domain.core.working_pattern import WorkingPattern
from domain.placement.cohort_messages import CohortInstruction, CohortMessage, PlacementMessage, PlacementMessageKind
from domain.placement.matching import Match
from domain.placement.stages import Stage
from workflows.case.signalling import SignalQueue, signalled
from workflows.placement.context import PlacementContext


class CohortLink:
    """What a placement and its cohort signal to each other. A cohort that is gone stops nothing."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self.signals = SignalQueue(self._state.signals, self._send, self._lost)
        self._end_signalled = False

    @property
    def proposes(self) -> bool:
        """Whether it is for the cohort to find the mentor: the first one, as long as there is a cohort."""
        return self._state.matched_by is not None and self._state.stage is Stage.MATCHING

    # Pausing with the cohort

    @property
    def paused_with_cohort(self) -> bool:
        """Whether the placement is paused because its cohort has said so."""
        return self._context.clock.paused and self._state.last_instruction.still

    def check_instruction(self, instruction: CohortInstruction) -> None:
        """Refuse the instruction of another cohort, and one that is older than what the cohort has said since."""
        if instruction.cohort != self._state.cohort:
            raise Refused(f"{self._state.case} does not belong to cohort {instruction.cohort}", "forbidden")
        if self._state.last_instruction.is_old(instruction):
            raise Refused(f"cohort {instruction.cohort} has said otherwise since")

    def note_instruction(self, instruction: CohortInstruction) -> None:
        """Note that this was received; nothing older counts any more."""
        self._state.last_instruction.note(instruction)

    def check_may_pause(self, instruction: CohortInstruction, *, going_on: bool) -> None:
        """Refuse an instruction by which the placement does not pause; see :class:`LastInstruction`."""
        why = self._state.last_instruction.reason_not_to_pause(
            instruction, paused=self._context.clock.paused, going_on=going_on
        )
        if why is not None:
            raise Refused(f"{self._state.case}: {why}")

    def note_paused(self, instruction: CohortInstruction | None) -> None:
        """The placement is paused, by this instruction or by HR."""
        if instruction is not None:
            self._state.last_instruction.note_paused(instruction)
        else:
            self._state.last_instruction.still = False

    def note_resumed(self) -> None:
        """The placement is not paused any more."""
        self._state.last_instruction.still = False

    # The mentor

    async def proposal(self, *, unless: Callable[[], bool]) -> tuple[Match, bool] | None:
        """The mentor whom the cohort proposes, and whether HR has pinned them; not yet as long as ``unless``.

        None where HR has named one instead, or the cohort is gone.
        """
        state = self._state
        asked = [mentorship.mentor for mentorship in state.mentorships]
        if state.proposed is not None and state.proposed.mentor in asked:
            state.proposed = None
        if state.proposed is None:
            self._signal(
                PlacementMessageKind.MENTOR_WANTED, asked=asked, why=state.mentorships[-1].why if asked else None
            )
        await workflow.wait_condition(
            lambda: (
                not unless() and (state.proposed is not None or state.nominated is not None or state.matched_by is None)
            )
        )
        if state.nominated is not None:
            return None
        proposed, state.proposed = state.proposed, None
        if proposed is None or proposed.mentor is None:
            return None
        return Match(mentor=proposed.mentor, score=proposed.score, reasons=proposed.reasons), proposed.pinned

    def note(self, message: CohortMessage) -> None:
        """The cohort proposes a mentor, or nobody any more; what it has said before changes nothing."""
        state = self._state
        if message.starts_on is not None and state.plan is None:
            state.starts_on = message.starts_on
        if message.ruling is not None and (state.ruling is None or message.ruling.n > state.ruling.n):
            state.ruling = message.ruling
        if message.alone:
            self._forget_cohort()
        elif message.mentor is not None and message.n > state.proposals and self.proposes:
            state.proposals, state.proposed = message.n, message
            self._context.asking.call_off("the cohort proposes a mentor", kinds=[TaskKind.MENTOR_NOMINATION])

    def nominate(self, mentor: PersonId) -> None:
        """HR names the mentor instead."""
        self._state.nominated = mentor

    def lift(self, mentors: Sequence[PersonId]) -> None:
        """These are neither pinned nor forbidden any more, until the cohort says otherwise."""
        ruling = self._state.ruling
        if ruling is not None:
            forbidden = [mentor for mentor in ruling.forbidden if mentor not in mentors]
            pinned = None if ruling.pinned in mentors else ruling.pinned
            self._state.ruling = ruling.model_copy(update={"forbidden": forbidden, "pinned": pinned})

    def take_nominee(self) -> PersonId | None:
        """Whom HR has named, once."""
        nominated, self._state.nominated = self._state.nominated, None
        return nominated

    def _signal(self, kind: PlacementMessageKind, **more: Any) -> None:
        """Signal the cohort, if there is one."""
        if self._state.matched_by is not None:
            self._state.signals.append(
                PlacementMessage(case=self._state.case, at=self._context.now(), kind=kind, **more)
            )

    def signal_mentor_found(self) -> None:
        """Signal who the mentor is, as soon as the placement is prepared: from then on it can be paused."""
        self._signal(PlacementMessageKind.MENTOR_FOUND, mentor=self._state.mentor, patterns=self._patterns())

    def signal_patterns(self) -> None:
        """Signal what returner and mentor work, where that is otherwise: the cohort says whom its dates don't suit."""
        self._signal(PlacementMessageKind.PATTERNS, patterns=self._patterns())

    def _patterns(self) -> dict[PersonId, list[WorkingPattern]]:
        state, plan = self._state, self._state.plan
        of_mentor = plan.mentor_patterns if plan is not None and plan.mentor == state.mentor else None
        mentor = {state.mentor: of_mentor} if state.mentor is not None and of_mentor is not None else {}
        return {state.returner: state.patterns, **mentor}

    def signal_mentor_asked(self, mentor: PersonId) -> None:
        """Signal whom the placement asks without its cohort; of its own proposals that one knows."""
        if not self.proposes:
            self._signal(PlacementMessageKind.MENTOR_ASKED, mentor=mentor)

    def signal_mentor_left(self) -> None:
        """Signal that the mentor has left, and another is looked for."""
        self._signal(PlacementMessageKind.MENTOR_LEFT)

    async def signal_outcome(self) -> None:
        """Signal how the placement came out, once that is known."""
        await workflow.wait_condition(lambda: self._state.outcome is not None)
        assert self._state.outcome is not None
        self._signal(PlacementMessageKind.OUTCOME, outcome=self._state.outcome.value)

    async def signal_end(self) -> None:
        """Signal once that all is over, when the records know it: the cohort reports from them.

        It does not wait for the off-boarding, of which nothing more comes for its report.
        """
        if self._state.matched_by is not None:
            await workflow.wait_condition(lambda: self._context.report.delivery.empty)
            assert self._state.outcome is not None
            if not self._end_signalled:
                self._signal(PlacementMessageKind.ENDED, outcome=self._state.outcome.value)
            self._end_signalled = True

    async def _send(self, message: PlacementMessage) -> bool:
        cohort = self._state.matched_by
        return cohort is not None and await signalled(
            workflow_id(cohort_case(cohort)), Signal.PARTICIPANT_NEWS, message
        )

    def _lost(self, _: PlacementMessage) -> None:
        self._forget_cohort()

    def _forget_cohort(self) -> None:
        """There is no cohort any more that proposes a mentor, or would want to know anything."""
        self._state.matched_by = None
        self._state.signals.clear()
