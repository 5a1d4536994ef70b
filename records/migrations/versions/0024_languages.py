"""The language that somebody has chosen themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen one yet."""
    op.add_column("people", sa.Column("language_choice", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("people", "language_choice")
