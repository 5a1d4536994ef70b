"""What the clock of each case shows at least; and when somebody who is away is to be back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcInstant

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases on record have told of their tasks last."""
    op.add_column("cases", sa.Column("told_at", UtcInstant(), nullable=True))
    op.add_column("leaves", sa.Column("planned_back", sa.Date(), nullable=True))
    op.execute(
        "UPDATE cases SET told_at = (SELECT max(tasks.at) FROM tasks WHERE tasks.case_id = cases.case_id) "
        "WHERE EXISTS (SELECT 1 FROM tasks WHERE tasks.case_id = cases.case_id AND tasks.at > cases.at)"
    )
    op.execute("UPDATE cases SET told_at = at WHERE told_at IS NULL")
    op.create_index("ix_cases_told_at", "cases", ["told_at"])


def downgrade() -> None:
    """Without either."""
    op.drop_index("ix_cases_told_at", "cases")
    op.drop_column("leaves", "planned_back")
    op.drop_column("cases", "told_at")
