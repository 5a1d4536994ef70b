"""Importing what learning needs: profiles, the catalogue, and the levels people were found to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from domain.core.yaml_text import MOST_BYTES as MOST_YAML
from domain.learning.catalogue import Catalogue
from records.database import Database
from records.imports.core.csv_text import MOST_BYTES as MOST_CSV
from records.imports.core.csv_text import kind_of
from records.imports.core.date_cells import DayOrder
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.esco import read_esco
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.onet import read_onet
from records.imports.learning.profiles_own import read_profiles_csv, read_profiles_yaml
from records.imports.learning.published import letters
from records.imports.learning.report import ProfilesReport
from records.imports.learning.storing import store_catalogue, store_levels, store_profiles
from records.queries.learning import learning
from service.core.importing import Imported, import_checked, look, may_store, people_known

HEAD = 4096
"""So many bytes of a file tell its format."""


class ProfileFormat(StrEnum):
    """How profiles can come."""

    YAML = "yaml"
    CSV = "csv"
    ONET = "onet"
    ESCO = "esco"


def format_of(file: Path) -> ProfileFormat | None:
    """The format by the columns at the head of a file, or else by its name; none where neither tells."""
    with file.open("rb") as content:
        head = content.read(HEAD)
    if kind_of(head) is not None:
        return ProfileFormat.CSV  # whose reader says what it is instead, and what to do
    columns = letters(head.decode(errors="ignore").partition("\n")[0])
    if letters("O*NET-SOC Code") in columns:
        return ProfileFormat.ONET
    if letters("occupationUri") in columns:
        return ProfileFormat.ESCO
    by_name = {".csv": ProfileFormat.CSV, ".yaml": ProfileFormat.YAML, ".yml": ProfileFormat.YAML}
    return by_name.get(file.suffix.lower())


def import_profiles(
    database: Database,
    files: Sequence[Path],
    file_format: ProfileFormat,
    *,
    titles: Path | None = None,
    skills: Path | None = None,
    occupations: Path | None = None,
    clean_only: bool = False,
    store: bool = True,
) -> Imported:
    """Import what roles ask for.

    Of O*NET may be several ``files``, and ``titles``; of ESCO, ``skills`` and ``occupations``, its names of these.
    Unless ``store``, they are only read, to say what they would change.
    """
    first = files[0]
    if file_format is ProfileFormat.ONET:
        report = read_onet(files, titles)
    elif file_format is ProfileFormat.ESCO:
        report = read_esco(first, occupations=occupations, skills=skills)
    else:
        report = _read_own(first, file_format)
    if not may_store(report, clean_only):
        return Imported(report)
    if not store:
        return Imported(report, foreseen=look(database, report, store_profiles, clean_only=clean_only))
    with database.session() as session:
        return Imported(report, store_profiles(session, report, clean_only=clean_only))


def _read_own(file: Path, file_format: ProfileFormat) -> ProfilesReport:
    """Profiles of one's own; of a file that is too large so much that its reader can tell."""
    with file.open("rb") as content:
        if file_format is ProfileFormat.CSV:
            return read_profiles_csv(content.read(MOST_CSV + 1))
        return read_profiles_yaml(content.read(MOST_YAML + 1), file.name)


def import_catalogue(
    database: Database, content: bytes, name: str, *, clean_only: bool = False, store: bool = True
) -> Imported:
    """Import trainings and certificates from the YAML file of this ``name``; unless ``store``, only read it, and
    say what it would change."""
    now = datetime.now(UTC)
    return import_checked(
        database,
        _Known.of,
        lambda known: read_catalogue(
            content, name, people=known.people, profiles=known.profiles, present=known.catalogue, now=now
        ),
        store_catalogue,
        clean_only=clean_only,
        store=store,
    )


@dataclass(frozen=True)
class _Known:
    """What a catalogue may name, and what is on offer already."""

    people: set[str]
    profiles: set[str]
    catalogue: Catalogue

    @classmethod
    def of(cls, session: Session) -> _Known:
        profiles = {profile.id for profile in learning.profiles(session)}
        return cls(people_known(session), profiles, learning.catalogue(session))


def import_levels(
    database: Database, content: bytes, day_order: DayOrder = "iso", *, clean_only: bool = False, store: bool = True
) -> Imported:
    """Import the levels people were found to have from a CSV file; unless ``store``, only read it, and say what it
    would change."""
    return import_checked(
        database,
        people_known,
        lambda people: read_levels(content, known=people, day_order=day_order),
        store_levels,
        clean_only=clean_only,
        store=store,
    )
