"""Starting a placement, exactly once for each case."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import ValidationError
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from cli.errors import CommandError
from domain.eligibility import broken_rules
from domain.model import CaseId, PersonId, RoleId
from domain.naming import workflow_id
from domain.people import Person, Role
from domain.placement import PlacementStart, Stage
from domain.policy import Policy
from domain.tasks import says
from engine.search_attributes import COHORT, POLICY, STAGE, register
from records import people as in_records
from records.database import Database
from records.tables import CaseRecord

LEAD_WEEKS = 4
"""A placement starts at least so many weeks after it is set up, unless a date is given."""

REAL_LIFE = 86_400.0
WORKFLOW_TYPE = "Placement"


@dataclass(frozen=True)
class Started:
    """A case that was started now, or was ``already_running`` as it is; ``run`` is Temporal's id of its run."""

    case: CaseId
    run: str
    already_running: bool


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
) -> Started:
    """Start a placement; one that runs already stays as it is.

    What HR may override starts, and HR is asked. Raises :class:`CommandError` for what can't be started (an unpaid
    role, a person without an application, a case that has ended, by anybody but the role's HR) and
    ``records.people.Unknown`` for an unknown id.
    """
    person, offered = await asyncio.to_thread(_look_up, database, returner, role, started_by)
    known = await asyncio.to_thread(_may_run_already, database, case)
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
    )
    _check(start)
    if known:
        return await _already_there(client, start)
    return await _start_once(client, start, task_queue)


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


def _may_run_already(database: Database, case: CaseId) -> bool:
    """Whether the records know the case. It must not start once more, though Temporal may have forgotten it.

    What a new case of that name told would be taken for what the old one had told already. Raises
    :class:`CommandError` when it has ended.
    """
    with database.reading() as session:
        known = session.get(CaseRecord, case)
    if known is not None and known.stage == Stage.ENDED.value:
        raise _ended(case)
    return known is not None


def _ended(case: CaseId) -> CommandError:
    return CommandError(f"{case} has ended and can't be started again; name another case with --case", "conflict")


def _start(**values: Any) -> PlacementStart:
    try:
        return PlacementStart(**values)
    except ValidationError as error:
        raise CommandError(says(error), "invalid") from None


def _check(start: PlacementStart) -> None:
    """Refuse what nobody could put right once the case runs."""
    if start.started_by not in (start.role.hr, start.role.hr_lead):
        raise CommandError(
            f"{start.started_by} can't start a placement in {start.role.id}: it is for HR ({start.role.hr}) or "
            f"head of HR ({start.role.hr_lead})",
            "forbidden",
        )
    for rule in broken_rules(start.application, start.weeks, start.role.stipend, start.policy):
        if not rule.can_be_overridden:
            raise CommandError(f"{start.role.id}: {rule.says}")
    for party, who in start.role.parties().items():
        if who == start.returner:
            raise CommandError(f"{who} is the {party.spoken} of {start.role.id} and can't be placed in it")


async def _start_once(client: Client, start: PlacementStart, task_queue: str) -> Started:
    """Start the workflow, or find the one of this case that runs."""
    try:
        handle = await _start_workflow(client, start, task_queue)
    except WorkflowAlreadyStartedError:
        return await _already_there(client, start)
    return Started(start.case, handle.result_run_id or "", already_running=False)


async def _start_workflow(client: Client, start: PlacementStart, task_queue: str) -> WorkflowHandle[Any, Any]:
    """Start it, on a server that no worker has prepared yet too. Raises where a workflow of this id is or was there.

    The conflict policy is to fail, because that alone tells for certain, with the SDK's public means, whether it was
    this call that started the case. A call that is repeated on the way (same request id) is still a start.
    """
    starting = partial(
        client.start_workflow,
        WORKFLOW_TYPE,
        start,
        id=workflow_id(start.case),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        memo=_identity(start),
        search_attributes=_search_attributes(start),
        static_summary=f"{start.case}: {start.returner} in {start.role.id}, {start.policy.label}",
        static_details=_details(start),
    )
    try:
        return await starting()
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT or "search attribute" not in error.message.lower():
            raise
    await register(client)
    return await starting()


async def _already_there(client: Client, start: PlacementStart) -> Started:
    """The case that runs under this id. Raises :class:`CommandError` when it has ended, or is somebody else's."""
    try:
        there = await client.get_workflow_handle(workflow_id(start.case)).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        raise _ended(start.case) from None
    if there.status is not WorkflowExecutionStatus.RUNNING:
        raise _ended(start.case)
    memo = await there.memo()
    if any(memo.get(key, value) != value for key, value in _identity(start).items()):
        raise CommandError(
            f"{start.case} is already running, for another person or role; name another case with --case", "conflict"
        )
    return Started(start.case, there.run_id, already_running=True)


def _identity(start: PlacementStart) -> dict[str, str]:
    """What a second start of the same case must agree on."""
    return {"returner": start.returner, "role": start.role.id}


def _details(start: PlacementStart) -> str:
    """What the UI shows of a case besides where it stands: ids and dates, never a name."""
    return (
        f"- returner {start.returner}, role {start.role.id}\n"
        f"- {start.weeks} weeks from {start.starts_on}, cohort {start.cohort or 'none'}\n"
        f"- policy {start.policy.label}, started by {start.started_by}"
    )


def _search_attributes(start: PlacementStart) -> TypedSearchAttributes:
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(STAGE, Stage.INTAKE.value),
        SearchAttributePair(POLICY, start.policy.label),
    ]
    if start.cohort:
        pairs.append(SearchAttributePair(COHORT, start.cohort))
    return TypedSearchAttributes(pairs)
