"""Where mail reaches somebody who is not employed yet, or no more; and which address a mail went to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of mails and invitations from before, nobody knows it."""
    op.add_column("people", sa.Column("private_email", sa.String(), nullable=True))
    op.add_column("mails", sa.Column("reach", sa.String(), nullable=True))
    op.add_column("invitations", sa.Column("reach", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("invitations", "reach")
    op.drop_column("mails", "reach")
    op.drop_column("people", "private_email")
