"""One mail a day: who has chosen it, what waits for it, and which mails went with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make table and columns; everybody gets each mail by itself, as before."""
    op.add_column("people", sa.Column("mail_choice", sa.String(), nullable=False, server_default="each"))
    op.add_column("mails", sa.Column("daily", sa.String(), nullable=True))
    op.create_table(
        "held_mails",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.Column("daily", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("n", name="pk_held_mails"),
        sa.UniqueConstraint("message_id", name="uq_held_mails_message_id"),
    )
    op.create_index("ix_held_mails_person", "held_mails", ["person"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_held_mails_person", "held_mails")
    op.drop_table("held_mails")
    op.drop_column("mails", "daily")
    op.drop_column("people", "mail_choice")
