"""Who people are, by the records, and who may start something."""

from __future__ import annotations

from collections.abc import Iterable

from domain.core.model import PersonId
from domain.core.people import Role
from records.database import Database, RecordsError
from records.queries.core import people as in_records
from service.core.errors import CantStart


def check_known(database: Database, people: Iterable[str | None]) -> None:
    """Raise ``Unknown`` for the first of these people the records do not have; None is nobody."""
    with database.reading() as session:
        for person in people:
            if person is not None:
                in_records.person(session, person)


def names_of(database: Database, people: Iterable[str | None]) -> dict[str, str]:
    """The names of people by id; of none where the records can't be used now, because ids say enough."""
    try:
        with database.reading() as session:
            return dict(in_records.names(session, [person for person in people if person]))
    except RecordsError:
        return {}


def check_starter(role: Role, started_by: PersonId) -> None:
    """Refuse to start a case around a role for anybody but its HR. Raises :class:`CantStart`."""
    if started_by not in (role.hr, role.hr_lead):
        raise CantStart(
            f"{started_by} can't start a case in {role.id}: it is for HR ({role.hr}) or head of HR ({role.hr_lead})",
            "forbidden",
        )
