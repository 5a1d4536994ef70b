"""Somebody stays after all, or had left and is back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from domain.core.departure import CallOffDeparture, DepartureRow, DepartureStage, HandedThing, IsBack, Leaving
from domain.core.model import CaseId, PersonId
from domain.core.naming import workflow_id
from domain.core.signals import Signal
from domain.core.updates import Update
from engine.rpc import no_such_workflow
from records.database import Database
from records.queries import leaving as queries
from records.queries.core import people as in_records
from service.core.asking import message
from service.core.connecting import Connect
from service.core.declaring import NoneRuns, ask_departure
from service.core.errors import Refused, Unknown, Unreachable
from service.core.leaving import check_is_hr


async def call_off(
    connect: Connect,
    database: Database,
    person: PersonId,
    actor: PersonId,
    reason: str | None,
    seconds: float,
    *,
    once: str | None = None,
) -> str:
    """They stay after all; whoever had left and is back can be asked again. What came of it, as a sentence.

    What was handed over stays so; what was not stays theirs. Raises :class:`Refused` where nothing was declared.
    """
    await asyncio.to_thread(check_is_hr, database, person, actor)
    try:
        request = message(CallOffDeparture, actor=actor, reason=reason)
        update = Update.CALL_OFF_DEPARTURE
        done = await ask_departure(await connect(), database, person, update, request, seconds, once)
        return done.sentence
    except (Unknown, NoneRuns):
        await _tell_cases(await connect(), database, person, seconds)
        return await asyncio.to_thread(_is_back, database, person, actor, reason)


async def _tell_cases(client: Client, database: Database, person: PersonId, seconds: float) -> None:
    """From now on the cases in which they had something can ask them again, and write to them.

    Raises ``Unreachable``; to do it once more completes it.
    """
    for case in await asyncio.to_thread(_cases_of, database, person):
        try:
            handle = client.get_workflow_handle(workflow_id(case))
            await handle.signal(Signal.IS_BACK.value, IsBack(person=person), rpc_timeout=timedelta(seconds=seconds))
        except RPCError as error:
            if not no_such_workflow(error):
                raise Unreachable(f"{case} can't be told that {person} is back; try again later") from error


def _cases_of(database: Database, person: PersonId) -> list[CaseId]:
    with database.reading() as session:
        record = queries.departure(session, person)
        handed = [HandedThing.model_validate(thing) for thing in record.handed] if record is not None else []
    return sorted({thing.case for thing in handed})


def _is_back(database: Database, person: PersonId, actor: PersonId, reason: str | None) -> str:
    """Somebody whose departure is through is back. Raises :class:`Refused` where they never left."""
    with database.session() as session:
        record, there = queries.departure(session, person), in_records.person(session, person)
        if record is None or person not in queries.last_days(session):
            raise Refused(f"{there.id} does not leave, by the records", "conflict")
        declared = Leaving(last_day=record.last_day, declared_by=actor, reason=reason)
        handed = [HandedThing.model_validate(thing) for thing in record.handed]
        queries.write_departure(
            session,
            DepartureRow(
                person=person,
                at=datetime.now(UTC),
                leaving=declared,
                stage=DepartureStage.BACK,
                looks=record.looks,
                handed=handed,
            ),
        )
    return "is back and can be asked again; what was handed over stays so"
