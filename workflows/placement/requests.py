"""What people ask of a placement: leaves, an extension, an early decision, its end; and its signals.

What they ask about its mentor is in :mod:`workflows.placement.mentor_requests`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from temporalio import workflow

from domain.core.case import Done
from domain.core.decisions import DecisionKind
from domain.core.permissions import OF_HR
from domain.core.sentences import counted
from domain.core.tasks import Refused
from domain.core.working_pattern import MOST_IN_A_ROW, changed, patterns_text, reason_against
from domain.learning.result import PathResult
from domain.placement.cohort_messages import CohortMessage
from domain.placement.requests import (
    RUNNING,
    ChangePattern,
    DecideEarly,
    ExtendPlacement,
    PausePlacement,
    ReleaseWaiting,
    ResumePlacement,
    WithdrawPlacement,
)
from domain.placement.stages import Stage
from workflows.case.requests import WITHDRAW
from workflows.case.updates import update
from workflows.placement.conversion import ConversionStage
from workflows.placement.extension import Extensions
from workflows.placement.learning import Learning
from workflows.placement.leaves import Leaves, with_cohort
from workflows.placement.mentor_requests import MentorRequests
from workflows.placement.pattern_change import PatternChanges
from workflows.placement.stipends import Stipends


class PlacementRequests(MentorRequests):
    """The updates, signals and queries of a placement, which inherits them."""

    conversion: ConversionStage
    extensions: Extensions
    learning: Learning
    leaves: Leaves
    patterns: PatternChanges
    stipends: Stipends

    # Leaves

    def may_pause(self, request: PausePlacement) -> None:
        """HR, or by its instruction the cohort; not twice, and not once the last day is over."""
        self._check_who_or_cohort(request)
        self.check_when(request)
        if request.instruction is not None:
            self.cohort.check_may_pause(request.instruction, going_on=self.leaves.is_ending)
            if self.context.clock.paused:
                return
        if self.context.clock.paused:
            going_on = self.leaves.is_ending
            now = "is just going on after a pause; ask again in a moment" if going_on else "is paused already"
            raise Refused(f"{self.name} {now}")
        if self.state.paid_up_to and self.state.paid_up_to >= self.context.plan.end:
            raise Refused(f"the last day of {self.name}, {self.context.plan.end}, is over")
        if request.back_on and request.back_on <= self.context.today():
            raise Refused(f"back_on: {request.back_on} must be after today, {self.context.today()}", "invalid")

    @update("Begin a leave: all dates still to come wait", rule=may_pause)
    async def pause(self, request: PausePlacement) -> Done:
        """Leave begins: all that is due stands still, coming sessions are called off, days worked are paid."""
        # with the cohort already, or just going on
        again = request.instruction is not None and self.context.clock.paused
        self.cohort.note_paused(request.instruction)
        if again:
            return self.context.done("stands still with its cohort already")
        first = self.leaves.begin(request.leave_type, request.back_on, by=request.actor, reason=_why(request))
        return self.context.done(f"paused since {first}; every date that is still to come waits")

    def may_resume(self, request: ResumePlacement) -> None:
        """HR, what is paused. What a cohort says is noted in any case, so that nothing older counts after it."""
        self._check_who_or_cohort(request)
        if request.instruction is not None and self.state.stage is not Stage.ENDED:
            return
        self.check_when(request)
        if not self.context.clock.paused:
            raise Refused(f"{self.name} is not paused")

    @update("End a leave: all dates still to come move", rule=may_resume)
    async def resume(self, request: ResumePlacement) -> Done:
        """Leave ends today: the calendar is planned anew from here, open tasks get the time back."""
        if request.instruction is not None:
            self.cohort.note_instruction(request.instruction)
            if not self.cohort.paused_with_cohort:
                return self.context.done("does not stand still with its cohort")
        since = request.instruction.n if request.instruction is not None else self.state.last_instruction.last
        return await self.leaves.end(since, by=request.actor, reason=_why(request))

    def _check_who_or_cohort(self, request: PausePlacement | ResumePlacement) -> None:
        if request.instruction is None:
            self.check_who(request)
        else:
            self.cohort.check_instruction(request.instruction)

    # Extension

    def may_extend(self, request: ExtendPlacement) -> None:
        """Up to the policy's length; what is being agreed is replaced only by who asked for it, or HR."""
        self.check_may(request)
        longest = self.state.policy.length.max_weeks
        if self.state.weeks + request.weeks > longest:
            raise Refused(
                f"weeks: {self.state.weeks} and {request.weeks} more are over the policy's {longest}", "invalid"
            )
        self.extensions.check_may_ask_instead(request.actor)

    @update("Make the placement longer, if both sides agree", rule=may_extend)
    async def extend(self, request: ExtendPlacement) -> Done:
        """Both sides are asked; whoever asked has agreed. A request that is still being agreed is replaced."""
        asked = self.extensions.ask_for(self.extensions.wanted(request))
        return self.context.done(f"{asked} to agree to {counted(request.weeks, 'more week')}")

    # Working pattern

    def may_change_pattern(self, request: ChangePattern) -> None:
        """From tomorrow on and up to the last day; no more than full time, and with a day on which work is done.

        What is being agreed is replaced only by who asked for it, or HR.
        """
        self.check_may(request)
        first, tomorrow = request.patterns[0].since, self.context.today() + timedelta(days=1)
        if first is None or first < tomorrow:
            raise Refused(f"patterns: {first} is over or has begun; the earliest day is {tomorrow}", "invalid")
        last = self.context.plan.end
        if first > last and not self.context.end_moves:
            raise Refused(f"patterns: {first} is after the last day, {last}", "invalid")
        if (fault := reason_against(request.patterns, self.state.policy.working_week)) is not None:
            raise Refused(f"patterns: {fault}", "invalid")
        if len(self.state.patterns) + len(request.patterns) > MOST_IN_A_ROW:
            raise Refused(
                f"patterns: with the {len(self.state.patterns)} there are already, more than {MOST_IN_A_ROW} in a row",
                "invalid",
            )
        if changed(self.state.patterns, request.patterns) == self.state.patterns:
            raise Refused(f"patterns: {patterns_text(request.patterns)} is agreed already")
        self.patterns.check_may_ask_instead(request.actor)

    @update("Another working pattern from some day on, if both sides agree", rule=may_change_pattern)
    async def change_pattern(self, request: ChangePattern) -> Done:
        """Both sides are asked; whoever asked has agreed. A request that is still being agreed is replaced."""
        asked = self.patterns.ask_for(self.patterns.wanted(request))
        return self.context.done(f"{asked} to agree to working {patterns_text(request.patterns)}")

    # An early decision

    def may_decide_early(self, request: DecideEarly) -> None:
        """From the policy's week on, until the decision begins; not in a leave."""
        self.check_who(request)
        week, earliest = self.state.week(self.context.now()) or 0, self.state.policy.decision.early_from_week
        self.check_when(request, when=f"from week {earliest} of the placement on, until the decision begins")
        if self.state.early_decision_by is not None:
            raise Refused(f"the conversion decision begins already: {self.state.early_decision_by} has asked for it")
        if week < earliest:
            raise Refused(f"this is week {week}; the policy allows a decision from week {earliest} on")
        if self.context.clock.paused:
            raise Refused(f"{self.name} is paused; resume it first")

    @update("Begin the conversion decision now", rule=may_decide_early)
    async def decide_early(self, request: DecideEarly) -> Done:
        """The decision begins now."""
        self.state.early_decision_by = request.actor
        self.context.report.decision(DecisionKind.EARLY_DECISION, "asked", by=request.actor, reason=request.reason)
        return self.context.done("the conversion decision begins now")

    # A conversion that waits for a headcount

    def may_release(self, request: ReleaseWaiting) -> None:
        """HR, while the conversion waits for a headcount."""
        self.check_may(request)
        self.conversion.headcount.check_waits()

    @update("Give up a conversion that waits for a headcount, and release the returner", rule=may_release)
    async def release(self, request: ReleaseWaiting) -> Done:
        """The returner is released; what the duties forbid is recorded and refused."""
        self.conversion.headcount.give_up(request.actor, request.reason)
        return self.context.done(
            f"{self.state.returner} is released; the conversion does not wait for {self.state.role.headcount} any more"
        )

    # The end

    def may_withdraw(self, request: WithdrawPlacement) -> None:
        """The returner or HR, once; that somebody had stopped working before, HR says alone."""
        self.check_who(request)
        self.check_not_over("already")
        if request.worked_until is not None:
            self._check_worked_until(request, request.worked_until)

    def _check_worked_until(self, request: WithdrawPlacement, last: date) -> None:
        self.check_who(request, OF_HR)
        if self.state.plan is None or self.state.stage not in RUNNING:
            raise Refused(f"worked_until: no stipend of {self.name} is being paid now; leave it out", "invalid")
        earliest, today = self.context.plan.start - timedelta(days=1), self.context.today()
        if today > self.context.plan.end and not self.context.end_moves:
            raise Refused(f"worked_until: the last day of {self.name}, {self.context.plan.end}, is over", "invalid")
        if not earliest <= last <= today:
            raise Refused(
                f"worked_until: {last} must not be after today, {today}, nor before {earliest}, the day before the "
                "placement began",
                "invalid",
            )

    @update(WITHDRAW, rule=may_withdraw)
    async def withdraw(self, request: WithdrawPlacement) -> Done:
        """The placement ends now, in good order."""
        self.state.worked_until = request.worked_until
        self.context.end_early(request.reason, by=request.actor)
        return self.context.done(f"withdrawn; tasks and invitations are called off{self._of_pay(request)}")

    def _of_pay(self, request: WithdrawPlacement) -> str:
        last, paid_up_to = request.worked_until, self.state.paid_up_to
        if last is not None and paid_up_to is not None and last < paid_up_to:
            return f", what was paid for days after {last} is taken back"
        return ", days worked are paid" if self.stipends.is_pay_due(last) else ""

    # What other workflows signal

    @workflow.signal(description="How far the learning path inside this placement has come")
    def learning_result(self, result: PathResult) -> None:
        """How far the learning path inside this placement has come."""
        self.learning.note(result)

    @workflow.signal(description="The cohort proposes whom to ask to be the mentor")
    def mentor_proposed(self, message: CohortMessage) -> None:
        """The cohort proposes a mentor, or says something else."""
        self.cohort.note(message)
        if message.goes_on is not None:
            self.leaves.end_with_cohort(message.goes_on)

    # What people look at

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state, with the week the case is in."""
        now = self.context.now()
        return {**self.state.view(now), "week": self.state.week(now)}


def _why(request: PausePlacement | ResumePlacement) -> str | None:
    """Why a leave begins or ends, for the record."""
    return request.reason if request.instruction is None else with_cohort(request.instruction)
