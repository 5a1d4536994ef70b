"""Putting on record which levels somebody was found to have."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import PersonId
from domain.core.skills import SkillLevel
from domain.learning.assessors import check_may_assess
from records.database import Database
from records.imports.core.report import Stored
from records.imports.learning.report import FoundLevel, LevelsReport
from records.imports.learning.storing import store_levels
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.learning.learning import known_skills
from service.core.errors import Refused


def put_levels(database: Database, person: PersonId, found: Sequence[SkillLevel], actor: PersonId) -> Stored:
    """Put levels on record, all found by the ``actor`` from one source.

    Raises ``Unknown`` for an unknown person; ``Refused`` where they are not the actor's to give, and for skills that
    nothing asks for.
    """
    with database.session() as session:
        in_records.person(session, actor)
        about = in_records.person(session, person)
        is_hr = in_access.hr_of(session, actor)
        check_may_assess(found[0].source, actor, about, in_records.roles(session), is_hr=is_hr)
        unknown = sorted({level.skill for level in found} - known_skills(session))
        if unknown:
            raise Refused(
                f"{', '.join(unknown)}: no profile asks for it and no training leads to it; import profiles first",
                "invalid",
            )
        report = LevelsReport(entries=len(found), levels=[FoundLevel(person=person, level=level) for level in found])
        return store_levels(session, report)
