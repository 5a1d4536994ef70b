"""What was planned of a placement at first, the last day of who left early, and sessions that never took place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcInstant

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

DAYS = ("planned_starts_on", "planned_ends_on", "left_on")


def upgrade() -> None:
    """Of cases on record nobody has told either; those that run do with what they tell next."""
    for day in DAYS:
        op.add_column("cases", sa.Column(day, sa.Date(), nullable=True))
    op.create_table(
        "missed_sessions",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("starts", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_missed_sessions"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("missed_sessions")
    for day in reversed(DAYS):
        op.drop_column("cases", day)
