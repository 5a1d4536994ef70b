"""Who leaves the company and when, who plays which part in each case, and how far a hand-over has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the tables."""
    op.add_column("people", sa.Column("left_on", sa.Date(), nullable=True))
    op.create_table(
        "parts",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("parts", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_parts"),
    )
    op.create_table(
        "departures",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("successor", sa.String(), nullable=True),
        sa.Column("successors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("handed", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_departures"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("departures")
    op.drop_table("parts")
    op.drop_column("people", "left_on")
