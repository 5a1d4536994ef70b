"""Stages are counted as they come: adverse impact goes by it, and one that comes late takes no step of five apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; those that are there are counted in the order in which they were entered, by which it went."""
    op.add_column("stages", sa.Column("arrived", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE stages SET arrived = counted.place FROM "
        "(SELECT case_id, n, ROW_NUMBER() OVER (ORDER BY at, case_id, n) AS place FROM stages) AS counted "
        "WHERE stages.case_id = counted.case_id AND stages.n = counted.n"
    )
    op.create_index("ix_stages_arrived", "stages", ["arrived"])
    op.create_index("ix_pulses_arrived", "pulses", ["arrived"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_pulses_arrived", table_name="pulses")
    op.drop_index("ix_stages_arrived", table_name="stages")
    op.drop_column("stages", "arrived")
