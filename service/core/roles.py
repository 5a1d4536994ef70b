"""The roles there are."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.model import RoleId
from records.database import Database
from records.queries.core import people as in_records


def all_roles(database: Database) -> Mapping[RoleId, str]:
    """What each role is called, by id: ``Data analyst (DATA1)``."""
    with database.reading() as session:
        return {role.id: f"{role.title} ({role.id})" for role in in_records.roles(session)}
