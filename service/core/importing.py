"""Importing people: a file as a whole, or its clean entries only where that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportReport, Stored
from records.queries.core import people as in_records


@dataclass(frozen=True)
class Imported:
    """What a file holds and what is wrong with it, and what was ``stored``: none where nothing was."""

    report: ImportReport
    stored: Stored | None


@contextmanager
def importing(database: Database) -> Iterator[Session]:
    """One transaction to read and store in, with the tables brought up to date: an import often comes first of all."""
    database.migrate()
    with database.session() as session:
        yield session


def may_store(report: ImportReport, clean_only: bool, store: bool) -> bool:
    """Whether anything of a file is to be stored: where that is wanted and nothing is wrong, or the clean entries are
    wanted anyhow."""
    return store and report.usable and (report.clean or clean_only)


def import_people(database: Database, content: bytes, *, clean_only: bool = False, store: bool = True) -> Imported:
    """Import people from a CSV file; unless ``store``, only read it."""
    with importing(database) as session:
        present = in_records.people(session)
        report = read_people(content, known={person.id for person in present}, present=present)
        stored = store_people(session, report, clean_only=clean_only) if may_store(report, clean_only, store) else None
    return Imported(report, stored)


def people_known(session: Session) -> set[str]:
    """The ids of all people on record, which files may name."""
    return {person.id for person in in_records.people(session)}
