"""Who is in the HR records: workflows can't look."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities.core.journal import records_errors
from domain.core.model import PersonId
from domain.core.people import OnRecord
from records.database import Database
from records.queries import leaving


class PeopleActivities:
    """Looks people up in the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="known_people", no_thread_cancel_exception=True)
    def known_people(self, people: list[PersonId]) -> OnRecord:
        """What the records know of these people. Raises ``ApplicationError`` while the database can't be reached."""
        with records_errors(), self._database.reading() as session:
            return leaving.on_record(session, people, datetime.now(UTC))
