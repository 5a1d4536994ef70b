"""The placement around a path: what it signals to the path, and how the path goes on without it."""

from __future__ import annotations

from temporalio import workflow

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.naming import workflow_id
from domain.core.signals import Signal
from domain.learning.forms import PATH_AFTER_PLACEMENT
from domain.learning.result import PathResult
from domain.learning.signals import RETURNER_STAYS, AroundThePlacement, PlacementChange
from workflows.case.answers import Answered
from workflows.case.signalling import SignalQueue, signalled
from workflows.learning.context import PathContext
from workflows.learning.pauses import Pauses

WITH_PLACEMENT = "with its placement"


class PlacementLink:
    """Follows the placement around a path, where there is one."""

    def __init__(self, context: PathContext, pauses: Pauses) -> None:
        self._context = context
        self._state = context.state
        self._pauses = pauses
        self._left_alone: str | None = None
        """How the placement came out that is over, where HR is to say what becomes of the path."""
        self.signals = SignalQueue(self._state.results_for_placement, self._send, self._placement_is_gone)

    def signal_result(self) -> None:
        """Signal the placement how far the path has come; the conversion is decided on it, too."""
        if self._state.placement is not None:
            self._state.results_for_placement.append(self._state.result(self._context.now()))

    async def is_gone(self) -> bool:
        """Whether the placement around this path was ended by force; asked by signalling it the result once more."""
        self.signal_result()
        await workflow.wait_condition(lambda: self.signals.empty)
        return self._state.placement is None

    async def _send(self, result: PathResult) -> bool:
        placement = self._state.placement
        return placement is not None and await signalled(workflow_id(placement), Signal.LEARNING_RESULT, result)

    def _placement_is_gone(self, _: PathResult) -> None:
        self._state.placement = None
        self._state.results_for_placement.clear()

    def changed(self, message: AroundThePlacement) -> None:
        """Pause and go on with the placement, learn in time for its decision; when it is over, go on alone, or ask HR
        whether to."""
        if self._state.over:
            return
        if message.what is PlacementChange.PAUSED and not self._context.clock.paused:
            self._state.paused_with_placement = True
            self._pauses.begin(by=None, reason=WITH_PLACEMENT)
        elif message.what is PlacementChange.RESUMED:
            self._resume_with_placement()
        elif message.what is PlacementChange.DECISION:
            self._state.decision_at = message.decision_at
        elif message.what is PlacementChange.PATTERN:
            self._state.patterns, self._state.hours = message.patterns, message.hours or self._state.hours
            self._context.asking.to_own_days()
        elif message.what is PlacementChange.ENDED and self._state.placement is not None:
            self._state.placement = None
            self._resume_with_placement()
            if message.outcome != RETURNER_STAYS:
                self._state.left_without_employment = True
                self._left_alone = message.outcome or "withdrawn"

    def _resume_with_placement(self) -> None:
        """Go on, if it was the placement that paused the path; a pause of its own stays."""
        if self._state.paused_with_placement:
            self._state.paused_with_placement = False
            self._pauses.end(by=None, reason=WITH_PLACEMENT)

    async def go_on_alone(self) -> None:
        """Without its placement the path goes on only if HR says so; unless it has ended before HR says anything.

        It lasts as long as the case: what goes on beside the stages is dropped by a change of role, and this is not to.
        """
        await workflow.wait_condition(lambda: self._left_alone is not None)
        if self._state.over:  # in this very moment
            return
        answer = await self._context.ask(
            PATH_AFTER_PLACEMENT,
            "whether the learning goes on without the placement",
            of=Party.HR,
            facts={"placement": self._left_alone, "stage": self._state.stage.value},
            not_by=[self._state.learner],
        )
        if not isinstance(answer, Answered):
            return
        decided = "goes on" if answer.form.go_on else "ends"
        self._context.report.decision(
            DecisionKind.PATH_AFTER_PLACEMENT, decided, by=answer.by, reason=answer.form.reason
        )
        if not answer.form.go_on:
            self._context.end_early(answer.form.reason, by=answer.by)
