"""Importing roles, with what nobody could answer in placements in them."""

from __future__ import annotations

from domain.placement.duties import impossible_in
from records.database import Database
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from service.core.importing import Imported, importing, may_store, people_known


def import_roles(
    database: Database, content: bytes, name: str, *, clean_only: bool = False, store: bool = True
) -> Imported:
    """Import roles from the YAML file of this ``name``; unless ``store``, only read it."""
    with importing(database) as session:
        report = read_roles(content, name, known=people_known(session), notes_on=impossible_in)
        stored = store_roles(session, report, clean_only=clean_only) if may_store(report, clean_only, store) else None
    return Imported(report, stored)
