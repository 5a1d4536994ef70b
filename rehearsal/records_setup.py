"""The records of a rehearsal: what it needs to know of the real ones, and nothing by which anybody could be reached.

The real records are only read. People come without name and address; protected characteristics, cases, levels and
credentials stay where they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session
from temporalio.client import Client

from domain.capacity.reserving import CapacityStart
from domain.core.holdings import PLACES, CapacityId
from domain.core.model import PersonId
from domain.core.naming import MENTOR_PLACES, mentor_capacity
from domain.core.people import Person, Role
from domain.placement.policy import Policy
from records.database import Database
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.report import PeopleReport, RolesReport
from records.queries.capacity import capacities as in_records
from records.queries.core.people import people, roles
from records.queries.placement.mentors import MentorPlaces, places
from records.tables.capacity import CapacityRecord
from service.capacity.starting import WORKFLOW_TYPE, starting

COUNTED = ("headcount-", "budget-", MENTOR_PLACES)
"""The kinds of capacities that placements of a cohort take something of."""


@dataclass(frozen=True)
class Free:
    """How much of a scarce thing nobody holds, is offered, or may yet get by an answer that is to come."""

    id: CapacityId
    title: str
    unit: str
    amount: Decimal


@dataclass(frozen=True)
class Staff:
    """Whom a rehearsal knows, the roles, and what is free of scarce things."""

    people: list[Person]
    roles: list[Role]
    free: list[Free]
    own_sizes: dict[PersonId, int]
    """Mentors whose number of places is on record, and another than the policy's."""

    @property
    def mentors(self) -> list[PersonId]:
        """Those who offer to be mentors, by id."""
        return [person.id for person in self.people if person.mentor]


def look_up(session: Session, policy: Policy) -> Staff:
    """The staff by the real records; who has no mentees yet has the policy's number of places for them."""
    most = policy.mentoring.max_mentees
    of_mentors = places(session, most)
    return Staff(
        people=[without_name(person) for person in people(session)],
        roles=roles(session),
        free=[*_free(session), *_free_mentors(of_mentors)],
        own_sizes={mentor: own.size for mentor, own in of_mentors.items() if own.size != most},
    )


def without_name(person: Person) -> Person:
    """Somebody by whom nobody can be found or reached."""
    nobodys = {"email": f"{person.id.lower()}@rehearsal.invalid", "private_email": None, "payroll_number": None}
    return person.model_copy(update={"name": person.id, "mail_choice": "each", **nobodys})


def _free(session: Session) -> list[Free]:
    offered = in_records.offered(session)
    return [
        Free(capacity.id, capacity.title, capacity.unit, _left_of(capacity, offered))
        for capacity in in_records.capacities(session)
        if capacity.id.startswith(COUNTED) and not capacity.id.startswith(MENTOR_PLACES)
    ]


def _left_of(capacity: CapacityRecord, offered: Mapping[CapacityId, Decimal]) -> Decimal:
    return max(Decimal(0), capacity.size - capacity.held - offered.get(capacity.id, Decimal(0)))


def _free_mentors(of_mentors: Mapping[PersonId, MentorPlaces]) -> list[Free]:
    return [
        Free(mentor_capacity(mentor), "Places for mentees", PLACES, Decimal(own.free))
        for mentor, own in of_mentors.items()
    ]


def move_in(database: Database, staff: Staff) -> None:
    """Put the staff into the records of the rehearsal."""
    with database.session() as session:
        store_people(session, PeopleReport(entries=len(staff.people), people=staff.people))
        store_roles(session, RolesReport(entries=len(staff.roles), roles=staff.roles))


async def open_capacities(client: Client, database: Database, staff: Staff, queue: str) -> None:
    """Start the scarce things with what is free of them, and wait until the rehearsal's records know it."""
    owners = sorted({owner for role in staff.roles for owner in (role.budget_owner, role.hr_lead)})
    for scarce in staff.free:
        start = CapacityStart(id=scarce.id, title=scarce.title, unit=scarce.unit, size=scarce.amount, owners=owners)
        await client.start_workflow(WORKFLOW_TYPE, start, **starting(start, queue))
    while await asyncio.to_thread(_known, database) < len(staff.free):  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.1)


def _known(database: Database) -> int:
    with database.reading() as session:
        return len(in_records.capacities(session))
