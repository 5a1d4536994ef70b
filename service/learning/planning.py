"""The plan that would be proposed to somebody before a role's profile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.core.local_days import days_ahead, midnights_around
from domain.core.model import Money
from domain.core.naming import path_case
from domain.core.working_pattern import WorkingTime
from domain.learning.part_time import most_hours_a_week
from domain.learning.plan import LearningPlan, LearningPlanRequest, PlanLimits
from domain.learning.policy import LearningPolicy
from domain.learning.time import LearningTime
from records.local_time import instant_at
from service.learning.learners import Learner


def from_now(learner: Learner, policy: LearningPolicy, zone: str | None = None) -> LearningTime:
    """When somebody learns who begins now, on a path of this policy: of its hours, those of what they work."""
    works, begins = WorkingTime(learner.person.working_pattern or [], policy.working_week), datetime.now(UTC)
    per_week = most_hours_a_week(policy.plan.hours_per_week, works, begins.date())
    return learning_from(begins, per_week, zone)


def learning_from(
    begins: datetime, hours_per_week: int, zone: str | None, until: datetime | None = None
) -> LearningTime:
    """When somebody learns in a time zone; in that of whoever asks where none is given."""
    midnights = midnights_around(*days_ahead(begins), lambda day, at: instant_at(day, at, zone))
    return LearningTime(begins=begins, hours_per_week=hours_per_week, until=until, midnights=list(midnights))


def plan_for(
    learner: Learner, budget: Money, hours: int | None, when: LearningTime, *, only_mandatory: bool = False
) -> LearningPlan:
    """The plan that would be proposed; without a limit of hours where none is given."""
    from service.learning.plan_solver import choose  # noqa: PLC0415 - it loads SciPy: a second, and much memory

    no_limit = sum(training.hours for training in learner.catalogue.trainings)
    request = LearningPlanRequest(
        case=path_case(learner.person.id, "PREVIEW"),
        gaps=[gap for gap in learner.gaps if gap.mandatory or not only_mandatory],
        passed=learner.passed,
        leaving_out=[],
        limits=PlanLimits(hours=no_limit if hours is None else hours, budget=budget),
        when=when,
    )
    return choose(request, learner.catalogue).plan


def plan_as_json(plan: LearningPlan) -> dict[str, Any]:
    """A plan for scripts; its trainings by their ids."""
    return {**plan.model_dump(mode="json"), "trainings": [training.id for training in plan.trainings]}
