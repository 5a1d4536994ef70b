"""Upskilling inside a placement: a path of its own, which may outlive the placement."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.core.decisions import DecisionKind
from domain.core.naming import workflow_id
from domain.core.risks import Risk
from domain.core.signals import Signal
from domain.core.working_pattern import WorkingPattern
from domain.learning.beginning import claim_of_path, path_beginning
from domain.learning.part_time import hours_in
from domain.learning.result import PathResult
from domain.learning.signals import AroundThePlacement, PlacementChange
from domain.learning.start import PathStart
from domain.placement.programme_days import Leave, days_of_weeks
from domain.placement.recommendation import learning_weeks
from workflows.case import activity_calls
from workflows.case.children import broke_off, start_child
from workflows.case.signalling import SignalQueue, signalled
from workflows.placement.context import PlacementContext


class LearningTerms(NamedTuple):
    """What the hours of learning in a placement depend on."""

    patterns: tuple[WorkingPattern, ...]
    weeks: int
    when: tuple[date, tuple[Leave, ...]] | None


class Learning:
    """The upskilling path of a placement, if it has one."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self._begun = False
        self._decision_signalled: datetime | None = None
        self._hours_by = self._terms()
        """By which terms the hours of the path were worked out that it has now."""
        self._starting: asyncio.Task[None] | None = None
        self.signals = SignalQueue(self._state.changes_for_path, self._send, self._path_is_gone)

    def begin(self) -> None:
        """Start the path as a child, which goes on when the placement is over; the placement does not wait for it.

        Starting it is never broken off, or a path could begin of which its placement knows nothing.
        """
        if self._state.learning is not None:
            self._starting = asyncio.create_task(self._start(self._state.learning))

    async def _start(self, learning: PathStart) -> None:
        alone = await activity_calls.check_alone(claim_of_path(learning))
        if self._state.over:  # meanwhile: for as long as the records can't be reached, that is not known
            return
        if alone.refused:
            self._does_not_begin(f"the learning path {learning.case} does not begin: {alone.refused}")
            return
        self._decision_signalled = self._decision_at()
        start = learning.model_copy(
            update={
                "placement": self._state.case,
                "decision_at": self._decision_signalled,
                "cohort": self._state.cohort,
                "seconds_per_day": self._state.clock.seconds_per_day,
                "clock_shows": self._context.now(),
                "patterns": self._state.patterns,
                "working_week": self._state.policy.working_week,
                "hours": self._hours(learning) if self._terms() != self._hours_by else learning.hours,
            }
        )
        self._hours_by = self._terms()
        try:
            path = await start_child(path_beginning(start))
        except WorkflowAlreadyStartedError:
            self._does_not_begin(f"the learning path {start.case} has been started before, outside this placement")
            return
        self._begun = True
        self._context.spawn(self._watch(path))
        self._context.spawn(self._signal_the_decision())
        self._context.spawn(self._signal_the_hours(learning))
        self._context.report.decision(DecisionKind.LEARNING, f"{start.case} begins", by=None, evidence=_pinned(start))
        if self._context.clock.paused:
            self.paused()

    def _does_not_begin(self, why: str) -> None:
        self._context.put_at_risk(Risk.LEARNING, why)
        self._context.spawn(self._clear_once_decided())

    async def _watch(self, path: asyncio.Task[Any]) -> None:
        """A path that breaks off can't say so itself."""
        await workflow.wait_condition(path.done)
        if broke_off(path) and self._state.learning is not None:
            self._begun = False
            self._context.put_at_risk(Risk.LEARNING, f"the learning path {self._state.learning.case} has broken off")
            await self._clear_once_decided()

    def _decision_at(self) -> datetime | None:
        """When the conversion is decided; none once somebody has asked for it earlier."""
        return None if self._state.early_decision_by else self._context.plan.decision_at

    async def _signal_the_decision(self) -> None:
        """The path hears when the decision moves: what is learned after it is no evidence."""
        while True:
            await workflow.wait_condition(lambda: self._decision_at() != self._decision_signalled)
            self._decision_signalled = self._decision_at()
            self._signal(AroundThePlacement(what=PlacementChange.DECISION, decision_at=self._decision_signalled))

    def _terms(self) -> LearningTerms:
        """What the hours of learning depend on; of somebody who works full time, only on how long the placement is."""
        state = self._state
        over = tuple(leave for leave in state.leaves if leave.back_on is not None)
        when = (state.plan.start if state.plan else state.starts_on, over) if state.patterns else None
        return LearningTerms(tuple(state.patterns), state.weeks, when)

    def _hours(self, learning: PathStart) -> int:
        """The hours of learning up to the decision: so many a week of full time, and of those the returner's share."""
        state = self._state
        weeks = learning_weeks(state.weeks, state.policy.decision.weeks_before_end)
        days = days_of_weeks(self._context.plan.start, weeks, state.leaves)
        return hours_in(learning.hours_per_week, days, state.working_time)

    async def _signal_the_hours(self, learning: PathStart) -> None:
        """The path hears of another working pattern, and of other hours: also of what was agreed while it began."""
        while True:
            await workflow.wait_condition(lambda: self._terms() != self._hours_by)
            self._hours_by = self._terms()
            patterns, hours = self._state.patterns, self._hours(learning)
            self._signal(AroundThePlacement(what=PlacementChange.PATTERN, patterns=patterns, hours=hours))

    async def _clear_once_decided(self) -> None:
        """What was not learned inside the placement matters until the conversion is decided without it."""
        await workflow.wait_condition(lambda: self._state.conversion is not None)
        self._context.clear_risk(Risk.LEARNING)

    def paused(self) -> None:
        """The path waits with the placement."""
        self._signal(AroundThePlacement(what=PlacementChange.PAUSED))

    def resumed(self) -> None:
        """The path goes on with the placement."""
        self._signal(AroundThePlacement(what=PlacementChange.RESUMED))

    async def end(self) -> None:
        """The placement is over: the path goes on alone, or HR is asked whether it shall."""
        if self._starting is not None:
            await self._starting
        outcome = self._state.outcome.value if self._state.outcome else None
        self._signal(AroundThePlacement(what=PlacementChange.ENDED, outcome=outcome))
        self._begun = False

    def note(self, result: PathResult) -> None:
        """Note how far the path has come; the conversion is decided on it, too."""
        self._state.learned = result

    def _signal(self, change: AroundThePlacement) -> None:
        """Signal the path, where one has begun and not ended."""
        if self._begun:
            self._state.changes_for_path.append(change)

    async def _send(self, change: AroundThePlacement) -> bool:
        learning = self._state.learning
        return learning is not None and await signalled(workflow_id(learning.case), Signal.AROUND_THE_PLACEMENT, change)

    def _path_is_gone(self, _: AroundThePlacement) -> None:
        """The path has ended before the placement."""
        self._begun = False
        self._state.changes_for_path.clear()


def _pinned(start: PathStart) -> dict[str, object]:
    return {"case": start.case, "profile": start.goal.profile.id, "hours_per_week": start.hours_per_week}
