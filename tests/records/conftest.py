"""Databases to test on: a SQLite file and PostgreSQL. Each test gets a new one, and runs on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.database import Database
from records.seal_files import SealFiles
from tests.migrated import new_records
from tests.postgresql import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, postgresql: Server) -> Iterator[str]:
    """The URL of an empty database; for a test that asks for a ``database`` too, of one with all tables.

    It is dropped afterwards: hundreds of them would take minutes to be written.
    """
    migrated = "database" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "new" / "records.db"
        if migrated:
            new_records(file).close()
        yield f"sqlite:///{file}"
        return
    with postgresql.new_database(migrated=migrated) as url:
        yield url


@pytest.fixture
def files(tmp_path: Path) -> SealFiles:
    """Files of seals that are not there yet."""
    return SealFiles(tmp_path / "issuer" / "seal.key", tmp_path / "issuer" / "seals.jsonl")


@pytest.fixture
def database(url: str, files: SealFiles) -> Iterator[Database]:
    """A migrated database with nothing in it."""
    database = Database(url, files)
    yield database
    database.close()
