"""What was handed to payroll, and on which cost centres it is booked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the columns."""
    op.add_column("roles", sa.Column("cost_centre", sa.String(), nullable=True))
    op.create_table(
        "pay_exports",
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("n", name="pk_pay_exports"),
    )
    op.create_table(
        "pay_export_lines",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("export", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("cost_centre", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["export"], ["pay_exports.n"], name="fk_pay_export_lines_export"),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_pay_export_lines"),
    )
    op.create_index("ix_pay_export_lines_export", "pay_export_lines", ["export"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("pay_export_lines")
    op.drop_table("pay_exports")
    op.drop_column("roles", "cost_centre")
