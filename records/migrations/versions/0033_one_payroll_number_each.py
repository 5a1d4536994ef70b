"""A payroll number is that of one person: the database holds it, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.migrations import StandsInTheWay

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

PEOPLE = sa.table("people", sa.column("id"), sa.column("payroll_number"))
SHOWN = 10
"""So many of those who share a number are named."""


def upgrade() -> None:
    """Make the index. Whose number it is that several have, only HR can know: they are named, and nothing is done."""
    number, counted = PEOPLE.c.payroll_number, sa.func.count()
    several = sa.select(number).where(number.is_not(None)).group_by(number).having(counted > 1)
    sharing = sa.select(PEOPLE.c.id).where(number.in_(several)).order_by(number, PEOPLE.c.id)
    people = op.get_bind().execute(sharing).scalars().all()
    if people:
        more = f" and {len(people) - SHOWN} others" if len(people) > SHOWN else ""
        raise StandsInTheWay(
            f"several people have one payroll number, which is that of one person alone: {', '.join(people[:SHOWN])}"
            f"{more}; give each their own, or none (empty the column payroll_number of the table people), and try again"
        )
    op.create_index("ix_people_payroll_number", "people", ["payroll_number"], unique=True)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_people_payroll_number", table_name="people")
