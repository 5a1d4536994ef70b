"""Hours that were spent on the trainings of paths."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

HUNDREDTHS = sa.Numeric(14, 2).with_variant(sa.String(17), "sqlite")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "learning_hours",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("training", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("hours", HUNDREDTHS, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "key", name="pk_learning_hours"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("learning_hours")
