"""Accounts know by which mail address they were linked: once that is their person's no more, they count no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody knows by which address the accounts there are were linked: each is known by its address once more."""
    op.add_column("accounts", sa.Column("address", sa.String(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("accounts", "address")
