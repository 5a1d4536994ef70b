"""Files that somebody has sent, between their check and what is done with them: in the records, with an end.

A file is for whoever sent it alone, and goes after a day; its content goes once what it is for is done.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.core.model import PersonId
from records.database import Database, lock
from records.tables.uploads import UploadRecord
from service.core.errors import Unknown

KEPT = timedelta(days=1)
MOST_OF_ONE = 20
"""So many files of one person are kept; the oldest goes."""

LONGEST_NAME = 100
"""Characters; a name is only shown."""


@dataclass(frozen=True)
class Upload:
    """A file: its ``name`` is shown and never a path; ``outcome`` is what came of it, if anything has."""

    id: str
    kind: str
    name: str
    content: bytes
    options: Mapping[str, Any]
    uploaded_at: datetime
    ends_at: datetime
    outcome: Mapping[str, Any] | None

    def text(self) -> str:
        """Its content, with ``\\n`` at the end of lines. Raises ``ValueError`` for what is no text."""
        try:
            return self.content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise ValueError(f"{self.name} is not UTF-8 text") from None


def shown_name(name: str) -> str:
    """The last part of what a browser calls a file, without what can't be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip()[-LONGEST_NAME:] or "file"


def keep(database: Database, person: PersonId, kind: str, name: str, content: bytes) -> str:
    """Keep a file for a day; its id, which is that of before where they have sent the same. What is too old goes."""
    now, shown = datetime.now(UTC), shown_name(name)
    with database.session() as session:
        lock(session, f"uploads {person}")
        session.execute(delete(UploadRecord).where(UploadRecord.ends_at <= now))
        alike = select(UploadRecord).where(
            UploadRecord.person == person, UploadRecord.kind == kind, UploadRecord.name == shown
        )
        for known in session.scalars(alike):
            if known.outcome is None and known.content == content:
                known.ends_at = now + KEPT
                return known.id
        upload = UploadRecord(
            id=secrets.token_hex(8),
            person=person,
            kind=kind,
            name=shown,
            content=content,
            options={},
            uploaded_at=now,
            ends_at=now + KEPT,
            outcome=None,
        )
        theirs = select(UploadRecord.id).where(UploadRecord.person == person)
        too_many = session.scalars(theirs.order_by(UploadRecord.uploaded_at.desc()).offset(MOST_OF_ONE - 1)).all()
        session.execute(delete(UploadRecord).where(UploadRecord.id.in_(too_many)))
        session.add(upload)
        return upload.id


def load(database: Database, upload: str, person: PersonId, kind: str) -> Upload:
    """A file that somebody has sent. Raises ``Unknown`` for one that is not theirs, of another kind, or gone."""
    with database.reading() as session:
        return _of(_record(session, upload, person, kind))


def settle(database: Database, upload: str, person: PersonId, kind: str, outcome: Mapping[str, Any]) -> None:
    """Note what came of a file; its content goes. Raises as :func:`load` does."""
    with database.session() as session:
        record = _record(session, upload, person, kind)
        record.content, record.outcome = b"", dict(outcome)


def read_otherwise(database: Database, upload: str, person: PersonId, kind: str, options: Mapping[str, Any]) -> None:
    """Note how a file is to be read from now on. Raises as :func:`load` does."""
    with database.session() as session:
        record = _record(session, upload, person, kind)
        record.options = {**record.options, **options}


def drop(database: Database, upload: str, person: PersonId) -> None:
    """Throw a file away, if there is one."""
    with database.session() as session:
        session.execute(delete(UploadRecord).where(UploadRecord.id == upload, UploadRecord.person == person))


def _record(session: Session, upload: str, person: PersonId, kind: str) -> UploadRecord:
    record = session.get(UploadRecord, upload) if upload.isascii() else None
    if record is None or (record.person, record.kind) != (person, kind) or record.ends_at <= datetime.now(UTC):
        raise Unknown("no such file; it is kept for a day")
    return record


def _of(record: UploadRecord) -> Upload:
    return Upload(
        id=record.id,
        kind=record.kind,
        name=record.name,
        content=record.content,
        options=record.options,
        uploaded_at=record.uploaded_at,
        ends_at=record.ends_at,
        outcome=record.outcome,
    )
