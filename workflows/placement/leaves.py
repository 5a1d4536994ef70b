"""Leaves: a placement stands still, by itself or with its cohort, and goes on; every date still to come moves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from domain.core.case import Done
from domain.core.decisions import DecisionKind
from domain.core.model import PersonId
from domain.core.placement_rows import LeaveRow
from domain.placement.cohort_messages import CohortInstruction
from domain.placement.letters import Paused, Resumed
from domain.placement.programme_days import Leave
from domain.placement.requests import LeaveType
from workflows.case.pauses import remind_while_paused
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import EVERYBODY, PlacementContext
from workflows.placement.conversion import ConversionStage
from workflows.placement.learning import Learning
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations
from workflows.placement.stipends import Stipends


class Leaves:
    """The leaves of a placement, one at a time."""

    def __init__(
        self,
        context: PlacementContext,
        mentoring: Mentoring,
        stipends: Stipends,
        conversion: ConversionStage,
        learning: Learning,
        cohort: CohortLink,
        reservations: PlacementReservations,
    ) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring
        self._stipends = stipends
        self._conversion = conversion
        self._learning = learning
        self._cohort = cohort
        self._reservations = reservations
        self._resuming = asyncio.Lock()

    def begin(self, leave_type: LeaveType, back_on: date | None, *, by: PersonId, reason: str | None) -> date:
        """All that is due stands still, coming sessions are called off, days worked are paid. The leave's first day.

        Whoever decides on the person reads the decisions: why somebody is away stands with the type of the leave.
        """
        paid_up_to = self._state.paid_up_to
        first = max(self._context.today(), paid_up_to + timedelta(days=1) if paid_up_to else self._context.today())
        self._state.leaves.append(Leave(first=first))
        self._context.clock.pause()
        self._mentoring.sessions.suspend()
        self._stipends.settle(first - timedelta(days=1))
        self._context.report.row(self._leave_row(leave_type.value, reason=reason, planned_back=back_on))
        self._context.report.decision(DecisionKind.PAUSE, "paused", by=by)
        self._context.report.letters(Paused(since=first, fixed=self._state.last_day is not None), to=EVERYBODY)
        self._context.changed()
        back_in = back_on - self._context.today() if back_on else None
        self._context.spawn(remind_while_paused(self._context, lambda: len(self._state.leaves), back_in))
        self._learning.paused()
        return first

    @property
    def is_ending(self) -> bool:
        """Whether the placement is just being taken up again."""
        return self._resuming.locked()

    async def end(self, since: int, *, by: PersonId | None, reason: str | None) -> Done:
        """End this leave, unless the cohort says meanwhile, after its ``since``-th instruction, that it pauses."""
        n = len(self._state.leaves)
        async with self._resuming:
            if not self._context.clock.paused or len(self._state.leaves) != n:  # what has begun since is another leave
                return self._context.done("resumed already")
            leave = self._state.leaves[-1]
            ended = Leave(first=leave.first, back_on=max(leave.first, self._context.today()))
            leaves = [*self._state.leaves[:-1], ended]
            plan = await self._context.plan_calendar(leaves)
            if self._state.over:
                return self._context.done("the placement has ended in the meantime")
            if self._state.last_instruction.says_pause_since(since):
                return self._context.done("its cohort stands still since, and it goes on with that")
            self._cohort.note_resumed()
            self._state.leaves, self._state.plan = leaves, plan
            self._context.asking.postpone(self._context.clock.resume())
            self._mentoring.sessions.invite()
            self._conversion.renew_offer()
            self._learning.resumed()
        self._context.report.row(self._leave_row("", ended_because=reason))
        self._context.report.decision(DecisionKind.PAUSE, "over", by=by)
        self._context.report.letters(Resumed(ends_on=plan.end), to=EVERYBODY)
        self._context.changed()
        self._context.spawn(self._reservations.fit_stipends(f"leave-{n}"))
        return self._context.done(f"resumed after {ended.days} days; the placement now ends on {plan.end}")

    def end_with_cohort(self, instruction: CohortInstruction) -> None:
        """The cohort goes on, and with it a placement that is paused by it."""
        if not self._state.last_instruction.is_old(instruction):
            self._cohort.note_instruction(instruction)
            if self._cohort.paused_with_cohort and not self._state.over:
                self._context.spawn(self.end(instruction.n, by=None, reason=with_cohort(instruction)))

    def end_with_the_placement(self) -> None:
        """A leave that lasts when the placement ends early ends with it."""
        if self._context.clock.paused:
            first = self._state.leaves[-1].first
            self._state.leaves[-1] = Leave(first=first, back_on=max(first, self._context.today()))
            self._context.clock.resume()
            self._context.report.row(self._leave_row(""))

    def _leave_row(
        self,
        leave_type: str,
        *,
        reason: str | None = None,
        ended_because: str | None = None,
        planned_back: date | None = None,
    ) -> LeaveRow:
        leave = self._state.leaves[-1]
        return LeaveRow(
            n=len(self._state.leaves),
            at=self._context.now(),
            leave_type=leave_type,
            first=leave.first,
            last=leave.back_on - timedelta(days=1) if leave.back_on else None,
            reason=reason,
            ended_because=ended_because,
            planned_back=planned_back,
        )


def with_cohort(instruction: CohortInstruction) -> str:
    """Why a placement stands still, or goes on, that does so with its cohort."""
    return f"with its cohort, {instruction.cohort}"
