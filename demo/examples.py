"""The people, roles, profiles, catalogue and levels of ``examples/``."""

from __future__ import annotations

from engine.settings import ROOT
from records.database import Database
from records.imports.core.report import Stored
from service.core.importing import Imported, import_people
from service.learning.importing import ProfileFormat, import_catalogue, import_levels, import_profiles
from service.placement.importing import import_roles

EXAMPLES = ROOT / "examples"


def import_examples(database: Database) -> list[Stored]:
    """Import all of them, the tables brought up to date; what became of each kind."""
    database.migrate()
    imported = [
        import_people(database, _content("people.csv")),
        import_roles(database, _content("roles.yaml"), "roles.yaml"),
        import_profiles(database, [EXAMPLES / "profiles.yaml"], ProfileFormat.YAML),
        import_catalogue(database, _content("catalogue.yaml"), "catalogue.yaml"),
        import_levels(database, _content("skills.csv")),
    ]
    return [_stored(file) for file in imported]


def _stored(imported: Imported) -> Stored:
    assert imported.stored is not None, imported.report
    return imported.stored


def _content(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()
