"""Importing roles, with what nobody could answer in placements in them."""

from __future__ import annotations

from functools import partial

from domain.placement.duties import impossible_in
from records.database import Database
from records.imports.core.people_and_roles import store_roles
from records.imports.core.roles_yaml import read_roles
from service.core.importing import Imported, import_checked, people_known


def import_roles(
    database: Database, content: bytes, name: str, *, clean_only: bool = False, store: bool = True
) -> Imported:
    """Import roles from the YAML file of this ``name``; unless ``store``, only read it."""
    return import_checked(
        database,
        people_known,
        lambda people: read_roles(content, name, known=people, notes_on=impossible_in),
        partial(store_roles, clean_only=clean_only),
        clean_only=clean_only,
        store=store,
    )
