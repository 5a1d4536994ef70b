"""Connections to the HR database: a SQLite file, or PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from records.errors import RecordsUnreachable

WAIT_FOR_LOCK_SECONDS = 20
"""How long a SQLite writer waits for another; less than the half minute an activity is given."""

CONNECT_SECONDS = 10

CONNECTIONS, MORE = 5, 10
"""So many connections of a process are kept, once they were needed, and so many more opened for a moment: to open one
takes as long as several questions. Whoever comes then waits."""

READING = "waymark_reading"
"""The option of a connection that only reads."""

READ_ONLY = {READING: True, "postgresql_readonly": True}

LOCKED, PRIMARY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), 0xFF
"""SQLite's codes for what another connection has locked; the rest of a code says why."""


def parse(url: str) -> URL:
    """The URL of a database of a kind that we know. Raises :class:`RecordsUnreachable` for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise RecordsUnreachable("the URL of the records database can't be read") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise RecordsUnreachable(
        f"the records database can't be {parsed.drivername}: give sqlite:///path or "
        "postgresql://user:password@host:port/database"
    )


def postgresql_engine(url: URL, connections: int) -> Engine:
    """Connections to PostgreSQL: each is looked at before it is used again."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=MORE,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "waymark"},
    )


def sqlite_engine(url: URL, connections: int) -> Engine:
    """Connections to a SQLite file: a transaction is the only writer from its beginning, or only reads."""
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=MORE,
        hide_parameters=True,
        connect_args={"timeout": WAIT_FOR_LOCK_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # or a REPLACE could delete without the triggers

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(READING, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {int(reading)}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def switch_to_wal(engine: Engine) -> None:
    """Let readers and a writer work at the same time. The file remembers it, so it is done once.

    SQLite does not wait for the lock it needs for that, so we do.
    """
    until = time.monotonic() + WAIT_FOR_LOCK_SECONDS
    with engine.connect() as connection:
        cursor = connection.connection.cursor()  # by itself, because a connection of the engine begins a transaction
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
            except sqlite3.DatabaseError as error:
                if time.monotonic() > until or error.sqlite_errorcode & PRIMARY not in LOCKED:
                    raise DBAPIError.instance(None, None, error, sqlite3.Error) from error
                time.sleep(0.05)
            else:
                return
