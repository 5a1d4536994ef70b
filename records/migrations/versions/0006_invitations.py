"""How people were invited to what is still to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "invitations",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("organizer", sa.String(), nullable=False),
        sa.Column("organizer_address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("uid", "person", name="pk_invitations"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("invitations")
