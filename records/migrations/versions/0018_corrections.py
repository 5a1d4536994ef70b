"""Tasks of which somebody says that they are not theirs, and tasks that ask an answered one once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; of no task from before there is anything to say."""
    op.add_column("tasks", sa.Column("not_theirs", sa.JSON(), nullable=True))
    op.add_column("tasks", sa.Column("reopens", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("tasks", "reopens")
    op.drop_column("tasks", "not_theirs")
