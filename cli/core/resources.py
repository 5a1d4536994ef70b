"""What commands work with: the records, and Temporal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cli.core.errors import CommandError

if TYPE_CHECKING:
    from temporalio.client import Client

    from records.database import Database

T = TypeVar("T")

MOST_TEXT_BYTES = 4 * 2**20
"""No policy and no list of hosts is nearly as large."""


@contextmanager
def records() -> Iterator[Database]:
    """The records of this environment's settings, closed afterwards."""
    from engine.privacy import close_to_others
    from engine.settings import load_settings
    from records.database import Database
    from records.seal_files import SealFiles

    settings = load_settings()
    close_to_others(settings.data_dir)
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    try:
        yield database
    finally:
        database.close()


async def temporal() -> Client:
    """A client of this environment's Temporal server. Raises ``EngineUnreachable`` when none answers."""
    from engine.client import connect
    from engine.settings import load_settings

    return await connect(load_settings())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run what waits for Temporal."""
    return asyncio.run(work)


def read_bytes(file: Path, most: int) -> bytes:
    """What is in a file; of one that is too large only ``most`` bytes and one more, by which that can be told."""
    with file.open("rb") as opened:
        return opened.read(most + 1)


def read_given(file: Path, most: int) -> bytes:
    """The same, of standard input where the name says so."""
    from cli.core.options import STDIN

    return sys.stdin.buffer.read(most + 1) if file == STDIN else read_bytes(file, most)


def read_all(file: Path, most: int) -> bytes:
    """What is in a file. Raises :class:`CommandError` for one of more than ``most`` bytes, before it is read whole."""
    content = read_bytes(file, most)
    if len(content) > most:
        raise CommandError(f"{file.name} is larger than {most // 2**20} MiB", "invalid")
    return content


def read_text(file: Path) -> str:
    """The text of a file. Raises :class:`CommandError` when it is none, or larger than any that we take."""
    content = read_all(file, MOST_TEXT_BYTES)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CommandError(f"{file.name} is not UTF-8 text", "invalid") from None


def check_known(database: Database, people: Iterable[str | None]) -> None:
    """Raise ``Unknown`` for the first of these people the records do not have; None is nobody."""
    from records.queries.core import people as in_records

    with database.reading() as session:
        for person in people:
            if person is not None:
                in_records.person(session, person)


def names_of(people: Iterable[str | None]) -> dict[str, str]:
    """The names of people by id; of none where the records can't be used now, because ids say enough."""
    from records.database import RecordsError
    from records.queries.core import people as in_records

    try:
        with records() as database, database.reading() as session:
            return dict(in_records.names(session, [person for person in people if person]))
    except RecordsError:
        return {}
