"""What boards look for cases by: programme with stage, and cohort; and open tasks by when they are due."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_cases_programme_stage", "cases", ["programme", "stage"])
    op.create_index("ix_cases_cohort", "cases", ["cohort"])
    op.create_index("ix_tasks_state_due_at", "tasks", ["state", "due_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_tasks_state_due_at", "tasks")
    op.drop_index("ix_cases_cohort", "cases")
    op.drop_index("ix_cases_programme_stage", "cases")
