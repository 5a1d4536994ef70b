"""Why a leave began and ended stands with its type, and not among the decisions, which others read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns."""
    op.add_column("leaves", sa.Column("reason", sa.String(), nullable=True))
    op.add_column("leaves", sa.Column("ended_because", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("leaves", "ended_because")
    op.drop_column("leaves", "reason")
