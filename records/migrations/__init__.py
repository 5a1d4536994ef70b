"""The history of the tables, as Alembic migrations.

A new one, from a checkout with a migrated database::

    with database.engine.begin() as connection:
        alembic.command.revision(configuration(connection), message="what changes", autogenerate=True)

Migrations spell out their columns instead of using those of :mod:`records.tables.core`, which go on changing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection

from records.seal_files import SealFiles


def configuration(connection: Connection, seals: Callable[[], SealFiles] | None = None) -> Config:
    """Alembic's configuration for what is done on this connection; ``seals`` for the migration that seals."""
    config = Config(attributes={"connection": connection, "seals": seals})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


_log = logging.getLogger(__name__)
_ONE_AT_A_TIME = Lock()
"""Alembic keeps the migration that is running in module variables, so a process runs one at a time."""


class FromTheFuture(Exception):
    """The tables are of a later version than this code."""


class StandsInTheWay(Exception):
    """What is in the tables keeps them from being brought up to date; the sentence says what, and what to do."""


def upgrade(connection: Connection, to: str = "head", *, seals: Callable[[], SealFiles]) -> None:
    """Bring the tables up to a version, within the transaction of this connection. ``seals`` are the files of seals.

    Raises :class:`FromTheFuture` when they are of a version that this code does not know, and :class:`StandsInTheWay`.
    """
    try:
        with _ONE_AT_A_TIME:
            before = _version(connection)
            command.upgrade(configuration(connection, seals), to)
            after = _version(connection)
    except CommandError as error:
        raise FromTheFuture(str(error)) from error
    if before != after:
        _log.info("tables of the records brought up to date", extra={"from_version": before, "to_version": after})


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def downgrade(connection: Connection, to: str) -> None:
    """Take the tables back to a version; ``base`` drops them all, with what is in them."""
    with _ONE_AT_A_TIME:
        command.downgrade(configuration(connection), to)
