"""Who people are, by the records."""

from __future__ import annotations

from collections.abc import Iterable

from records.database import Database, RecordsError
from records.queries.core import people as in_records
from service.core.environment import records


def check_known(database: Database, people: Iterable[str | None]) -> None:
    """Raise ``Unknown`` for the first of these people the records do not have; None is nobody."""
    with database.reading() as session:
        for person in people:
            if person is not None:
                in_records.person(session, person)


def names_of(people: Iterable[str | None]) -> dict[str, str]:
    """The names of people by id; of none where the records can't be used now, because ids say enough."""
    try:
        with records() as database, database.reading() as session:
            return dict(in_records.names(session, [person for person in people if person]))
    except RecordsError:
        return {}
