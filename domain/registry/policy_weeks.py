"""Weeks and days of a policy that can't come to pass together, and those that only some placements will see."""

from __future__ import annotations

from collections.abc import Iterator

from domain.core.policy_rules import CasePolicy
from domain.learning.policy import LearningPolicy
from domain.placement.policy import WORKING_DAYS_A_WEEK, CohortEvent, Policy

DAYS_A_WEEK, DAYS_A_MONTH = 7, 28

Late = tuple[str, str, int]
"""A key, what happens there, and in which week of the placement at the earliest."""


def impossible(policy: CasePolicy) -> list[str]:
    """What can't come to pass in any case under a policy, each with its key: a mistake, so the policy is refused."""
    if isinstance(policy, LearningPolicy):
        return list(_before_it_is_issued(policy))
    return [*_never(policy), *_before_the_first_day(policy)] if isinstance(policy, Policy) else []


def doubtful(policy: CasePolicy) -> list[str]:
    """What can come to pass, but not in a case of the usual length, each with its key: perhaps it is meant so."""
    if isinstance(policy, LearningPolicy):
        return list(_more_a_week_than_in_all(policy))
    return [*_not_usually(policy), *_early_is_late(policy)] if isinstance(policy, Policy) else []


def _late(policy: Policy) -> Iterator[Late]:
    """What a placement must be longer than a number of weeks for."""
    for week in policy.reviews.weeks:
        yield "reviews.weeks", f"the review of week {week}", week
    for week in policy.pulses.returner_weeks:
        yield "pulses.returner_weeks", f"the pulse of week {week}", week
    if policy.pulses.mentor_week is not None:
        yield (
            "pulses.mentor_week",
            f"the mentor's pulse, of week {policy.pulses.mentor_week},",
            policy.pulses.mentor_week,
        )
    yield "decision.early_from_week", "an early decision", policy.decision.early_from_week - 1
    for gate, day in policy.onboarding.gates.items():
        yield f"onboarding.gates.{gate}", f"the gate of day {day}", _weeks(day, DAYS_A_WEEK)
    for item in policy.onboarding.items:
        yield "onboarding.items", f"{item.key}, due on day {item.due_day},", _weeks(item.due_day, WORKING_DAYS_A_WEEK)
    for event in policy.cohort.events:
        if event.counted_from == "start":
            yield "cohort.events", f"{event.key}, on day {event.days},", _weeks(event.days, DAYS_A_WEEK)


def _weeks(day: int, of_a_week: int) -> int:
    return max(day, 0) // of_a_week


def _never(policy: Policy) -> Iterator[str]:
    longest = policy.length.max_weeks
    for key, event, week in _late(policy):
        if week >= longest:
            yield f"{key}: {event} does not come before the end of the longest placement, of {longest} weeks"


def _not_usually(policy: Policy) -> Iterator[str]:
    usual, longest = policy.length.weeks, policy.length.max_weeks
    for key, event, week in _late(policy):
        if usual <= week < longest:
            yield f"{key}: {event} does not come before the end of a placement of the usual {usual} weeks"
    if policy.mentoring.weekly_for_weeks > longest:
        yield f"mentoring.weekly_for_weeks: is more than the {longest} weeks of the longest placement"


def _early_is_late(policy: Policy) -> Iterator[str]:
    decided = policy.length.weeks - policy.decision.weeks_before_end
    if decided <= policy.decision.early_from_week <= policy.length.weeks:
        yield f"decision.early_from_week: is no earlier than the decision itself, after {decided} weeks"


def _before_the_first_day(policy: Policy) -> Iterator[str]:
    shortest, longest = policy.length.min_weeks, policy.length.max_weeks
    if policy.reviews.final_days_before_end >= shortest * DAYS_A_WEEK:
        yield (
            f"reviews.final_days_before_end: the final review falls before the first day of the shortest placement, "
            f"of {shortest} weeks"
        )
    for event in policy.cohort.events:
        if event.counted_from == "end" and _before_end(event) >= longest * DAYS_A_WEEK:
            yield f"cohort.events: {event.key} falls before the first day of the longest placement, of {longest} weeks"


def _before_end(event: CohortEvent) -> int:
    return max(-event.days, 0)


def _before_it_is_issued(policy: LearningPolicy) -> Iterator[str]:
    rules = policy.certificate
    for days in rules.remind_days_before:
        if days > rules.valid_months * DAYS_A_MONTH:
            yield (
                f"certificate.remind_days_before: {days} days before it expires, a certificate of {rules.valid_months} "
                "months is not issued yet"
            )


def _more_a_week_than_in_all(policy: LearningPolicy) -> Iterator[str]:
    if policy.plan.hours_per_week > policy.plan.hours:
        yield f"plan.hours_per_week: is more than the {policy.plan.hours} hours of a whole plan"
