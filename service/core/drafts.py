"""Drafts of answers: what somebody has typed so far into the form of a task. Nobody else reads them.

A draft is not checked: it need not fit the form. It is gone once its task is closed, or was handed to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.core.answering import closed, not_asked
from domain.core.model import PersonId
from domain.core.tasks import TaskState
from records.database import Database, lock
from records.queries.core import cases as queries
from records.tables.access import AskedRecord, DraftRecord
from service.core.errors import Refused

LARGEST = 200_000
"""Bytes of a draft as JSON: several times what the longest form takes."""


@dataclass(frozen=True)
class Draft:
    """What somebody had typed, and when that was kept."""

    content: Mapping[str, Any]
    saved_at: datetime


def save(database: Database, task: str, person: PersonId, content: Mapping[str, Any]) -> Draft:
    """Keep what somebody has typed, in place of what was kept before.

    ``content`` is JSON. Raises ``Unknown`` for no task, and :class:`Refused` for one that is closed, whoever was not
    asked, and what is too long.
    """
    if len(to_json(content)) > LARGEST:
        raise Refused(f"a draft may have at most {LARGEST // 1_000} kB", "invalid")
    with database.session() as session:
        lock(session, f"case {queries.case_of_task(task)}")  # so that it isn't closed at this very moment
        _check_asked(session, task, person)
        draft = DraftRecord(task=task, person=person, content=_storable(content), saved_at=datetime.now(UTC))
        session.merge(draft)
        return Draft(draft.content, draft.saved_at)


def load(database: Database, task: str, person: PersonId) -> Draft | None:
    """What somebody had typed; none where nothing is kept."""
    with database.reading() as session:
        return load_in(session, task, person)


def load_in(session: Session, task: str, person: PersonId) -> Draft | None:
    """The same, within a transaction."""
    record = session.get(DraftRecord, (task, person))
    return None if record is None else Draft(record.content, record.saved_at)


def drop(database: Database, task: str, person: PersonId) -> None:
    """Throw a draft away, if there is one."""
    with database.session() as session:
        session.execute(delete(DraftRecord).where(DraftRecord.task == task, DraftRecord.person == person))


def _check_asked(session: Session, task: str, person: PersonId) -> None:
    if session.get(AskedRecord, (task, person)) is not None:
        return
    record = queries.task(session, task)
    named = f"{task} ({record.subject})"
    if record.state != TaskState.OPEN.value:
        raise closed(named, record.state, record.closed_at, record.answered_by)
    raise not_asked(named, person)


def _storable(value: Any) -> Any:
    """A value without NUL characters, which PostgreSQL can't store in JSON."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, Mapping):
        return {str(key).replace("\0", ""): _storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    return value
