"""Changing how much there is of a capacity, or setting up a new one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from pydantic import TypeAdapter, ValidationError
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.capacity.reserving import CapacityStart, Resize, Resized
from domain.core.holdings import CapacityId, wrong_unit
from domain.core.model import PersonId
from domain.core.naming import MENTOR_PLACES, capacity_workflow_id, mentor_of
from domain.core.updates import Update
from records.database import Database
from records.queries.capacity import capacities
from records.queries.core import access as in_access
from service.capacity.starting import WORKFLOW_TYPE, ended, starting
from service.core.asking import ask, message
from service.core.connecting import Connect
from service.core.errors import NoCapacity, Refused, Unfit, Unknown
from service.core.people import check_known


@dataclass(frozen=True)
class WantedSize:
    """How much there is to be of a capacity; ``unit`` and ``title`` are for one that is not there yet."""

    capacity: CapacityId
    size: Decimal
    unit: str | None
    title: str | None
    reason: str
    actor: PersonId


async def resize(
    connect: Connect,
    database: Database,
    wanted: WantedSize,
    *,
    task_queue: str,
    seconds: float,
    once: str | None = None,
) -> Resized:
    """Change how much there is, ``once`` under that name; a capacity that is not there is set up, if all is given that
    it needs.

    Raises :class:`Refused` for what can be no capacity's, and for whoever may not; ``Unknown`` for somebody who is not
    in the records, and for a capacity that is not there; else as :func:`service.core.asking.ask` does.
    """
    request = await asyncio.to_thread(check_size, database, wanted)
    client = await connect()
    workflow = capacity_workflow_id(wanted.capacity)
    asking = partial(
        ask, client, database, wanted.capacity, Update.RESIZE, request, Resized, seconds, workflow=workflow, once=once
    )
    try:
        return await asking()
    except Unknown:
        if wanted.unit is None and wanted.title is None:
            raise NoCapacity(f"there is no capacity {wanted.capacity}; with a unit and a title it is set up") from None
    await _set_up(client, database, _start(wanted), task_queue)
    return await asking()


def check_size(database: Database, wanted: WantedSize) -> Resize:
    """What is asked of a capacity, if it can be, by the records alone. Raises as :func:`resize` does."""
    check_capacity_id(wanted.capacity)
    if wanted.unit is not None and (wrong := wrong_unit(wanted.capacity, wanted.unit)):
        raise Unfit.at("unit", wrong)
    request = message(Resize, actor=wanted.actor, size=wanted.size, unit=wanted.unit, reason=wanted.reason)
    check_known(database, [wanted.actor, *_mentor_of(wanted.capacity)])
    if wanted.unit is not None and wanted.title is not None:
        _start(wanted)
    return request


def _start(wanted: WantedSize) -> CapacityStart:
    """What a capacity would be set up with. Raises :class:`Unfit`."""
    return message(
        CapacityStart,
        id=wanted.capacity,
        title=wanted.title,
        unit=wanted.unit,
        size=wanted.size,
        owners=[wanted.actor],
    )


def check_capacity_id(capacity: str) -> None:
    """Raise :class:`Refused` for what can be no capacity's."""
    try:
        TypeAdapter[str](CapacityId).validate_python(capacity)
    except ValidationError:
        kinds = "seats-, budget-, mentor- or headcount-"
        raise Refused(
            f"{capacity} is no capacity: that is {kinds} and an id, as budget-TRAINING-2026", "invalid"
        ) from None


def _mentor_of(capacity: CapacityId) -> list[PersonId]:
    """Whose places these are, where they are a mentor's: nobody is, who is not in the records."""
    return [mentor_of(capacity)] if capacity.startswith(MENTOR_PLACES) else []


async def _set_up(client: Client, database: Database, start: CapacityStart, task_queue: str) -> None:
    """Start a capacity, by somebody who may; one that somebody else sets up at the same moment stays as it is."""
    await asyncio.to_thread(_check_may_open, database, start)
    try:
        await client.start_workflow(WORKFLOW_TYPE, start, **starting(start, task_queue))
    except WorkflowAlreadyStartedError:
        raise Refused(ended(start.id), "conflict") from None


def _check_may_open(database: Database, start: CapacityStart) -> None:
    (owner,) = start.owners
    with database.reading() as session:
        if not (in_access.hr_of(session, owner) or capacities.owns_budgets(session, owner)):
            sentence = f"{owner} can't set up a capacity: it is for HR, head of HR and budget owners of a role"
            raise Refused(sentence, "forbidden")
