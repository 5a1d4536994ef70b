"""Recommending a programme for somebody, and putting on record what HR decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from domain.core.decisions import AttemptRow, DecisionKind, DecisionRow
from domain.core.model import PersonId, RoleId
from domain.core.naming import choice_case
from domain.core.people import Role
from domain.core.skills import ProfileId
from domain.core.tasks import DutiesNotSeparate
from domain.core.working_pattern import WorkingTime
from domain.learning.assessors import check_may_decide
from domain.learning.part_time import days_of, hours_in
from domain.learning.plan import LearningPlan
from domain.learning.policy import LearningPolicy
from domain.placement.eligibility import broken_rules
from domain.placement.policy import Policy
from domain.placement.recommendation import (
    PathwayFacts,
    ProgrammeChoice,
    Recommendation,
    learning_weeks,
    placement_room,
    recommend,
)
from records.database import Database
from records.local_time import instant_at
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.placement.choosing import enter_attempt, enter_decisions
from service.core.errors import Unfit
from service.core.today import today
from service.learning.learners import Learner, gaps_as_json, look_up
from service.learning.planning import from_now, learning_from, plan_as_json, plan_for
from service.placement.starting import first_start_date


@dataclass(frozen=True)
class Recommended:
    """A recommendation and what it was made from. ``policies`` are the labels of the two policies."""

    learner: Learner
    role: Role
    closing: LearningPlan | None
    recommendation: Recommendation
    policies: str

    def as_json(self) -> dict[str, Any]:
        """All of it for scripts, and as the evidence of a decision."""
        return {
            "person": self.learner.person.id,
            "role": self.role.id,
            "profile": self.learner.profile.id,
            "policies": self.policies,
            **self.recommendation.model_dump(mode="json"),
            "gaps": gaps_as_json(self.learner.gaps),
            "closing": plan_as_json(self.closing) if self.closing else None,
        }


def recommended(
    database: Database,
    person: PersonId,
    role: RoleId,
    profile: ProfileId,
    weeks: int | None,
    policy: LearningPolicy,
    returnships: Policy,
) -> Recommended:
    """Which programme suits somebody for a role. Raises ``Unknown`` for an unknown id."""
    with database.reading() as session:
        offered = in_records.role(session, role)
    learner = look_up(database, person, profile, policy)
    closing = (
        plan_for(learner, policy.plan.budget, None, from_now(learner, policy, offered.time_zone))
        if learner.gaps
        else None
    )
    application = learner.person.application
    weeks = returnships.length.weeks if weeks is None else weeks
    before_end = returnships.decision.weeks_before_end
    room = _room(learner, policy, learning_weeks(weeks, before_end), returnships)
    facts = PathwayFacts(
        employed=application is None,
        broken_rules=broken_rules(application, weeks, offered.stipend, returnships) if application else [],
        gaps=learner.gaps,
        closing=closing,
        closing_mandatory=_mandatory(learner, policy, closing, offered.time_zone),
        inside=_inside(learner, policy, learning_weeks(weeks, before_end), offered.time_zone, room),
        placement_weeks=weeks,
        placement_hours=room,
        decision_weeks_before_end=before_end,
    )
    return Recommended(
        learner=learner,
        role=offered,
        closing=closing,
        recommendation=recommend(facts, policy.pathway),
        policies=f"{policy.label}, {returnships.label}",
    )


def _mandatory(
    learner: Learner, policy: LearningPolicy, closing: LearningPlan | None, zone: str
) -> LearningPlan | None:
    """What would close the most of what is mandatory, without a limit of hours."""
    if not any(gap.mandatory for gap in learner.gaps):
        return None
    if all(gap.mandatory for gap in learner.gaps):
        return closing
    return plan_for(learner, policy.plan.budget, None, from_now(learner, policy, zone), only_mandatory=True)


def _room(learner: Learner, policy: LearningPolicy, weeks: int, returnships: Policy) -> int | None:
    """The hours of learning of somebody who does not work full time; none for full time."""
    patterns = learner.person.working_pattern
    if not patterns:
        return None
    time = WorkingTime(patterns, returnships.working_week)
    return hours_in(policy.pathway.placement_hours_per_week, days_of(first_start_date(today()), weeks), time)


def _inside(
    learner: Learner, policy: LearningPolicy, weeks: int, zone: str, part_time: int | None
) -> LearningPlan | None:
    """What would close the most of what is mandatory in so many weeks of a placement that starts as soon as one can."""
    if not any(gap.mandatory for gap in learner.gaps):
        return None
    begins = instant_at(first_start_date(today()), time(), zone)
    room = placement_room(weeks, policy.pathway) if part_time is None else part_time
    per_week = policy.pathway.placement_hours_per_week if part_time is None else math.ceil(part_time / weeks)
    when = learning_from(begins, per_week, zone, until=begins + timedelta(weeks=weeks))
    return plan_for(learner, policy.plan.budget, room, when, only_mandatory=True)


def enter_choice(database: Database, found: Recommended, choice: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Put on record what was recommended and what is decided now, unless it was decided so already; where it stands.

    Raises ``Refused`` for a choice that does not fit, or by somebody whose it is not. Who decides on
    themselves is put on record too.
    """
    try:
        decided = ProgrammeChoice.model_validate(choice)
    except ValidationError as error:
        raise Unfit.by(error) from None
    case = choice_case(found.learner.person.id, found.role.id)
    with database.reading() as session:
        in_records.person(session, decided.actor)
        is_hr = in_access.hr_of(session, decided.actor, found.role.id)
    try:
        check_may_decide(decided.actor, found.learner.person.id, found.role, is_hr=is_hr)
    except DutiesNotSeparate as refused:
        attempt = AttemptRow(n=1, at=at, by=decided.actor, task=case, sentence=str(refused))
        with database.session() as session:
            enter_attempt(session, case, attempt)
        raise
    with database.session() as session:
        entered = enter_decisions(session, case, _rows(found, decided, at))
    n_recommended, n_decided = entered.numbers
    return {
        "case": case,
        "recommendation": n_recommended,
        "decision": n_decided,
        "decided": decided.programme.value,
        "as_recommended": decided.programme is found.recommendation.programme,
        "already": entered.already,
    }


def _rows(found: Recommended, decided: ProgrammeChoice, at: datetime) -> list[DecisionRow]:
    """Both as decisions of a case; their numbers are still to be given."""
    suits = found.recommendation
    return [
        DecisionRow(
            n=1,
            at=at,
            what=DecisionKind.PROGRAMME_RECOMMENDED.value,
            decided=suits.programme.value,
            by=None,
            policy=found.policies,
            reason=" ".join(suits.sentences),
            evidence=found.as_json(),
        ),
        DecisionRow(
            n=2,
            at=at,
            what=DecisionKind.PROGRAMME_DECIDED.value,
            decided=decided.programme.value,
            by=decided.actor,
            policy=found.policies,
            reason=decided.reason,
            evidence={"recommended": suits.programme.value},
        ),
    ]
