"""A person before a role's profile: what the records know, their gaps, and the plan that would be proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from cli.core.output import table
from cli.core.resources import read_text
from domain.core.local_days import LocalDaysRequest, midnights_around
from domain.core.model import Money, PersonId, TrainingId
from domain.core.naming import path_case
from domain.core.people import Person, Skill
from domain.core.skills import ProfileId, RoleProfile
from domain.learning.catalogue import Catalogue
from domain.learning.gaps import Gap, apart, rank_gaps, shown
from domain.learning.plan import LearningPlan, LearningPlanRequest, PlanLimits
from domain.learning.policy import LearningPolicy
from domain.learning.time import LearningTime
from domain.registry.policy_file import read_policy
from records.database import Database
from records.local_time import instant_at
from records.queries.core import people as in_records
from records.queries.learning import learning
from records.queries.placement import choosing


@dataclass(frozen=True)
class Learner:
    """Somebody before a profile, as the records know them today. ``apart`` is what calls for a talk."""

    person: Person
    profile: RoleProfile
    gaps: list[Gap]
    apart: list[Skill]
    passed: list[TrainingId]
    catalogue: Catalogue


def today() -> date:
    """Today, in the calendar of whoever asks."""
    return datetime.now().astimezone().date()


def learning_policy(file: Path) -> LearningPolicy:
    """The policy in a file. Raises ``PolicyError``."""
    return read_policy(read_text(file), file.name, LearningPolicy)


def look_up(database: Database, person: PersonId, profile: ProfileId, policy: LearningPolicy) -> Learner:
    """Somebody before a profile. Raises ``records.queries.core.people.Unknown`` for an unknown id."""
    with database.reading() as session:
        known = in_records.person(session, person)
        wanted = learning.profile(session, profile)
        levels = learning.levels(session, person)
        passed = choosing.passed_trainings(session, person)
        catalogue = learning.catalogue(session)
    on, asked = today(), {one.skill for one in wanted.skills}
    return Learner(
        person=known,
        profile=wanted,
        gaps=rank_gaps(wanted, levels, on, policy.assessment, policy.gap),
        apart=[skill for skill in apart(levels, on, policy.assessment) if skill in asked],
        passed=passed,
        catalogue=catalogue,
    )


def from_now(policy: LearningPolicy, zone: str | None = None) -> LearningTime:
    """When somebody learns who begins now, on a path of this policy."""
    return learning_from(datetime.now(UTC), policy.plan.hours_per_week, zone)


def learning_from(
    begins: datetime, hours_per_week: int, zone: str | None, until: datetime | None = None
) -> LearningTime:
    """When somebody learns in a time zone; in that of whoever asks where none is given."""
    days = LocalDaysRequest.of_path(zone or "", begins)
    midnights = midnights_around(days.first, days.last, lambda day, at: instant_at(day, at, zone))
    return LearningTime(begins=begins, hours_per_week=hours_per_week, until=until, midnights=list(midnights))


def plan_for(
    learner: Learner, budget: Money, hours: int | None, when: LearningTime, *, only_mandatory: bool = False
) -> LearningPlan:
    """The plan that would be proposed; without a limit of hours where none is given."""
    from activities.learning.plan_solver import choose  # it loads SciPy, which takes a moment

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


def gaps_table(title: str, gaps: Iterable[Gap]) -> Table:
    """Ranked gaps, with the numbers behind the rank."""
    columns = ("Skill", "Required", "Assessed", "Missing", "Importance", "Mandatory", "Priority", "Found by")
    return table(
        title,
        columns,
        (
            (
                one.skill,
                shown(one.required),
                shown(one.assessed),
                shown(one.missing),
                shown(one.importance),
                "yes" if one.mandatory else "no",
                f"{one.priority:.2f}",
                ", ".join(f"{level.source.value} {shown(level.level)} on {level.on}" for level in one.found)
                or "nobody",
            )
            for one in gaps
        ),
    )


def plan_tables(plan: LearningPlan) -> list[Table]:
    """A plan: its trainings, and what they cover and leave."""
    trainings = (
        (one.id, one.title, one.kind.spoken, one.hours, one.cost, ", ".join(one.requires)) for one in plan.trainings
    )
    covers = [(one.skill, f"{shown(one.from_level)} to {shown(one.to_level)}", one.training) for one in plan.covers]
    left = [(one.skill, f"{shown(one.missing)} missing", one.why) for one in plan.uncovered]
    columns = ("Training", "Title", "Kind", "Hours", "Cost", "Requires")
    return [
        *([table(f"Plan: {plan.hours} hours, {plan.cost}", columns, trainings)] if plan.trainings else []),
        *([table("What it closes", ("Skill", "Level", "By"), covers)] if covers else []),
        *([table("What stays open", ("Skill", "Levels", "Why"), left)] if left else []),
    ]


def gaps_as_json(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """Gaps for scripts, each with its sentence."""
    return [{**one.model_dump(mode="json"), "says": one.says} for one in gaps]


def plan_as_json(plan: LearningPlan) -> dict[str, Any]:
    """A plan for scripts; its trainings by their ids."""
    return {**plan.model_dump(mode="json"), "trainings": [one.id for one in plan.trainings]}
