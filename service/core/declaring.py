"""HR declares that somebody leaves the company, or changes what was declared: a departure begins, or hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.core.case import Done
from domain.core.departure import (
    ChangeDeparture,
    DepartureStage,
    DepartureStart,
    DepartureState,
    Leaving,
    departure_beginning,
)
from domain.core.model import PersonId
from domain.core.naming import departure_workflow_id
from domain.core.updates import Update
from engine.starting import start_options
from records.database import Database
from records.queries import leaving as queries
from records.tables.core import DepartureRecord
from service.core.asking import ask, message
from service.core.connecting import Connect
from service.core.errors import Refused, Unknown
from service.core.leaving import Departing, WantedDeparture, check_declares, day_is_over, look_at

START_WITHIN = timedelta(seconds=20)

RECORDED_WITHIN_TRIES, BETWEEN_TRIES = 50, 0.1
"""So often, and at that distance in seconds, it is looked whether a departure that was started is on record."""

CLOCKS_APART = timedelta(seconds=2)
"""So far the server's clock may be behind this machine's, and what it stamps still counts as new."""


@dataclass(frozen=True)
class Declared:
    """What came of a declaration: it is ``begun`` now, or says what the one that runs says (``sentence``)."""

    person: PersonId
    last_day: date | None
    begun: bool
    sentence: str


class LastDayIsOver(Refused):
    """Their last day would be over already, and nobody has said that this is meant: it can't be called off then."""


async def declare(
    connect: Connect,
    database: Database,
    wanted: WantedDeparture,
    actor: PersonId,
    task_queue: str,
    seconds: float,
    *,
    once: str | None = None,
) -> Declared:
    """Declare that somebody leaves; where that runs already, what is otherwise is changed, ``once`` under that name.

    Where it is through already, nothing is done as long as nothing is theirs; else that is handed over, too. Raises
    :class:`Refused` as :func:`check_declares` does, where no last day was ever given, and another one than that after
    which they have left; :class:`LastDayIsOver`; ``Unknown`` for an unknown person.
    """
    await asyncio.to_thread(check_declares, database, wanted, actor)
    before = await asyncio.to_thread(look_at, database, wanted.person)
    if (record := before.departure) is not None and record.stage == DepartureStage.DONE:
        if wanted.last_day not in (None, record.last_day):
            raise Refused(_left_before(wanted.person, record.last_day), "conflict")
        if not before.theirs:
            sentence = f"left after {record.last_day}, and all they had is handed over; nothing was changed"
            return Declared(wanted.person, record.last_day, begun=False, sentence=sentence)
        wanted = replace(wanted, last_day=record.last_day)
    is_over = await asyncio.to_thread(day_is_over, database, wanted.person, wanted.last_day)
    newly_over = is_over and not _is_known_to_be_over(wanted, record)
    if newly_over and not wanted.at_once:
        raise LastDayIsOver(
            f"last_day: {wanted.last_day} is over where {wanted.person} lives: all they have would be handed over at "
            "once, and that can't be called off",
            "conflict",
        )
    client = await connect()
    change = message(
        ChangeDeparture,
        actor=actor,
        last_day=wanted.last_day,
        successor=wanted.successor,
        successors=dict(wanted.successors or {}) or None,
        reason=wanted.reason,
    )
    leaves, handed = ("left", "is being handed over now") if is_over else ("leaves", "is handed over then")
    sentence = f"{leaves} after {wanted.last_day}; what they have {handed}"
    now = datetime.now(UTC)
    if wanted.last_day is not None and await _start(client, wanted, actor, task_queue, before):
        await _until_on_record(database, wanted.person, now)
        return Declared(wanted.person, wanted.last_day, begun=True, sentence=sentence)
    done = await ask_departure(client, database, wanted.person, Update.CHANGE_DEPARTURE, change, seconds, once)
    return Declared(wanted.person, wanted.last_day, begun=False, sentence=sentence if newly_over else done.sentence)


def _is_known_to_be_over(wanted: WantedDeparture, before: DepartureRecord | None) -> bool:
    """Whether that very day is what is on record, and nothing new comes of it."""
    off = (DepartureStage.CALLED_OFF, DepartureStage.BACK)
    return before is not None and before.last_day == wanted.last_day and before.stage not in off


def _left_before(person: PersonId, last_day: date) -> str:
    return f"last_day: {person} left after {last_day}; where they are back since, that has to be said first"


async def _until_on_record(database: Database, person: PersonId, since: datetime) -> None:
    """Give the departure a moment to put itself on record, so that it can be shown."""
    for _ in range(RECORDED_WITHIN_TRIES):
        record = await asyncio.to_thread(_record_of, database, person)
        if record is not None and record.at >= since - CLOCKS_APART:
            return
        await asyncio.sleep(BETWEEN_TRIES)


def _record_of(database: Database, person: PersonId) -> DepartureRecord | None:
    with database.reading() as session:
        return queries.departure(session, person)


def _taken_up(declared: Leaving, before: Departing) -> DepartureState | None:
    """What a departure goes on with that was through, though something is theirs again; none where it is another."""
    if before.departure is None or before.departure.stage != DepartureStage.DONE:
        return None
    return DepartureState(person=before.person, leaving=declared, handed=before.handed)


async def _start(client: Client, wanted: WantedDeparture, actor: PersonId, task_queue: str, before: Departing) -> bool:
    """Start the departure, or take one up that was through ``before``; false where one runs."""
    assert wanted.last_day is not None
    declared = message(
        Leaving,
        last_day=wanted.last_day,
        declared_by=actor,
        successor=wanted.successor,
        successors=dict(wanted.successors or {}) or None,
        reason=wanted.reason,
    )
    start = DepartureStart(
        person=wanted.person,
        leaving=declared,
        look_again_seconds=wanted.look_again.total_seconds(),
        state=_taken_up(declared, before),
    )
    beginning = departure_beginning(start)
    try:
        await client.start_workflow(
            beginning.workflow,
            start,
            **start_options(beginning),
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            rpc_timeout=START_WITHIN,
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


class NoneRuns(Refused):
    """No departure runs."""


async def ask_departure(
    client: Client,
    database: Database,
    person: PersonId,
    update: Update,
    request: Any,
    seconds: float,
    once: str | None = None,
) -> Done:
    """Ask somebody's departure; what it says. Raises :class:`NoneRuns`, and as :func:`service.core.asking.ask` does."""
    workflow = departure_workflow_id(person)
    try:
        return await ask(client, database, person, update, request, Done, seconds, workflow=workflow, once=once)
    except Refused as refused:
        if "has ended" in str(refused):
            raise NoneRuns(f"no departure of {person} runs; give their last day", "conflict") from None
        raise
    except Unknown:
        raise NoneRuns(f"no departure of {person} was declared; give their last day", "conflict") from None
