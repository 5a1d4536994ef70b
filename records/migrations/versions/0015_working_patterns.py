"""What people work: patterns of hours by weekday, or a share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; whoever is on record works full time, as far as anybody has said."""
    op.add_column("people", sa.Column("working_pattern", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("people", "working_pattern")
