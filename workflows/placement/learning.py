"""Upskilling inside a placement: a path of its own, which may outlive the placement."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.core.decisions import DecisionKind
from domain.core.naming import workflow_id
from domain.core.risks import Risk
from domain.core.signals import Signal
from domain.learning.beginning import claim_of_path, path_beginning
from domain.learning.part_time import hours_in
from domain.learning.signals import AroundThePlacement, PlacementChange
from domain.learning.state import PathResult, PathStart
from domain.placement.programme_days import calendar_date
from domain.placement.recommendation import learning_weeks
from domain.placement.stipend import days_worked
from workflows.case import activity_calls
from workflows.case.children import broke_off, start_child
from workflows.case.signalling import SignalQueue, signalled
from workflows.placement.context import PlacementContext


class Learning:
    """The upskilling path of a placement, if it has one."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self._begun = False
        self._decision_signalled: datetime | None = None
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
        if self._state.over:  # meanwhile: for as long as the records are away, that is not known
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
            }
        )
        try:
            path = await start_child(path_beginning(start))
        except WorkflowAlreadyStartedError:
            self._does_not_begin(f"the learning path {start.case} has been started before, outside this placement")
            return
        self._begun = True
        self._context.spawn(self._watch(path))
        self._context.spawn(self._signal_the_decision())
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

    def pattern_changed(self) -> None:
        """The returner works otherwise from some day on: the hours of learning follow the share."""
        state, learning = self._state, self._state.learning
        if learning is None:
            return
        weeks = learning_weeks(state.weeks, state.policy.decision.weeks_before_end)
        start = self._context.plan.start
        last = calendar_date(start + timedelta(weeks=weeks, days=-1), state.leaves)
        days = days_worked(start, last, state.leaves, paid_leave=False)
        hours = hours_in(learning.hours_per_week, days, state.working_time)
        self._signal(AroundThePlacement(what=PlacementChange.PATTERN, patterns=state.patterns, hours=hours))

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
