"""What checking a cohort file needs of the records, and storing the people of such a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.model import PersonId, RoleId
from domain.people import Role, Skill
from records.import_report import CohortReport, Stored
from records.imports import store_people
from records.people import climb, roles
from records.tables import PersonRecord


@dataclass(frozen=True)
class KnownPerson:
    """What the records say of somebody and a cohort file need not."""

    manager: PersonId | None = None
    mentor: bool = False
    preferences: tuple[Skill, ...] = ()
    underemployed: bool = False


@dataclass(frozen=True)
class KnownRecords:
    """The people and roles of the records, as far as the check of a cohort file needs them."""

    people: Mapping[PersonId, KnownPerson]
    roles: Mapping[RoleId, Role]

    def in_one_line(self, one: PersonId, other: PersonId) -> bool:
        """Whether either of two people is above the other by the records."""
        return other in climb(self._managers, one) or one in climb(self._managers, other)

    @cached_property
    def _managers(self) -> dict[PersonId, PersonId | None]:
        return {who: person.manager for who, person in self.people.items()}


def known_records(session: Session) -> KnownRecords:
    """What the records know now."""
    columns = select(
        PersonRecord.id,
        PersonRecord.manager,
        PersonRecord.mentor,
        PersonRecord.preferences,
        PersonRecord.underemployed,
    )
    return KnownRecords(
        people={
            one.id: KnownPerson(one.manager, one.mentor, tuple(one.preferences), bool(one.underemployed))
            for one in session.execute(columns)
        },
        roles={role.id: role for role in roles(session)},
    )


def store_cohort(session: Session, report: CohortReport, *, clean_only: bool = False) -> Stored:
    """Add or update the people of a cohort, and their protected characteristics, in the transaction of ``session``.

    It has to be the one in which the records were looked at for the report, which repeats what they say of people's
    managers. Raises as :func:`records.imports.store_people` does. The participants are not stored: their placements
    tell the records themselves.
    """
    return store_people(session, report, clean_only=clean_only)
