"""What was recommended and decided, for those whose HR somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.core.access import Action, Viewer, may
from domain.core.model import CaseId, PersonId, RoleId
from domain.core.naming import choice_case
from domain.placement.recommendation import SuitableProgramme
from records.database import Database
from records.queries.core import people as in_records
from records.queries.placement.choices import recommendations


@dataclass(frozen=True)
class Choice:
    """What was recommended for somebody in a role, and what HR decided; ``by`` whom, and why."""

    case: CaseId
    person: PersonId
    role: RoleId
    recommended: SuitableProgramme
    decided: SuitableProgramme
    by: PersonId | None
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Choices:
    """Several, the newest first, and the names of people."""

    choices: Sequence[Choice]
    names: Mapping[PersonId, str]


def choices(database: Database, viewer: Viewer, person: PersonId | None = None, role: RoleId | None = None) -> Choices:
    """Those in roles whose HR the viewer is; of a ``person`` and a ``role``, where both are given."""
    case = choice_case(person, role) if person is not None and role is not None else None
    with database.reading() as session:
        found = [
            Choice(
                case=decided.case_id,
                person=recommended.evidence["person"],
                role=recommended.evidence["role"],
                recommended=SuitableProgramme(recommended.decided),
                decided=SuitableProgramme(decided.decided),
                by=decided.by_person,
                reason=decided.reason,
                at=decided.at,
            )
            for recommended, decided in recommendations(session, case)
        ]
        seen = [choice for choice in found if may(viewer, Action.RECOMMENDATIONS, role=choice.role)]
        people = {who for choice in seen for who in (choice.person, choice.by) if who}
        return Choices(seen, in_records.names(session, people))
