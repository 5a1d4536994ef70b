"""Starting a placement, exactly once for each case."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from temporalio.client import Client

from cli.errors import CommandError
from cli.once import Beginning, Started, start_once
from domain.eligibility import broken_rules
from domain.model import CaseId, PersonId, RoleId
from domain.people import Person, Role
from domain.placement import PlacementStart, Stage
from domain.policy import Policy
from domain.tasks import says
from domain.upskilling import PathStart
from records import people as in_records
from records.database import Database

LEAD_WEEKS = 4
"""A placement starts at least so many weeks after it is set up, unless a date is given."""

WORKFLOW_TYPE = "Placement"


def first_start_date(today: date) -> date:
    """The first Monday at least four weeks from today."""
    earliest = today + timedelta(weeks=LEAD_WEEKS)
    return earliest + timedelta(days=-earliest.weekday() % 7)


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
) -> Started:
    """Start a placement, with ``learning`` inside it if given; one that runs already stays as it is.

    What HR may override starts, and HR is asked. Raises :class:`CommandError` for what can't be started (an unpaid
    role, a person without an application, a case that has ended, by anybody but the role's HR) and
    ``records.people.Unknown`` for an unknown id.
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
    )
    _check(start)
    return await start_once(client, database, _beginning(start), task_queue)


def _look_up(database: Database, returner: PersonId, role: RoleId, started_by: PersonId) -> tuple[Person, Role]:
    with database.reading() as session:
        in_records.person(session, started_by)
        person, offered = in_records.person(session, returner), in_records.role(session, role)
    if person.application is None:
        raise CommandError(
            f"{returner} has not applied: there is no break_months and experience_years for them in the records",
            "invalid",
        )
    return person, offered


def _start(**values: Any) -> PlacementStart:
    try:
        return PlacementStart(**values)
    except ValidationError as error:
        raise CommandError(says(error), "invalid") from None


def _check(start: PlacementStart) -> None:
    """Refuse what nobody could put right once the case runs."""
    check_starter(start.role, start.started_by)
    for rule in broken_rules(start.application, start.weeks, start.role.stipend, start.policy):
        if not rule.can_be_overridden:
            raise CommandError(f"{start.role.id}: {rule.says}")
    for party, who in start.role.parties().items():
        if who == start.returner:
            raise CommandError(f"{who} is the {party.spoken} of {start.role.id} and can't be placed in it")


def check_starter(role: Role, started_by: PersonId) -> None:
    """Refuse to start a case around a role for anybody but its HR."""
    if started_by not in (role.hr, role.hr_lead):
        raise CommandError(
            f"{started_by} can't start a case in {role.id}: it is for HR ({role.hr}) or head of HR ({role.hr_lead})",
            "forbidden",
        )


def _beginning(start: PlacementStart) -> Beginning:
    return Beginning(
        case=start.case,
        workflow=WORKFLOW_TYPE,
        start=start,
        stage=Stage.INTAKE.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"returner": start.returner, "role": start.role.id},
        summary=f"{start.returner} in {start.role.id}",
        details=(
            f"- returner {start.returner}, role {start.role.id}\n"
            f"- {start.weeks} weeks from {start.starts_on}, cohort {start.cohort or 'none'}\n"
            f"- policy {start.policy.label}, started by {start.started_by}"
            + (f"\n- learning inside: {start.learning.case}" if start.learning else "")
        ),
    )
