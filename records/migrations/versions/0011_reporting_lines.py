"""Who is below somebody is looked up with each search for a mentor: by an index."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_people_manager", "people", ["manager"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_people_manager", "people")
