"""The history of the tables, as Alembic migrations.

A new one, from a checkout with a migrated database::

    with database.engine.begin() as connection:
        alembic.command.revision(configuration(connection), message="what changes", autogenerate=True)

Migrations spell out their columns instead of using those of :mod:`records.tables`, which go on changing.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for what is done on this connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables up to a version, within the transaction of this connection."""
    command.upgrade(configuration(connection), to)


def downgrade(connection: Connection, to: str) -> None:
    """Take the tables back to a version; ``base`` drops them all, with what is in them."""
    command.downgrade(configuration(connection), to)
