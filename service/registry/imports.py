"""Importing what HR keeps elsewhere: checked first, then stored as a whole, or its clean entries only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.core.access import Action
from domain.core.yaml_text import MOST_BYTES as MOST_YAML
from records.database import Database
from records.imports.core.csv_text import MOST_BYTES as MOST_CSV
from records.imports.core.date_cells import DayOrder
from service.core.errors import Refused
from service.core.importing import Imported, import_people
from service.learning.importing import ProfileFormat, format_of, import_catalogue, import_levels, import_profiles
from service.placement.importing import import_roles


class ImportKind(StrEnum):
    """What a file is of."""

    PEOPLE = "people"
    ROLES = "roles"
    PROFILES = "profiles"
    CATALOGUE = "catalogue"
    SKILLS = "skills"


RIGHTS: Mapping[ImportKind, Action] = {
    ImportKind.PEOPLE: Action.IMPORT_PEOPLE,
    ImportKind.ROLES: Action.IMPORT_ROLES,
    ImportKind.PROFILES: Action.IMPORT_LEARNING,
    ImportKind.CATALOGUE: Action.IMPORT_LEARNING,
    ImportKind.SKILLS: Action.IMPORT_LEARNING,
}
"""What each takes the right to."""

MOST_BYTES: Mapping[ImportKind, int] = {
    ImportKind.PEOPLE: MOST_CSV,
    ImportKind.ROLES: MOST_YAML,
    ImportKind.PROFILES: MOST_CSV,
    ImportKind.CATALOGUE: MOST_YAML,
    ImportKind.SKILLS: MOST_CSV,
}
"""The largest file of each."""

OWN = (ProfileFormat.YAML, ProfileFormat.CSV)
"""Of what is published (O*NET, ESCO), several large files go together: those are for the command line."""


def import_file(
    database: Database,
    kind: ImportKind,
    name: str,
    content: bytes,
    day_order: DayOrder = "iso",
    *,
    clean_only: bool = False,
    store: bool,
) -> Imported:
    """What is in a file and what is wrong with it; unless ``store``, nothing changes, and what would is said.

    Raises :class:`Refused` for profiles that are in no format of one's own.
    """
    match kind:
        case ImportKind.PEOPLE:
            return import_people(database, content, clean_only=clean_only, store=store)
        case ImportKind.ROLES:
            return import_roles(database, content, name, clean_only=clean_only, store=store)
        case ImportKind.PROFILES:
            return _profiles(database, name, content, clean_only=clean_only, store=store)
        case ImportKind.CATALOGUE:
            return import_catalogue(database, content, name, clean_only=clean_only, store=store)
        case ImportKind.SKILLS:
            return import_levels(database, content, day_order, clean_only=clean_only, store=store)


def check_own(kind: ImportKind, name: str, content: bytes) -> None:
    """Raise :class:`Refused` for profiles that are in no format of one's own."""
    if kind is ImportKind.PROFILES:
        with _as_file(name, content) as file:
            _own_format(file, name)


def _own_format(file: Path, name: str) -> ProfileFormat:
    if (found := format_of(file)) not in OWN:
        raise Refused(f"{name}: must be a CSV or YAML file of your own profiles", "invalid")
    return found


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    with TemporaryDirectory(prefix="waymark-") as directory:
        file = Path(directory) / (re.sub(r"[^\w. -]", "_", name).lstrip(".") or "file")
        file.write_bytes(content)
        yield file


def _profiles(database: Database, name: str, content: bytes, *, clean_only: bool, store: bool) -> Imported:
    with _as_file(name, content) as file:
        return import_profiles(database, [file], _own_format(file, name), clean_only=clean_only, store=store)
