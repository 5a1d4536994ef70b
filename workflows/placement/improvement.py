"""When a review comes out below the threshold: plans for improvement, each with its check, until one is passed."""

from __future__ import annotations

import asyncio

from domain.core.model import Party
from domain.core.risks import Risk
from domain.placement.decision import ReviewRound
from domain.placement.forms import IMPROVEMENT_CHECK, IMPROVEMENT_PLAN, ImprovementPlan
from domain.placement.letters import ImprovementNeeded
from workflows.case.answers import Answered
from workflows.case.concurrency import break_off
from workflows.placement.context import PlacementContext

CHECKED = "its check is asked for now; the first answer counts"
PUT_RIGHT = "the review from which it followed was put right"


class Improvement:
    """The improvement of a placement; a round that comes out low while one is under way begins no second."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self._going_on: asyncio.Task[None] | None = None

    def begin_if_needed(self, review: ReviewRound) -> None:
        """After a round of reviews that came out below the threshold."""
        if review.below_threshold and self._state.improvement_after is None:
            self._state.improvement_after = review.title
            self._going_on = self._context.spawn(self._improve(review))

    async def _improve(self, review: ReviewRound) -> None:
        """The case is at risk until a plan has worked."""
        self._context.put_at_risk(Risk.IMPROVEMENT, _reason(review))
        letter = ImprovementNeeded(
            n=review.n, score=str(review.combined), threshold=str(self._state.policy.reviews.threshold)
        )
        self._context.report.letters(letter, to=[Party.MANAGER, Party.RETURNER, Party.HR])
        while await self._plan_and_check(review):
            pass
        self._over()

    async def _plan_and_check(self, review: ReviewRound) -> bool:
        """One plan and its check; true when another plan is needed."""
        not_by = [self._state.returner]
        plan = await self._context.ask(IMPROVEMENT_PLAN, "improvement plan", of=Party.MANAGER, not_by=not_by)
        if not isinstance(plan, Answered):
            return False
        self.note(plan.form)
        self._state.improvement_plans += 1
        review.improvement_plans += 1
        await self._context.clock.wait(self._state.policy.reviews.improvement_check_after_days, "improvement check")
        self._context.asking.call_off(CHECKED, kinds=[IMPROVEMENT_PLAN.kind])  # where it is asked for once more
        check = await self._context.ask(
            IMPROVEMENT_CHECK,
            "improvement check",
            of=Party.MANAGER,
            facts={"actions": self._state.improvement_actions},
            not_by=not_by,
        )
        return isinstance(check, Answered) and not check.form.passed

    def note(self, plan: ImprovementPlan) -> None:
        """What was agreed; agreed anew, the last counts."""
        self._state.improvement_actions = list(plan.actions)

    def _over(self) -> None:
        self._state.improvement_after = None
        self._context.clear_risk(Risk.IMPROVEMENT)

    # A review is put right

    def put_right(self, review: ReviewRound, *, was_below: bool) -> None:
        """A round was combined once more: an improvement that followed from it ends, one that is needed begins."""
        if was_below and not review.below_threshold:
            self._did_not_follow(review)
        elif self._state.improvement_after == review.title:
            self._state.note_risk(Risk.IMPROVEMENT, _reason(review))
            self._context.changed()
        elif not was_below:  # else its improvement was, and perhaps is over and passed
            self.begin_if_needed(review)

    def _did_not_follow(self, review: ReviewRound) -> None:
        """Plans that were made because of it don't count; rounds that came out low meanwhile have theirs now."""
        self._state.improvement_plans -= review.improvement_plans
        review.improvement_plans = 0
        if self._state.improvement_after != review.title:
            return
        if self._going_on is not None:
            break_off(self._going_on)
        self._context.asking.call_off(PUT_RIGHT, kinds=[IMPROVEMENT_PLAN.kind, IMPROVEMENT_CHECK.kind])
        self._over()
        for later in self._state.reviews:
            if later.n > review.n and not later.improvement_plans:
                self.begin_if_needed(later)


def _reason(review: ReviewRound) -> str:
    return f"{review.title} review: {review.combined}, below the threshold"
