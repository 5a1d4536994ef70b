"""Indexes by which lists are read: who is late, what a case waits for, what was recommended, certificates, offers."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, wider ones in the place of some that were."""
    op.create_index("ix_tasks_case_id_state_at", "tasks", ["case_id", "state", "at"])
    op.create_index("ix_tasks_state_due_at_kind_case_id", "tasks", ["state", "due_at", "kind", "case_id"])
    op.drop_index("ix_tasks_case_id", "tasks")
    op.drop_index("ix_tasks_state_due_at", "tasks")
    op.drop_index("ix_tasks_state", "tasks")
    op.create_index("ix_decisions_what_at", "decisions", ["what", "at"])
    op.create_index("ix_credentials_case_id", "credentials", ["case_id"])
    op.create_index("ix_reservations_standing", "reservations", ["standing"])


def downgrade() -> None:
    """The narrow ones again."""
    op.drop_index("ix_reservations_standing", "reservations")
    op.drop_index("ix_credentials_case_id", "credentials")
    op.drop_index("ix_decisions_what_at", "decisions")
    op.create_index("ix_tasks_state", "tasks", ["state"])
    op.create_index("ix_tasks_state_due_at", "tasks", ["state", "due_at"])
    op.create_index("ix_tasks_case_id", "tasks", ["case_id"])
    op.drop_index("ix_tasks_state_due_at_kind_case_id", "tasks")
    op.drop_index("ix_tasks_case_id_state_at", "tasks")
