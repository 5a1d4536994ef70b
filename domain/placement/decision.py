"""Reviews combined, and the evidence a conversion is decided on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from pydantic import Field

from domain.core.model import Fixed, Instant, Model, Money, Party, PersonId, instant_text
from domain.core.rounding import hundredth
from domain.core.wording import spoken
from domain.learning.gaps import number_text
from domain.learning.hours import HoursSource, HoursTotals
from domain.learning.result import PathResult
from domain.placement.policy import ReviewRules

REVIEWING = frozenset({Party.MANAGER, Party.MENTOR, Party.RETURNER})
"""Whose reviews make a round; it is combined once all of them are in, or were waived."""

NO_SCORE = "no score"


def why_no_score(scores: Collection[str]) -> str:
    """What is said of a round that has no combined score, by whose reviews are in or were waived."""
    if not scores:
        return "no combined score yet, because no review is in"
    missing = REVIEWING - set(scores)
    return "no combined score yet, because not all reviews are in" if missing else NO_SCORE


class ReviewRound(Model):
    """One round of reviews: the scores that came in (none where one was waived), combined by the policy."""

    n: int
    title: str
    scores: dict[Party, int | None] = Field(default_factory=dict)
    combined: Decimal | None = None
    below_threshold: bool = False
    improvement_plans: int = 0
    """How many plans for improvement followed from it."""


class Evidence(Fixed):
    """What the manager and the approvers decide on."""

    reviews: list[ReviewRound]
    goals: list[str]
    sessions_held: int
    sessions_planned: int
    improvement_plans: int
    improvement_open: bool
    learning: PathResult | None = None


class Conversion(Fixed):
    """The decision at the end of a placement: convert into employment (on these terms), or release."""

    convert: bool
    reason: str
    title: str | None = None
    salary: Money | None = None
    starts_on: date | None = None


class ReleaseAsked(Fixed):
    """HR has given up a conversion that waited for a headcount: who, when, and why."""

    by: PersonId
    at: Instant
    reason: str


def combine(scores: Mapping[Party, int | None], rules: ReviewRules) -> Decimal | None:
    """The weighted mean of the scores given; none when there is none (or none that weighs)."""
    given = [(Decimal(str(rules.weights[party])), score) for party, score in scores.items() if score is not None]  # type: ignore[index]
    total = sum((weight for weight, _ in given), Decimal(0))
    if not total:
        return None
    return sum((weight * score for weight, score in given), Decimal(0)) / total


def close_round(review: ReviewRound, rules: ReviewRules) -> None:
    """Combine a round whose reviews are all in: compare the exact mean with the threshold, keep it to the hundredth."""
    mean = combine(review.scores, rules)
    review.combined = None if mean is None else hundredth(mean, rules.threshold)
    review.below_threshold = mean is not None and mean < rules.threshold


def evidence_lines(evidence: Evidence) -> list[str]:
    """The evidence as lines a person reads in a task."""
    lines = [*map(review_line, evidence.reviews), *(f"goal: {goal}" for goal in evidence.goals), _sessions(evidence)]
    if evidence.improvement_plans:
        passed = "not passed yet" if evidence.improvement_open else "passed"
        lines.append(f"improvement plans: {evidence.improvement_plans}, {passed}")
    return [*lines, *(_learning_lines(evidence.learning) if evidence.learning else [])]


def review_line(review: ReviewRound) -> str:
    """What has come out of a round; where it is not combined, because reviews of it are still open, what is in."""
    if review.combined is not None:
        said = f"{review.combined}{' (below the threshold)' if review.below_threshold else ''}"
    else:
        said = why_no_score(review.scores)
        if review.scores and said != NO_SCORE:
            given = (
                f"{party.spoken}: {NO_SCORE if score is None else f'{score} of 5'}"
                for party, score in sorted(review.scores.items())
            )
            said = f"{said} (so far {', '.join(given)})"
    return f"review {review.title}: {said}"


def _learning_lines(learning: PathResult) -> list[str]:
    how = learning.outcome or learning.stage
    lines = [f"learning path {learning.case}: {spoken(how.value)} on {instant_text(learning.at)}"]
    lines += [
        f"learning: {skill}, levels missing: {number_text(missing)} at first, {number_text(learning.now[skill])} now"
        for skill, missing in learning.before.items()
    ]
    lines += [f"learning: passed {title}" for title in learning.passed]
    lines += _hours_lines(learning.hours) if learning.hours else []
    return [*lines, *([f"certificate: {learning.certificate}"] if learning.certificate else [])]


def _hours_lines(hours: HoursTotals) -> list[str]:
    attended, measured, stated = (hours.spent[source] for source in HoursSource)
    by_source = (
        (attended, f"learning: {attended} h by attendance"),
        (measured, f"learning: {measured} h measured by a learning system"),
        (stated, f"learning: {stated} h by the learner's own statement"),
    )
    said = [sentence for spent, sentence in by_source if spent]
    return [f"learning: {hours.in_all} h spent of {hours.planned} planned", *said]


def _sessions(evidence: Evidence) -> str:
    return f"mentoring sessions held: {evidence.sessions_held} of {evidence.sessions_planned}"
