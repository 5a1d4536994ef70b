"""Which pay instruction another one corrects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; nothing was corrected before."""
    op.add_column("pay_instructions", sa.Column("corrects", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("pay_instructions", "corrects")
