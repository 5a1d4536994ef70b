"""The policy of a returnship: every number HR may want to change. What all share: :mod:`domain.core.policy_rules`."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.core.holdings import BudgetId
from domain.core.model import Fixed, Key, Party, Title
from domain.core.policy_rules import CasePolicy, Days
from domain.core.questions import TaskKind
from domain.placement.checklists import ChangeoverRules, Item, OffboardingRules, check_each_once
from domain.placement.forms import QUESTIONS
from domain.placement.programme_days import LastDay

WORKING_DAYS_A_WEEK = 5

COHORT_KINDS = frozenset({TaskKind.MATCHING_REVIEW})
"""The kinds of tasks that a cohort has: it has no policy of its own, but that of its placements."""


class Length(Fixed):
    """Weeks a placement lasts unless said otherwise, the bounds within which that may be said, and which is the last.

    ``last_day`` of ``calendar_day`` is the last of so many times seven days, ``working_day`` the last one worked of
    them. Stipends, and the money taken for them, go to that day.
    """

    weeks: int = Field(ge=1, le=104)
    min_weeks: int = Field(ge=1, le=104)
    max_weeks: int = Field(ge=1, le=104)
    last_day: LastDay = "calendar_day"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min_weeks <= self.weeks <= self.max_weeks:
            raise ValueError("weeks must not be less than min_weeks nor more than max_weeks")
        return self


class EligibilityRules(Fixed):
    """Who may apply. ``min_experience_years`` of none means experience is not asked for."""

    min_break_months: int = Field(ge=0, le=240)
    underemployment_counts: bool
    min_experience_years: int | None = Field(default=None, ge=0, le=50)


class MatchWeights(Fixed):
    """What each likeness between returner and mentor is worth; only their ratios matter."""

    skills: float = Field(ge=0)
    time_zone: float = Field(ge=0)
    language: float = Field(ge=0)
    preferences: float = Field(ge=0)


class MentoringRules(Fixed):
    """Mentors and the rhythm of their sessions.

    A pair whose score is below ``least_score``, who share less than ``least_overlap_hours`` of their working days, or,
    where there is to be a ``common_language``, have none, is proposed as a last resort only.
    """

    max_mentees: int = Field(ge=1, le=20)
    weights: MatchWeights
    least_score: float = Field(default=0, ge=0, le=1)
    least_overlap_hours: float = Field(default=0, ge=0, le=8)
    common_language: bool = False
    weekly_for_weeks: int = Field(ge=0, le=104)
    then_every_weeks: int = Field(ge=1, le=12)
    session_minutes: int = Field(ge=15, le=240)


class ChecklistItem(Item):
    """One thing to be ready by a working day relative to the start (0 is the start, -1 the working day before)."""

    gate: Key


class OnboardingRules(Fixed):
    """The checklist, and its gates: calendar days after the start on which required items must be done."""

    gates: dict[Key, int]
    items: list[ChecklistItem]

    @property
    def lead_days(self) -> int:
        """Calendar days that the earliest item needs before the start; at least one."""
        earliest = -min((item.opens_day for item in self.items), default=0)
        return max(1, math.ceil(earliest / WORKING_DAYS_A_WEEK * 7))

    @model_validator(mode="after")
    def _gates_exist(self) -> Self:
        for item in self.items:
            if item.gate not in self.gates:
                raise ValueError(f"item {item.key} names the gate {item.gate}, which there is not")
        check_each_once(self.items)
        return self


class ReviewRules(Fixed):
    """When reviews are held (ends of programme weeks, and finally), and how their scores of 1 to 5 combine."""

    weeks: list[int]
    final_days_before_end: int = Field(ge=0, le=60)
    weights: dict[Literal[Party.MANAGER, Party.MENTOR, Party.RETURNER], float]
    threshold: Decimal = Field(ge=1, le=5)
    improvement_check_after_days: Days

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if set(self.weights) != {Party.MANAGER, Party.MENTOR, Party.RETURNER}:
            raise ValueError("weights must name manager, mentor and returner")
        if min(self.weights.values()) < 0 or sum(self.weights.values()) <= 0:
            raise ValueError("weights must not be negative and must not all be zero")
        if self.weeks != sorted(set(self.weeks)) or (self.weeks and self.weeks[0] < 1):
            raise ValueError("weeks must be ascending, from 1 on, each once")
        return self


class DecisionRules(Fixed):
    """How a conversion is decided: when, who approves the manager's proposal in which order, what a refusal does.

    Employment begins at most ``latest_start_days`` calendar days after the placement. Where the role names a headcount
    and no place of it is free once all have approved, the decision waits for one, or that is a refusal.
    """

    weeks_before_end: int = Field(ge=0, le=26)
    approvals: list[Literal[Party.SECOND_MANAGER, Party.BUDGET_OWNER, Party.HR_LEAD]] = Field(min_length=1)
    on_refusal: Literal["back", "release"]
    early_from_week: int = Field(ge=1, le=104)
    latest_start_days: Days
    no_headcount: Literal["wait", "refuse"]

    @model_validator(mode="after")
    def _each_approves_once(self) -> Self:
        for party in self.approvals:
            if self.approvals.count(party) > 1:
                raise ValueError(f"approvals names {party.value} more than once; each approves once")
        return self


class StipendRules(Fixed):
    """Stipends are paid on the last working day of each month and on the last day, for the days worked so far.

    With ``pro_rata`` each day earns the part of full time (the policy's ``working_week``) that is worked by then.
    What a placement will pay is taken from the programme's budget ``budget_from``, where one is named, when the
    returner is let in. ``pay_on`` has only one value: it states in the policy what the calendar plans.
    """

    pay_on: Literal["last_working_day_of_month"]
    paid_leave: bool
    pro_rata: bool = False
    budget_from: BudgetId | None = None


class FollowUpRules(Fixed):
    """Calendar days after the conversion on which we ask whether the person is still here."""

    days: list[Days]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.days != sorted(set(self.days)):
            raise ValueError("days must ascend, each once")
        return self


class PulseQuestion(Fixed):
    """One question of a pulse, answered with a score from 1 (not at all) to 5 (wholly)."""

    key: Key
    title: Title


class PulseRules(Fixed):
    """Short, voluntary questions to the returner and the mentor, in confidence: at the ends of which weeks, and what.

    HR hears at once of an answer with a score of ``low_score`` or less. No weeks, and a ``mentor_week`` of none, mean
    that nobody is asked.
    """

    returner_weeks: list[int]
    mentor_week: int | None = Field(ge=1, le=104)
    returner_questions: list[PulseQuestion] = Field(min_length=1, max_length=8)
    mentor_questions: list[PulseQuestion] = Field(min_length=1, max_length=8)
    low_score: int = Field(ge=1, le=5)

    @property
    def weeks(self) -> list[int]:
        """The weeks in which anybody is asked."""
        return sorted({*self.returner_weeks, *([self.mentor_week] if self.mentor_week is not None else [])})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.returner_weeks != sorted(set(self.returner_weeks)) or min(self.returner_weeks, default=1) < 1:
            raise ValueError("returner_weeks must be ascending, from 1 on, each once")
        for questions in (self.returner_questions, self.mentor_questions):
            if len({question.key for question in questions}) != len(questions):
                raise ValueError("two questions have the same key")
        return self


class CohortEvent(Fixed):
    """A date of a cohort: so many calendar days after its first day, or before its last (then negative).

    It falls on the working day from there on (from the end back: before it), at ``hour`` local time; ``place`` says
    where, if that is known.
    """

    key: Key
    title: Title
    counted_from: Literal["start", "end"]
    days: int = Field(ge=-370, le=370)
    hour: int = Field(ge=0, le=23)
    minutes: int = Field(ge=15, le=600)
    place: Title | None = None


class CohortRules(Fixed):
    """How a cohort is matched with mentors, and its own dates.

    ``matching`` is for the best total of all scores, or for the most people. Those whose mentor said no are matched
    anew ``rematch_after_days`` after the first of them, together. Everybody is invited to an event so many days before.
    """

    matching: Literal["best_total", "most_people"]
    rematch_after_days: int = Field(ge=0, le=30)
    invite_days_before: int = Field(ge=0, le=60)
    events: list[CohortEvent]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({event.key for event in self.events}) != len(self.events):
            raise ValueError("two events have the same key")
        return self


class Policy(CasePolicy):
    """A returnship policy."""

    programme: Literal["returnship"] = "returnship"
    length: Length
    eligibility: EligibilityRules
    mentoring: MentoringRules
    onboarding: OnboardingRules
    reviews: ReviewRules
    decision: DecisionRules
    stipend: StipendRules
    follow_up: FollowUpRules
    offboarding: OffboardingRules
    changeover: ChangeoverRules
    pulses: PulseRules
    cohort: CohortRules

    kinds: ClassVar[frozenset[TaskKind]] = COHORT_KINDS | {question.kind for question in QUESTIONS}

    @model_validator(mode="after")
    def _what_is_confidential_stays_in_hr(self) -> Self:
        kind = TaskKind.MENTOR_WISH.value
        if self.tasks[kind].escalate_to not in (Party.HR, Party.HR_LEAD):
            raise ValueError(f"tasks.{kind}.escalate_to: it is in confidence, for hr or hr_lead only")
        return self

    @model_validator(mode="after")
    def _a_cohort_escalates_to_hr(self) -> Self:
        for kind in sorted(COHORT_KINDS):
            if self.tasks[kind.value].escalate_to not in (Party.HR, Party.HR_LEAD):
                raise ValueError(f"tasks.{kind.value}.escalate_to: around a cohort there is only HR")
        return self

    @model_validator(mode="after")
    def _undoes_what_there_is(self) -> Self:
        self.offboarding.check_undoes({item.key for item in self.onboarding.items})
        return self

    @model_validator(mode="after")
    def _decided_within(self) -> Self:
        if self.decision.weeks_before_end >= self.length.min_weeks:
            raise ValueError("decision.weeks_before_end must be less than length.min_weeks")
        return self
