"""Pulses are counted as they come: the means of steps of five go by it, and one that comes late takes none apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; those that are there are counted in the order in which they were shown until now."""
    op.add_column("pulses", sa.Column("arrived", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE pulses SET arrived = counted.place FROM "
        "(SELECT case_id, n, ROW_NUMBER() OVER (ORDER BY at, case_id, n) AS place FROM pulses) AS counted "
        "WHERE pulses.case_id = counted.case_id AND pulses.n = counted.n"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("pulses", "arrived")
