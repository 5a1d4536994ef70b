"""Cohorts, and the headcount that conversions in a role take their place from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    op.add_column("roles", sa.Column("headcount", sa.String(), nullable=True))
    op.create_table(
        "cohorts",
        sa.Column("cohort", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("led_by", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at_risk", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("cohort", name="pk_cohorts"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("cohorts")
    op.drop_column("roles", "headcount")
