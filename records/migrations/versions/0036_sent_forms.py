"""Forms that were sent in the console: the same one, sent twice, asks once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.String(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_sent_forms"),
    )
    op.create_index("ix_sent_forms_person", "sent_forms", ["person"])
    op.create_index("ix_sent_forms_at", "sent_forms", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sent_forms")
