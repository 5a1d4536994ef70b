"""When what somebody was invited to is over, so that nothing of it has to be kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add case and end; of invitations from before neither is known."""
    with op.batch_alter_table("invitations") as table:
        table.add_column(sa.Column("case_id", sa.String(), nullable=True))
        table.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_invitations_case_id", ["case_id"])


def downgrade() -> None:
    """Drop both."""
    with op.batch_alter_table("invitations") as table:
        table.drop_index("ix_invitations_case_id")
        table.drop_column("ends_at")
        table.drop_column("case_id")
