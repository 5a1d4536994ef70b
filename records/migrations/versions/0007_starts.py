"""Cases that somebody set out to start, so that one person has no two of them unawares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "starts",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("beside", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_starts"),
    )
    op.create_index("ix_starts_person", "starts", ["person"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("starts")
