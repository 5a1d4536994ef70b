"""A person before a role's profile: what the records know, and their gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.core.model import PersonId, TrainingId
from domain.core.people import Person, Skill
from domain.core.skills import ProfileId, RoleProfile
from domain.learning.catalogue import Catalogue
from domain.learning.gaps import Gap, apart, rank_gaps
from domain.learning.policy import LearningPolicy
from records.database import Database
from records.queries.core import people as in_records
from records.queries.learning import learning
from service.core.today import today


@dataclass(frozen=True)
class Learner:
    """Somebody before a profile, as the records know them today. ``apart`` is what calls for a talk."""

    person: Person
    profile: RoleProfile
    gaps: list[Gap]
    apart: list[Skill]
    passed: list[TrainingId]
    catalogue: Catalogue


def look_up(database: Database, person: PersonId, profile: ProfileId, policy: LearningPolicy) -> Learner:
    """Somebody before a profile. Raises ``Unknown`` for an unknown id."""
    with database.reading() as session:
        known = in_records.person(session, person)
        wanted = learning.profile(session, profile)
        levels = learning.levels(session, person)
        passed = learning.passed_trainings(session, person)
        catalogue = learning.catalogue(session)
    on, asked = today(), {skill.skill for skill in wanted.skills}
    return Learner(
        person=known,
        profile=wanted,
        gaps=rank_gaps(wanted, levels, on, policy.assessment, policy.gap),
        apart=[skill for skill in apart(levels, on, policy.assessment) if skill in asked],
        passed=passed,
        catalogue=catalogue,
    )


def gaps_as_json(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """Gaps for scripts, each with its sentence."""
    return [{**gap.model_dump(mode="json"), "sentence": gap.sentence} for gap in gaps]
