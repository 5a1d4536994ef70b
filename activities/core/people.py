"""Who is in the HR records: workflows can't look."""

from __future__ import annotations

from temporalio import activity

from activities.core.journal import records_errors
from domain.core.model import PersonId
from records.database import Database
from records.queries.core import people as known


class PeopleActivities:
    """Looks people up in the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="known_people", no_thread_cancel_exception=True)
    def known_people(self, people: list[PersonId]) -> list[PersonId]:
        """Those of these people whom the records know. Raises ``ApplicationError`` while the database is away."""
        with records_errors(), self._database.reading() as session:
            on_record = known.names(session, people)
        return [person for person in people if person in on_record]
