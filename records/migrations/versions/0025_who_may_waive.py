"""Who may say of a task why there is no answer, and whom the separation of duties keeps from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; they are filled as tasks change."""
    op.add_column("tasks", sa.Column("may_waive", sa.JSON(), nullable=True))
    op.add_column("tasks", sa.Column("kept_from", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("tasks", "kept_from")
    op.drop_column("tasks", "may_waive")
