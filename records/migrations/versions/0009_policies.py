"""What the policies say that cases were started with, by id and version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "policies",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("label", name="pk_policies"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("policies")
