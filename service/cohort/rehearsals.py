"""Rehearsals that were started in the console, on record: how far each is, and what came of it.

One runs at a time, of all consoles together. The console that runs it says that it goes on; one of which nobody has
said so for a while has broken off: its console was killed, or could not reach the records.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer

from domain.core.access import Viewer
from domain.core.model import PersonId
from records.database import Database, lock
from records.queries.core import people
from records.tables.uploads import RehearsalRecord
from service.core.errors import Refused, Unknown

KEPT = timedelta(days=30)
BROKE_OFF = timedelta(seconds=60)
"""Of what runs it is said every second or two that it does."""


class RehearsalState(StrEnum):
    """How it stands with a rehearsal."""

    RUNNING = "running"
    STOPPING = "stopping"
    """Somebody wants it to end."""
    DONE = "done"
    STOPPED = "stopped"
    """Somebody wanted it to end."""
    ENDED = "ended"
    """It ended with the console that ran it."""
    FAILED = "failed"
    BROKE_OFF = "broke_off"
    """Its console said no more that it goes on."""


GOING_ON = (RehearsalState.RUNNING, RehearsalState.STOPPING)


@dataclass(frozen=True)
class RunningNow:
    """A rehearsal that runs: whose, since when, and its id."""

    id: str
    started_by: PersonId
    name: str
    started_at: datetime


class AnotherRuns(Refused):
    """A rehearsal runs already."""

    def __init__(self, running: RunningNow) -> None:
        super().__init__("a rehearsal runs already; one at a time, so that its figures are right", "conflict")
        self.running = running


def begin(database: Database, person: PersonId, file: str, options: Mapping[str, Any]) -> str:
    """Put a rehearsal on record that starts now; its id. Raises :class:`AnotherRuns` while another one runs."""
    now = datetime.now(UTC)
    with database.session() as session:
        lock(session, "rehearsals")
        session.execute(delete(RehearsalRecord).where(RehearsalRecord.started_at < now - KEPT))
        if (running := _running(session, now)) is not None:
            raise AnotherRuns(running)
        record = RehearsalRecord(
            id=secrets.token_hex(8),
            started_by=person,
            file=file,
            options=dict(options),
            state=RehearsalState.RUNNING.value,
            started_at=now,
            seen_at=now,
            ended_at=None,
            progress=[],
            problem=None,
            result=None,
        )
        session.add(record)
        return record.id


def running(database: Database) -> RunningNow | None:
    """The rehearsal that runs, if one does, whoever has started it."""
    with database.reading() as session:
        return _running(session, datetime.now(UTC))


def _running(session: Session, now: datetime) -> RunningNow | None:
    going_on = RehearsalRecord.state.in_([state.value for state in GOING_ON])
    found = select(RehearsalRecord).options(defer(RehearsalRecord.result))
    record = session.scalars(found.where(going_on, RehearsalRecord.seen_at >= now - BROKE_OFF).limit(1)).first()
    if record is None:
        return None
    who = record.started_by
    return RunningNow(record.id, who, people.names(session, [who]).get(who, who), record.started_at)


def goes_on(database: Database, rehearsal: str, progress: Sequence[str]) -> RehearsalState:
    """Note how far it is; whether it is to go on (``RUNNING``), or how it ends: ``STOPPED``, or ``BROKE_OFF`` where it
    was taken for that, and another one may have begun."""
    now = datetime.now(UTC)
    with database.session() as session:
        lock(session, "rehearsals")
        record = session.get_one(RehearsalRecord, rehearsal)
        if stands(record, now) is RehearsalState.BROKE_OFF:
            return RehearsalState.BROKE_OFF
        record.progress, record.seen_at = list(progress), now
        return RehearsalState.RUNNING if record.state == RehearsalState.RUNNING else RehearsalState.STOPPED


def finish(
    database: Database,
    rehearsal: str,
    state: RehearsalState,
    *,
    result: Mapping[str, Any] | None = None,
    problem: str | None = None,
) -> None:
    """Note what came of it."""
    with database.session() as session:
        record = session.get_one(RehearsalRecord, rehearsal)
        record.state, record.ended_at = state.value, datetime.now(UTC)
        record.result, record.problem = dict(result) if result is not None else None, problem


def broke_off(database: Database, rehearsal: str) -> None:
    """Note that nobody runs a rehearsal any more, if it still runs by the records."""
    with database.session() as session:
        record = session.get(RehearsalRecord, rehearsal)
        if record is not None and RehearsalState(record.state) in GOING_ON:
            record.state, record.ended_at = RehearsalState.BROKE_OFF.value, datetime.now(UTC)


def stop(database: Database, rehearsal: str, viewer: Viewer) -> None:
    """Want it to end. Raises as :func:`load` does."""
    with database.session() as session:
        record = _record(session, rehearsal, viewer)
        if record.state == RehearsalState.RUNNING:
            record.state = RehearsalState.STOPPING.value


def load(database: Database, rehearsal: str, viewer: Viewer) -> RehearsalRecord:
    """One, for whoever started it and HR of all roles. Raises ``Unknown`` for all others, and where there is none."""
    with database.reading() as session:
        return _record(session, rehearsal, viewer)


def all_of(database: Database, viewer: Viewer) -> Sequence[RehearsalRecord]:
    """Those that somebody has started, or all for HR of all roles, the newest first; without their results."""
    rows = select(RehearsalRecord).options(defer(RehearsalRecord.result)).order_by(RehearsalRecord.started_at.desc())
    with database.reading() as session:
        theirs = rows if viewer.hr_of_all else rows.where(RehearsalRecord.started_by == viewer.person)
        return session.scalars(theirs).all()


def stands(record: RehearsalRecord, now: datetime) -> RehearsalState:
    """How it stands."""
    state = RehearsalState(record.state)
    return RehearsalState.BROKE_OFF if state in GOING_ON and record.seen_at < now - BROKE_OFF else state


def _record(session: Session, rehearsal: str, viewer: Viewer) -> RehearsalRecord:
    record = session.get(RehearsalRecord, rehearsal) if rehearsal.isascii() else None
    if record is None or not (viewer.hr_of_all or record.started_by == viewer.person):
        raise Unknown("no such rehearsal")
    return record
