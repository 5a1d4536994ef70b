"""The time zone of each case and cohort, in which people read its dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns; of the cases there are, from their roles."""
    op.add_column("cases", sa.Column("time_zone", sa.String(), nullable=True))
    op.add_column("cohorts", sa.Column("time_zone", sa.String(), nullable=True))
    op.execute("UPDATE cases SET time_zone = (SELECT time_zone FROM roles WHERE roles.id = cases.role)")
    op.execute("UPDATE cohorts SET time_zone = (SELECT min(time_zone) FROM cases WHERE cases.cohort = cohorts.cohort)")


def downgrade() -> None:
    """Drop them."""
    op.drop_column("cohorts", "time_zone")
    op.drop_column("cases", "time_zone")
