"""Sessions end with the mail address they began by, and people are told that an address of theirs was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody knows by which address the sessions there are began: they end when they would have ended."""
    op.add_column("sessions", sa.Column("address", sa.String(), nullable=True))
    op.create_table(
        "address_changes",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("n", name="pk_address_changes"),
    )
    op.create_index("ix_address_changes_person", "address_changes", ["person"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("address_changes")
    op.drop_column("sessions", "address")
