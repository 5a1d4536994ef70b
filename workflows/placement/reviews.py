"""Goals and reviews: what was agreed, how it goes, and what is done when it does not go well."""

from __future__ import annotations

from datetime import datetime

from domain.core.model import Party
from domain.core.questions import Question
from domain.core.risks import Risk
from domain.placement.calendar import PlannedReview
from domain.placement.decision import ReviewRound, close_round
from domain.placement.forms import (
    GOALS,
    GOALS_AGREEMENT,
    IMPROVEMENT_CHECK,
    IMPROVEMENT_PLAN,
    MANAGER_REVIEW,
    MENTOR_REVIEW,
    SELF_REVIEW,
    Review,
)
from domain.placement.letters import ImprovementNeeded
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext


class Reviews:
    """The goals and reviews of a placement."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state

    # Goals

    async def agree_goals(self) -> None:
        """The manager proposes goals in the first week and the returner agrees, or says what to change."""
        await self._context.clock.until(lambda: self._context.plan.goals_at, "goals")
        objection: str | None = None
        while not self._state.goals_agreed:
            facts = {"objection": objection} if objection else {}
            proposed = await self._context.ask(
                GOALS, "goals of the placement", of=Party.MANAGER, facts=facts, not_by=[self._state.returner]
            )
            if not isinstance(proposed, Answered):
                return
            self._state.goals = list(proposed.form.goals)
            reply = await self._context.ask(
                GOALS_AGREEMENT,
                "agree to the goals",
                of=Party.RETURNER,
                facts={"goals": self._state.goals},
            )
            if not isinstance(reply, Answered):
                return
            self._state.goals_agreed, objection = reply.form.yes, reply.form.reason

    # Reviews

    async def run(self) -> None:
        """Hold each review on its date; one that is late does not hold up the next."""
        rounds = []
        while self._next() or self._context.now() < self._context.plan.ends_at:
            await self._context.clock.until(self._next_opens, "next review")
            planned = self._next()
            if planned and planned.opens_at <= self._context.now():
                review = ReviewRound(n=planned.n, title=planned.title)
                self._state.reviews.append(review)
                rounds.append(self._context.spawn(self._hold(review)))
        await self._context.wait_all(rounds)

    def _next(self) -> PlannedReview | None:
        begun = {review.title for review in self._state.reviews}
        return next((planned for planned in self._context.plan.reviews if planned.title not in begun), None)

    def _next_opens(self) -> datetime:
        planned = self._next()
        return planned.opens_at if planned else self._context.plan.ends_at

    async def _hold(self, review: ReviewRound) -> None:
        await self._context.gather(
            self._score(review, Party.MANAGER, MANAGER_REVIEW),
            self._score(review, Party.MENTOR, MENTOR_REVIEW),
            self._score(review, Party.RETURNER, SELF_REVIEW),
        )
        close_round(review, self._state.policy.reviews)
        if review.below_threshold and Risk.IMPROVEMENT not in self._state.at_risk:
            self._context.spawn(self._improve(review))

    async def _score(self, review: ReviewRound, party: Party, question: Question[Review]) -> None:
        not_by = [] if party is Party.RETURNER else [self._state.returner]
        answer = await self._context.ask(
            question, f"{review.title} review", of=party, facts={"goals": self._state.goals}, not_by=not_by
        )
        review.scores[party] = answer.form.score if isinstance(answer, Answered) else None

    # When it does not go well

    async def _improve(self, review: ReviewRound) -> None:
        """Plans for improvement, each with its check, until one is passed; the case is at risk until then."""
        self._context.put_at_risk(Risk.IMPROVEMENT, f"{review.title} review: {review.combined}, below the threshold")
        letter = ImprovementNeeded(
            n=review.n, score=str(review.combined), threshold=str(self._state.policy.reviews.threshold)
        )
        self._context.report.letters(letter, to=[Party.MANAGER, Party.RETURNER, Party.HR])
        while await self._plan_and_check():
            pass
        self._context.clear_risk(Risk.IMPROVEMENT)

    async def _plan_and_check(self) -> bool:
        """One plan and its check; true when another plan is needed."""
        not_by = [self._state.returner]
        plan = await self._context.ask(IMPROVEMENT_PLAN, "improvement plan", of=Party.MANAGER, not_by=not_by)
        if not isinstance(plan, Answered):
            return False
        self._state.improvement_plans += 1
        await self._context.clock.wait(self._state.policy.reviews.improvement_check_after_days, "improvement check")
        check = await self._context.ask(
            IMPROVEMENT_CHECK,
            "improvement check",
            of=Party.MANAGER,
            facts={"actions": plan.form.actions},
            not_by=not_by,
        )
        return isinstance(check, Answered) and not check.form.passed
