"""The post of a rehearsal: no letter leaves, because there is nothing here by which one could.

Rows are written as ever. Letters are neither composed nor sent; that somebody was written to is put into a table of
the rehearsal's own records, in the same transaction as the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from temporalio import activity

from activities.core.journal import records_errors
from domain.core.delivery import Delivery, Sent
from domain.core.journal import JournalBatch
from domain.core.post import Letter, PostBatch
from records import journal
from records.database import Database
from records.types import UtcInstant


class OfARehearsal(DeclarativeBase):
    """The tables that only a rehearsal has."""

    type_annotation_map = {datetime: UtcInstant}


class LetterRecord(OfARehearsal):
    """A letter that would have gone out; ``task`` is the one it is about, if it is about one."""

    __tablename__ = "rehearsed_letters"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    template: Mapped[str]
    to: Mapped[str]
    task: Mapped[str | None]


class RehearsalPost:
    """Writes the rows of cases, and only notes their letters; in place of the activities of the same names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="deliver")
    def deliver(self, delivery: Delivery) -> Sent:
        """Write the rows, and down whom the letters are for. All of them count as sent."""
        with self._writing() as session:
            if delivery.rows:
                batch = JournalBatch(case=delivery.case, rows=delivery.rows, first=delivery.first_row)
                journal.write(session, batch)
            _note(session, delivery.case, delivery.letters)
        return Sent(done=[letter.key for letter in delivery.letters])

    @activity.defn(name="send_post")
    def send_post(self, batch: PostBatch) -> Sent:
        """Write down whom the letters are for."""
        with self._writing() as session:
            _note(session, batch.case, batch.letters)
        return Sent(done=[letter.key for letter in batch.letters])

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with records_errors(), self._database.session() as session:
            yield session


def open_records(url: str) -> Database:
    """The records of a rehearsal, which nobody misses after a power cut: nothing waits for the disk."""
    database = Database(url)
    _do_not_wait_for_the_disk(database.engine)
    return database


def make_tables(database: Database) -> None:
    """All tables of a rehearsal's records."""
    database.migrate()
    OfARehearsal.metadata.create_all(database.engine)


def _do_not_wait_for_the_disk(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: object, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]


def _note(session: Session, case: str, letters: Iterable[Letter]) -> None:
    rows = [
        {
            "case_id": case,
            "key": letter.key,
            "at": letter.at,
            "template": letter.template,
            "to": letter.to,
            "task": letter.facts.get("task"),
        }
        for letter in letters
    ]
    if rows:
        session.execute(insert(LetterRecord).on_conflict_do_nothing(), rows)
