"""Importing: a file as a whole, or its clean entries only where that is wanted; or only what that would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain.core.model import PersonId
from domain.core.people import Person
from records.database import Database, lock
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportReport, PeopleReport, Stored
from records.queries.core import people as in_records
from records.queries.leaving import left_by

IMPORTS = "imports"
"""The lock of whoever imports: what a file was read against does not change until it is stored."""

K = TypeVar("K")
R = TypeVar("R", bound=ImportReport)
Read = TypeVar("Read", bound=ImportReport, contravariant=True)


class Save(Protocol[Read]):
    """Stores what was read; unless ``write``, says what that would change."""

    def __call__(self, session: Session, report: Read, /, *, clean_only: bool, write: bool) -> Stored: ...


@dataclass(frozen=True)
class Imported:
    """What a file holds and what is wrong with it, and what was ``stored``: none where nothing was.

    ``foreseen`` is what storing it would change, where it was only looked at and could be.
    """

    report: ImportReport
    stored: Stored | None = None
    foreseen: Stored | None = None


def import_checked(
    database: Database,
    known: Callable[[Session], K],
    read: Callable[[K], R],
    save: Save[R],
    *,
    clean_only: bool,
    store: bool,
) -> Imported:
    """Read a file against what is ``known`` on record, and ``save`` what is in it, or look what that would change.

    Whatever is read, and looked at, nobody who writes has to wait for it: that is done before any transaction that
    writes. Where what is known has changed by then, the file is read once more, within it.
    """
    with database.reading() as session:
        before = known(session)
    report = read(before)
    if not may_store(report, clean_only):
        return Imported(report)
    if not store:
        return Imported(report, foreseen=look(database, report, save, clean_only=clean_only))
    with database.session() as session:
        lock(session, IMPORTS)
        now = known(session)
        report = report if now == before else read(now)
        if not may_store(report, clean_only):
            return Imported(report)
        return Imported(report, save(session, report, clean_only=clean_only, write=True))


def look(database: Database, report: R, save: Save[R], *, clean_only: bool) -> Stored:
    """What storing what was read would change."""
    with database.reading() as session:
        return save(session, report, clean_only=clean_only, write=False)


def may_store(report: ImportReport, clean_only: bool) -> bool:
    """Whether anything of a file can be stored: where nothing is wrong, or the clean entries are wanted anyhow."""
    return report.usable and (report.clean or clean_only)


class _Known(NamedTuple):
    """What a file of people is read against: who is on record, and who of them has left the company."""

    present: list[Person]
    left: dict[PersonId, date]


def _known(session: Session) -> _Known:
    return _Known(in_records.people(session), left_by(session, datetime.now(UTC)))


def import_people(database: Database, content: bytes, *, clean_only: bool = False, store: bool = True) -> Imported:
    """Import people from a CSV file; unless ``store``, only read it, and say what it would change.

    Whose manager has left the company is told: nothing can begin for them.
    """

    def read(known: _Known) -> PeopleReport:
        return read_people(content, {person.id for person in known.present}, known.present, known.left)

    return import_checked(
        database,
        _known,
        read,
        store_people,
        clean_only=clean_only,
        store=store,
    )


def people_known(session: Session) -> set[str]:
    """The ids of all people on record, which files may name."""
    return {person.id for person in in_records.people(session)}
