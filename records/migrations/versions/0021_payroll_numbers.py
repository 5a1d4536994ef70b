"""By which number payroll knows somebody, and how many columns the file of an export has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; files from before have fourteen."""
    op.add_column("people", sa.Column("payroll_number", sa.String(), nullable=True))
    op.add_column("pay_export_lines", sa.Column("payroll_number", sa.String(), nullable=True))
    op.add_column("pay_exports", sa.Column("columns", sa.Integer(), nullable=False, server_default="14"))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("pay_exports", "columns")
    op.drop_column("pay_export_lines", "payroll_number")
    op.drop_column("people", "payroll_number")
