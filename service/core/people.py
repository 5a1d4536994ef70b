"""Who people are, by the records, and who may start something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from domain.core.model import PersonId
from domain.core.people import Named, Role, who_left
from domain.core.sentences import Violation
from records.database import Database
from records.errors import RecordsError
from records.queries import leaving
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from service.core.errors import CantStart, NamesWhoLeft, Refused


def check_known(database: Database, people: Iterable[str | None]) -> None:
    """Raise ``Unknown`` for the first of these people the records do not have; None is nobody.

    Raises :class:`Refused` where one of them has left the company.
    """
    named = [person for person in people if person is not None]
    with database.reading() as session:
        for person in named:
            in_records.person(session, person)
        left = leaving.on_record(session, named, datetime.now(UTC))
    for person in left.left:
        raise Refused(left.left_in_words(person), "forbidden")


def check_all_here(database: Database, named: Named) -> None:
    """Raise :class:`NamesWhoLeft` where a start names somebody who has left the company, by the fields that do."""
    with database.reading() as session:
        found = leaving.on_record(session, [person for _, person in named], datetime.now(UTC))
    if left := who_left(named, found.left):
        raise NamesWhoLeft([Violation((field,), "value_error", sentence, None) for field, sentence in left])


def names_of(database: Database, people: Iterable[str | None]) -> dict[str, str]:
    """The names of people by id; of none where the records can't be used now, because ids say enough."""
    try:
        with database.reading() as session:
            return dict(in_records.names(session, [person for person in people if person]))
    except RecordsError:
        return {}


def check_starter(database: Database, role: Role, started_by: PersonId) -> None:
    """Refuse to start a case around a role for anybody but its HR. Raises :class:`CantStart`.

    That are those whom the role names, and whoever was granted it.
    """
    if started_by in (role.hr, role.hr_lead):
        return
    with database.reading() as session:
        granted = in_access.hr_of(session, started_by, role.id)
    if not granted:
        raise CantStart(
            f"{started_by} can't start a case in {role.id}: it is for HR ({role.hr}) or head of HR ({role.hr_lead})",
            "forbidden",
        )
