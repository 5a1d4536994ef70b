"""Goals and reviews: what was agreed, and how it goes."""

from __future__ import annotations

from datetime import datetime

from domain.core.model import Party
from domain.core.questions import Question
from domain.placement.calendar import PlannedReview
from domain.placement.decision import ReviewRound, close_round
from domain.placement.forms import (
    GOALS,
    GOALS_AGREEMENT,
    MANAGER_REVIEW,
    MENTOR_REVIEW,
    SELF_REVIEW,
    Goals,
    Review,
)
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext
from workflows.placement.improvement import Improvement

REVIEWERS: tuple[tuple[Party, Question[Review]], ...] = (
    (Party.MANAGER, MANAGER_REVIEW),
    (Party.MENTOR, MENTOR_REVIEW),
    (Party.RETURNER, SELF_REVIEW),
)
"""Who reviews, in each round."""


class Reviews:
    """The goals and reviews of a placement."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self.improvement = Improvement(context)

    # Goals

    async def agree_goals(self) -> None:
        """The manager proposes goals in the first week and the returner agrees, or says what to change."""
        await self._context.clock.until(lambda: self._context.plan.goals_at, "goals")
        await self._agree(None)

    async def _agree(self, proposed: Goals | None) -> None:
        objection: str | None = None
        while not self._state.goals_agreed:
            proposed = proposed or await self._propose(objection)
            if proposed is None:
                return
            self._state.goals = list(proposed.goals)
            reply = await self._context.ask(
                GOALS_AGREEMENT,
                "agree to the goals",
                of=Party.RETURNER,
                facts={"goals": self._state.goals},
            )
            if not isinstance(reply, Answered):
                return
            self._state.goals_agreed, objection, proposed = reply.form.yes, reply.form.reason, None

    async def _propose(self, objection: str | None) -> Goals | None:
        facts = {"objection": objection} if objection else {}
        proposed = await self._context.ask(
            GOALS, "goals of the placement", of=Party.MANAGER, facts=facts, not_by=[self._state.returner]
        )
        return proposed.form if isinstance(proposed, Answered) else None

    def goals_anew(self, goals: Goals) -> None:
        """Other goals take the place of those that were agreed; the returner is asked to agree to them."""
        self._state.goals, self._state.goals_agreed = list(goals.goals), False
        self._context.spawn(self._agree(goals))

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
                self._context.asking.reopening.close_lapsed()
                rounds.append(self._context.spawn(self._hold(review)))
        await self._context.wait_all(rounds)

    def _next(self) -> PlannedReview | None:
        begun = {review.title for review in self._state.reviews}
        return next((planned for planned in self._context.plan.reviews if planned.title not in begun), None)

    def _next_opens(self) -> datetime:
        planned = self._next()
        return planned.opens_at if planned else self._context.plan.ends_at

    async def _hold(self, review: ReviewRound) -> None:
        await self._context.gather(*(self._score(review, party, question) for party, question in REVIEWERS))
        close_round(review, self._state.policy.reviews)
        self.improvement.begin_if_needed(review)
        self._context.evidence_anew()

    async def _score(self, review: ReviewRound, party: Party, question: Question[Review]) -> None:
        not_by = [] if party is Party.RETURNER else [self._state.returner]
        answer = await self._context.ask(
            question,
            f"{review.title} review",
            of=party,
            facts={"goals": self._state.goals},
            not_by=not_by,
            ref=review.title,
        )
        review.scores[party] = answer.form.score if isinstance(answer, Answered) else None
        self._context.evidence_anew()

    def score_anew(self, review: ReviewRound, party: Party, form: Review) -> None:
        """A review was put right: the round is combined again, and what followed from it is put right too."""
        review.scores[party] = form.score
        if len(review.scores) == len(REVIEWERS):
            was_below = review.below_threshold
            close_round(review, self._state.policy.reviews)
            self.improvement.put_right(review, was_below=was_below)
