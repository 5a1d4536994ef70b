"""What the journal outbox of a case ends in: rows in the records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from domain.core.delivery import LastSeal
from domain.core.journal import JournalBatch
from records import journal
from records.database import Database
from records.errors import RecordsError


class JournalActivities:
    """Writes the rows of cases into the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, batch: JournalBatch, conflicts: list[str] | None = None) -> dict[str, LastSeal]:
        """Write the rows, all or none; writing them again changes nothing. Returns the newest seals of the case.

        Of an entry whose number another one has, ``conflicts`` take a sentence; without these it raises
        :class:`records.journal.EntryConflict`. While the database can't be reached or refuses, raises an
        ``ApplicationError`` to be retried.
        """
        with records_errors(), self._database.session() as session:
            if conflicts is not None:
                conflicts.clear()
            return journal.write(session, batch, conflicts)


@contextmanager
def records_errors() -> Iterator[None]:
    """Database errors as Temporal's, under their names; without causes, whose text might carry personal data."""
    try:
        yield
    except RecordsError as error:
        raise ApplicationError(str(error), type=type(error).__name__) from None
