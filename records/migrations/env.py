"""Run by Alembic, on the connection that :mod:`records.migrations` hands over."""

from __future__ import annotations

from alembic import context

from records.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_server_default=True,
)
context.run_migrations()
