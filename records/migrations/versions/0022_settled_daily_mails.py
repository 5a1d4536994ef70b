"""Daily mails are settled with their words before they are sent; and since when somebody has chosen them is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make table and column.

    A mail that is on its way has no words on record, and may have gone out: its Message-ID is never given to others,
    and what was to go with it is told on the next morning.
    """
    op.create_table(
        "daily_mails",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_daily_mails"),
    )
    op.add_column("people", sa.Column("daily_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE held_mails SET daily = NULL")
    op.execute("UPDATE mails SET status = 'dropped' WHERE status = 'sending'")


def downgrade() -> None:
    """Drop them."""
    op.drop_column("people", "daily_since")
    op.drop_table("daily_mails")
