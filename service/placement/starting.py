"""Starting a placement, exactly once for each case."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from temporalio.client import Client

from domain.core.model import CaseId, PersonId, RoleId
from domain.core.people import Person, Role
from domain.learning.beginning import claim_of_path
from domain.learning.state import PathStart
from domain.placement.beginning import claim_of_placement
from domain.placement.policy import Policy
from domain.placement.state import PlacementStart
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.starts import reason_beside
from service.core.errors import Refused, Unfit
from service.core.starting import Started, start_once
from service.core.today import today
from service.placement.placing import checked_beginning
from service.placement.working_days import begins_later

LEAD_WEEKS = 4
"""A placement starts at least so many weeks after it is set up, unless a date is given."""


def first_start_date(today: date) -> date:
    """The first Monday at least four weeks from today."""
    earliest = today + timedelta(weeks=LEAD_WEEKS)
    return earliest + timedelta(days=-earliest.weekday() % 7)


def first_day(wanted: date | None) -> date:
    """The day that is wanted, else that of :func:`first_start_date`. Raises :class:`Unfit` for one in the past."""
    if wanted is None:
        return first_start_date(today())
    if wanted < today():
        raise Unfit.at("starts_on", f"{wanted} is in the past")
    return wanted


async def start_placement(
    client: Client,
    database: Database,
    *,
    returner: PersonId,
    role: RoleId,
    policy: Policy,
    starts_on: date,
    weeks: int,
    case: CaseId,
    cohort: str | None,
    started_by: PersonId,
    seconds_per_day: float,
    task_queue: str,
    learning: PathStart | None = None,
    beside: str | None = None,
    unasked: frozenset[str] = frozenset(),
) -> Started:
    """Start a placement, with ``learning`` inside it if given; one that runs already stays as it is.

    ``beside`` is the reason why it may start beside another of the same person; ``unasked`` are the terms that nobody
    has chosen, so that it matters nothing if they differ in the one that runs.

    What HR may override starts, and HR is asked. For what can't be started (an unpaid role, a person without an
    application, a case that has ended, by anybody but the role's HR) raises :class:`Refused`; for an unknown id
    ``Unknown``.
    """
    person, offered = await asyncio.to_thread(_look_up, database, returner, role, started_by)
    start = _start(
        case=case,
        returner=person.id,
        application=person.application,
        role=offered,
        starts_on=starts_on,
        weeks=weeks,
        policy=policy,
        cohort=cohort,
        started_by=started_by,
        seconds_per_day=seconds_per_day,
        learning=learning,
        beside=beside,
    )
    start = await asyncio.to_thread(_beside_others_only, database, start)
    started = await start_once(client, database, checked_beginning(start, unasked), task_queue)
    later = None if started.already_running else begins_later(offered.country, starts_on)
    return replace(started, notes=[later] if later else [])


def _beside_others_only(database: Database, start: PlacementStart) -> PlacementStart:
    """A reason is on record where there is another, of the placement or of the path inside."""
    with database.reading() as session:
        changes: dict[str, Any] = {"beside": reason_beside(session, claim_of_placement(start))}
        if start.learning:
            beside = reason_beside(session, claim_of_path(start.learning))
            changes["learning"] = start.learning.model_copy(update={"beside": beside})
    return start.model_copy(update=changes)


def _look_up(database: Database, returner: PersonId, role: RoleId, started_by: PersonId) -> tuple[Person, Role]:
    with database.reading() as session:
        in_records.person(session, started_by)
        person, offered = in_records.person(session, returner), in_records.role(session, role)
    if person.application is None:
        raise Refused(
            f"{returner} has not applied: the records have no months of break and years of experience of them",
            "invalid",
        )
    return person, offered


def _start(**values: Any) -> PlacementStart:
    try:
        return PlacementStart(**values)
    except ValidationError as error:
        raise Unfit.by(error) from None
