"""Which sessions began by an account of which somebody said whose it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody knows it of those that have begun: with a provider, whoever has a duty signs in again."""
    op.add_column("sessions", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("sessions", "by_hand")
