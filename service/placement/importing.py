"""Importing roles, with what nobody could answer in placements in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from domain.core.model import PersonId
from domain.core.people import Role
from domain.placement.duties import notes_on as of_duties
from records.database import Database
from records.imports.core.people_and_roles import store_roles
from records.imports.core.report import RolesReport
from records.imports.core.roles_yaml import read_roles
from records.queries.leaving import left_by
from service.core.importing import Imported, import_checked, people_known


class _Known(NamedTuple):
    """What a file of roles is read against: the people on record, and who of them has left the company."""

    people: set[PersonId]
    left: dict[PersonId, date]


def _known(session: Session) -> _Known:
    return _Known(people_known(session), left_by(session, datetime.now(UTC)))


def import_roles(
    database: Database, content: bytes, name: str, *, clean_only: bool = False, store: bool = True
) -> Imported:
    """Import roles from the YAML file of this ``name``; unless ``store``, only read it, and say what it would change.

    Whom a role names who has left the company is told: nothing can begin in it.
    """

    def read(known: _Known) -> RolesReport:
        def notes_on(role: Role) -> list[str]:
            return [*role.left_in_words(known.left), *of_duties(role)]

        return read_roles(content, name, known=known.people, notes_on=notes_on)

    return import_checked(
        database,
        _known,
        read,
        store_roles,
        clean_only=clean_only,
        store=store,
    )
