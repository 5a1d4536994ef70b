"""What checking a cohort file needs of the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from domain.core.addresses import comparable
from domain.core.model import CaseId, CohortId, PersonId, RoleId
from domain.core.people import Person, Role
from records.queries.core import cases as queries
from records.queries.core.access import HrGranted, hr_granted
from records.queries.core.people import managers_above, people, roles
from records.queries.leaving import left_by


@dataclass(frozen=True)
class Placed:
    """A placement on record: whose, in which cohort if in one, and whether it still runs."""

    person: PersonId
    cohort: CohortId | None
    running: bool


@dataclass(frozen=True)
class KnownRecords:
    """The people, roles and placements of the records, as far as the check of a cohort file needs them.

    Placements don't count for whether the records have changed meanwhile: a launch adds some itself.
    """

    people: Mapping[PersonId, Person]
    roles: Mapping[RoleId, Role]
    placed: Mapping[CaseId, Placed] = field(default_factory=dict, compare=False)
    hr_granted: frozenset[HrGranted] = frozenset()
    left: Mapping[PersonId, date] = field(default_factory=dict)
    """Who has left the company, and after which day."""

    def may_start(self, role: Role, person: PersonId) -> bool:
        """Whether somebody is HR of a role: named by it, or granted that."""
        granted = {(person, role.id), (person, None)} & self.hr_granted
        return person in (role.hr, role.hr_lead) or bool(granted)

    def in_one_line(self, person: PersonId, other: PersonId) -> bool:
        """Whether either of two people is above the other by the records."""
        return other in managers_above(self._managers, person) or person in managers_above(self._managers, other)

    def of_address(self, address: str) -> list[PersonId]:
        """Who has this mail address, however it is written."""
        return self._addresses.get(comparable(address), [])

    def why_employee(self, who: PersonId) -> str | None:
        """What says that somebody on record is an employee and no returner; None for a returner or a stranger."""
        person = self.people.get(who)
        if person is None:
            return None
        if who in self._parts:
            return self._parts[who]
        if who in self._superiors:
            return "manager of others"
        return "who has never applied" if person.application is None else None

    def running_of(self, who: PersonId) -> list[CaseId]:
        """The placements of somebody that run, by id."""
        return self._running.get(who, [])

    @cached_property
    def _running(self) -> dict[PersonId, list[CaseId]]:
        found: dict[PersonId, list[CaseId]] = {}
        for case, placement in sorted(self.placed.items()):
            if placement.running:
                found.setdefault(placement.person, []).append(case)
        return found

    @cached_property
    def _managers(self) -> dict[PersonId, PersonId | None]:
        return {who: person.manager for who, person in self.people.items()}

    @cached_property
    def _superiors(self) -> set[PersonId | None]:
        return set(self._managers.values())

    @cached_property
    def _parts(self) -> dict[PersonId, str]:
        parts: dict[PersonId, str] = {}
        for role in self.roles.values():
            for party, who in role.parties().items():
                parts.setdefault(who, f"{party.spoken} of {role.id}")
        return parts

    @cached_property
    def _addresses(self) -> dict[str, list[PersonId]]:
        found: dict[str, list[PersonId]] = {}
        for person in self.people.values():
            for address in {comparable(person.email), comparable(person.private_email or person.email)}:
                found.setdefault(address, []).append(person.id)
        return found


def known_records(session: Session) -> KnownRecords:
    """What the records know now."""
    return KnownRecords(
        people={person.id: person for person in people(session)},
        roles={role.id: role for role in roles(session)},
        placed={
            record.case_id: Placed(record.person, record.cohort, running=record.outcome is None)
            for record in queries.cases(session, programme="returnship")
        },
        hr_granted=hr_granted(session),
        left=left_by(session, datetime.now(UTC)),
    )
