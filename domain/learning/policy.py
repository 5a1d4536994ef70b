"""The policy of an upskilling path and of the certificates it leads to: every number HR may want to change."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.core.holdings import BudgetId
from domain.core.model import Fixed, Money, Party
from domain.core.policy_rules import CasePolicy, Days
from domain.core.questions import TaskKind
from domain.core.skills import Source
from domain.learning.forms import QUESTIONS, Attended
from domain.learning.hours import HoursRules
from domain.learning.part_time import MOST_HOURS


class AssessmentRules(Fixed):
    """How levels from different sources combine, and when people have to talk about them.

    Levels older than ``stale_after_months`` don't count. ``calibrate_apart`` levels between the learner's own and the
    manager's call for a calibration.
    """

    weights: dict[Source, Decimal]
    stale_after_months: int = Field(ge=1, le=120)
    calibrate_apart: Decimal = Field(gt=0, le=7)

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if set(self.weights) != set(Source):
            raise ValueError("weights must name self, manager and test")
        if min(self.weights.values()) < 0 or sum(self.weights.values()) <= 0:
            raise ValueError("weights must not be negative and must not all be zero")
        return self


class GapRules(Fixed):
    """A gap's priority is the missing levels x importance, x ``mandatory_factor`` where the skill is mandatory."""

    mandatory_factor: Decimal = Field(ge=1, le=100)


class PlanRules(Fixed):
    """What a learning plan may take: hours in all and a week, and money, unless said otherwise at the start.

    The money is reserved from the capacity ``budget_from`` where one is named.
    """

    hours: int = Field(ge=1, le=MOST_HOURS)
    hours_per_week: int = Field(ge=1, le=60)
    budget: Money
    budget_from: BudgetId | None = None

    @model_validator(mode="after")
    def _not_negative(self) -> Self:
        if self.budget.amount < 0:
            raise ValueError("budget must not be negative")
        return self


class TrainingRules(Fixed):
    """When a training is passed, and what follows when it is not: again so often, then an alternative, or dropped.

    A seat in a workshop is given back so many days before it when the path is paused then.
    """

    attendance_needed: Literal[Attended.PARTIAL, Attended.FULL]
    again: int = Field(ge=0, le=10)
    then: Literal["alternative", "drop"]
    give_back_seat_days: int = Field(ge=0, le=60)
    unsigned_events: bool
    """Whether a completion event counts that no learning system has signed."""
    event_stale_after_months: int = Field(default=12, ge=0, le=120)
    """A completion event counts that happened at most so many months before the path began."""


class ReassessmentRules(Fixed):
    """How many rounds of plan, training and reassessment a path has at most."""

    rounds: int = Field(ge=1, le=10)


class ExamRules(Fixed):
    """When an exam may be taken again after it was failed."""

    first_retake_hours: int = Field(ge=0, le=8760)
    later_retake_days: int = Field(ge=0, le=730)
    attempts: int = Field(ge=1, le=100)
    within_months: int = Field(ge=1, le=120)


class CertificateRules(Fixed):
    """How long a certificate is valid, from when on it can be renewed, and when its holder is reminded.

    A renewal extends from the old expiry date. ``remind_days_before`` the expiry, the earliest first.
    """

    valid_months: int = Field(ge=1, le=240)
    renewal_opens_months: int = Field(ge=0, le=120)
    remind_days_before: list[Days]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.renewal_opens_months > self.valid_months:
            raise ValueError("renewal_opens_months must not be more than valid_months")
        if self.remind_days_before != sorted(set(self.remind_days_before), reverse=True):
            raise ValueError("remind_days_before must descend, each once")
        return self


class PathwayRules(Fixed):
    """Which programme suits somebody: up to how many hours of learning a gap counts as small, and how many hours a
    week of a placement may go into learning."""

    small_gap_hours: int = Field(ge=0, le=1000)
    placement_hours_per_week: int = Field(ge=1, le=40)


class LearningPolicy(CasePolicy):
    """A policy for upskilling paths and certifications."""

    programme: Literal["upskilling"]
    assessment: AssessmentRules
    gap: GapRules
    plan: PlanRules
    training: TrainingRules
    hours: HoursRules
    reassessment: ReassessmentRules
    exam: ExamRules
    certificate: CertificateRules
    pathway: PathwayRules

    kinds: ClassVar[frozenset[TaskKind]] = frozenset(question.kind for question in QUESTIONS)

    @model_validator(mode="after")
    def _escalates_to_somebody_there(self) -> Self:
        for kind, rule in self.tasks.items():
            if rule.escalate_to is Party.SECOND_MANAGER:
                raise ValueError(f"tasks.{kind}.escalate_to: a path has no second-level manager")
        return self
