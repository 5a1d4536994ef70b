"""One mail a day: that somebody sees to it, and that people choose it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from domain.core.daily_mail import DailyMailStart, SetAside
from domain.core.letters import key_for_others
from domain.core.model import PersonId
from domain.core.naming import daily_mail_id
from domain.core.people import MailChoice
from domain.core.signals import Signal
from domain.core.tasks import Refused
from records.database import Database, lock_rows
from records.mail_choices import note_choices
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.core.held_mails import set_aside
from records.queries.leaving import on_record
from records.tables.core import CaseRecord, PersonRecord
from records.tables.dispatch import HeldMailRecord
from service.core.connecting import Connect

WORKFLOW_TYPE = "DailyMail"


@dataclass(frozen=True)
class MailWays:
    """How mail reaches somebody: their addresses, their choice, and how many letters wait for their next morning.

    ``set_aside`` are those of them, by case and key, that can't be written: they wait until their text is mended. Of
    a confidential one others than its reader see the number alone.
    """

    person: PersonId
    email: str
    private_email: str | None
    choice: MailChoice
    waiting: int
    set_aside: list[SetAside]


async def begin(client: Client, task_queue: str, person: PersonId, *, at_once: bool = False) -> None:
    """Start the workflow of somebody's daily mail; where it runs, it hears that there is something for them.

    It can't end in this very moment without having heard it: Temporal lets no run end before what was signalled to it.
    With ``at_once`` it sends what has gathered.
    """
    signal = Signal.SEND_HELD if at_once else Signal.LETTERS_WRITTEN
    await client.start_workflow(
        WORKFLOW_TYPE,
        DailyMailStart(person=person, at_once=at_once),
        id=daily_mail_id(person),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        start_signal=signal.value,
        static_summary=f"one mail a day for {person}",
    )


async def begin_all(client: Client, task_queue: str, database: Database) -> None:
    """Have the daily mail of all seen to who have chosen it, or for whom letters wait.

    Whoever has left the company has none, unless a case is about them. Its workflow may have been ended, or lost; and
    an import, which needs no server, lets people choose without one.
    """
    for person in await asyncio.to_thread(_whose, database):
        await begin(client, task_queue, person)


def _whose(database: Database) -> list[PersonId]:
    with database.reading() as session:
        chosen = session.scalars(select(PersonRecord.id).where(PersonRecord.mail_choice == "daily"))
        people = {*chosen, *session.scalars(select(HeldMailRecord.person).distinct())}
        left = on_record(session, people, datetime.now(UTC)).left
        about = set(session.scalars(select(CaseRecord.person).where(CaseRecord.person.in_(left))))
        return sorted(people - (left.keys() - about))


def mail_ways(database: Database, person: PersonId, actor: PersonId) -> MailWays:
    """How mail reaches somebody, for themselves and HR. Raises ``Unknown``, and :class:`Refused` for all others."""
    with database.reading() as session:
        return _ways(session, person, actor)


def _ways(session: Session, person: PersonId, actor: PersonId) -> MailWays:
    found = in_records.person(session, person)
    in_records.person(session, actor)
    if actor != person and not in_access.hr_of(session, actor):
        raise Refused(f"{actor} can't see or say how mail reaches {person}: it is for themselves and HR", "forbidden")
    waiting = session.scalar(select(func.count()).where(HeldMailRecord.person == person)) or 0
    aside = set_aside(session, person)
    if actor != person:
        aside = [letter.model_copy(update={"letter": key_for_others(letter.letter)}) for letter in aside]
    return MailWays(person, found.email, found.private_email, found.mail_choice, waiting, aside)


async def choose(
    connect: Connect, task_queue: str, database: Database, person: PersonId, actor: PersonId, choice: MailChoice
) -> MailWays:
    """Choose one mail a day for somebody, from the next morning on, or each by itself: what has gathered is sent then.

    Raises as :func:`mail_ways` does, and ``EngineUnreachable`` before anything is changed.
    """
    before = await asyncio.to_thread(mail_ways, database, person, actor)
    needs_seeing_to = choice == "daily" or before.waiting > 0
    client = await connect() if needs_seeing_to else None
    ways = await asyncio.to_thread(_store, database, person, actor, choice)
    if client is not None:
        await begin(client, task_queue, person, at_once=choice == "each")
    return ways


def _store(database: Database, person: PersonId, actor: PersonId, choice: MailChoice) -> MailWays:
    with database.session() as session:
        lock_rows(session, PersonRecord.__tablename__)
        _ways(session, person, actor)
        session.get_one(PersonRecord, person).mail_choice = choice
        session.flush()
        note_choices(session, datetime.now(UTC))
        return _ways(session, person, actor)
