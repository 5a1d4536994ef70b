"""How we get at the HR database: a SQLite file, or PostgreSQL by its URL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from records.engines import (
    CONNECTIONS,
    READ_ONLY,
    WAIT_FOR_LOCK_SECONDS,
    parse,
    postgresql_engine,
    sqlite_engine,
    switch_to_wal,
)
from records.errors import MAKES, RecordsRefused, RecordsUnreachable, in_one_line, is_of_other_tables
from records.seal_files import SealFiles, SealFilesError

SEAL_FILES, AFTER_COMMIT = "seal_files", "after_commit"
"""What a session knows: the files of the seals (see :mod:`records.ledger`), and what to do once it is committed."""


class Database:
    """The HR database at ``sqlite:///path`` or ``postgresql://user:password@host:port/database``.

    Thread-safe. Connects when first used, so making one neither waits nor fails for a server that can't be reached;
    raises :class:`RecordsUnreachable` for a URL that names no database we know. ``seals`` are the files of what it
    seals; without, those in ``issuer`` beside a SQLite file, as by the settings' defaults. So many ``connections`` are
    kept.
    """

    def __init__(self, url: str, seals: SealFiles | None = None, *, connections: int = CONNECTIONS) -> None:
        self._url = parse(url)
        self._seals = seals or (self._seals_by_the_file() if self.is_sqlite else None)
        self._engine = (sqlite_engine if self.is_sqlite else postgresql_engine)(self._url, connections)
        self._reader = self._engine.execution_options(**READ_ONLY)
        self._writing = threading.Lock()

    def _seals_by_the_file(self) -> SealFiles:
        directory = Path(self._url.database or "").parent / "issuer"
        return SealFiles(directory / "seal.key", directory / "seals.jsonl")

    @property
    def seals(self) -> SealFiles:
        """The files of the seals. Raises :class:`RecordsRefused` where none were named."""
        if self._seals is None:
            raise RecordsRefused(f"for the records database {self.shown} no key of seals was named")
        return self._seals

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self._url.difference_update_query(["password"]).render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, for what a session does not do."""
        return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end, or undone whole when an exception leaves it.

        On SQLite it is the only writer from its beginning. Database errors come out as :class:`RecordsError`, and so
        does what keeps seals from being made or copied.
        """
        self._check_there()
        with self._explained():
            with self._turn(), self._session(self._engine) as session:
                yield session
            if after_commit := session.info.get(AFTER_COMMIT):
                after_commit(self)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads, and never waits for a writer."""
        self._check_there()
        with self._explained(), self._session(self._reader) as session:
            yield session

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Of the threads that want to write to a SQLite file, one at a time.

        SQLite itself lets the others look again every now and then: with sixteen, the last waits many times as long.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=WAIT_FOR_LOCK_SECONDS):
            raise RecordsUnreachable(f"the records database {self.shown} can't be used now: database is locked")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        info = {SEAL_FILES: lambda: self.seals}
        with Session(engine, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date, making the file (and its directory) if there is none.

        Several workers may do so at once: the first does the work, the others wait for it. Raises
        :class:`RecordsRefused` for tables of a later version, for those that are not as earlier versions made them, and
        where what is in them stands in the way.
        """
        from records.migrations import (  # Alembic is slow to import, and few commands migrate
            FromTheFuture,
            StandsInTheWay,
            upgrade,
        )

        try:
            with self._explained():
                if self.is_sqlite:
                    self._make_directory()
                    switch_to_wal(self._engine)
                with self._engine.begin() as connection:
                    lock(connection, "migrate")
                    with self._made_by_us():
                        upgrade(connection, seals=lambda: self.seals)
        except FromTheFuture as error:
            raise RecordsRefused(f"the records database {self.shown} is of a later version than this code") from error
        except StandsInTheWay as error:
            raise RecordsRefused(f"the records database {self.shown} can't be brought up to date: {error}") from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _check_there(self) -> None:
        """Raise :class:`RecordsUnreachable` for a SQLite file that is not there, which SQLite would make, empty."""
        if self.is_sqlite and not Path(self._url.database or "").exists():
            raise RecordsUnreachable(f"there are no records in {self.shown} yet: {MAKES}")

    def _make_directory(self) -> None:
        try:
            Path(self._url.database or "").parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordsUnreachable(f"no directory for the records database {self.shown}: {error.strerror}") from error

    @contextmanager
    def _made_by_us(self) -> Iterator[None]:
        """What doesn't fit the tables of a migration is no reason to migrate."""
        try:
            yield
        except DBAPIError as error:
            if not is_of_other_tables(error):
                raise
            raise RecordsRefused(
                f"the records database {self.shown} has tables of another program, or some that were changed by hand: "
                "it can't be brought up to date"
            ) from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeout) as error:
            raise in_one_line(error, self.shown) from error
        except SealFilesError as error:
            raise RecordsUnreachable(str(error)) from error


def lock(transaction: Session | Connection, name: str) -> None:
    """Wait until no other transaction holds this lock, and hold it until this one ends.

    SQLite needs none: there a transaction that may write is the only one.
    """
    connection = transaction.connection() if isinstance(transaction, Session) else transaction
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"waymark {name}", 0))))


def lock_rows(session: Session, table: str) -> None:
    """Be the only one who writes rows of this table that others write too, until this transaction ends.

    Whoever writes several such rows would else wait for somebody who waits for them. It comes before any row is
    written, and before the lock of the seals, which are written after all rows.
    """
    lock(session, f"rows of {table}")
