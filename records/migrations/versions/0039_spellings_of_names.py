"""How people's names are spelled by those who look for them, so that the database compares them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.core.called import spellings

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

PEOPLE = sa.table("people", sa.column("id"), sa.column("name"), sa.column("spellings"))


def upgrade() -> None:
    """Spell the names there are."""
    op.add_column("people", sa.Column("spellings", sa.String(), nullable=True))
    records = op.get_bind()
    people = records.execute(sa.select(PEOPLE.c.id, PEOPLE.c.name)).all()
    if people:
        spelled = PEOPLE.update().where(PEOPLE.c.id == sa.bindparam("person")).values(spellings=sa.bindparam("spelled"))
        records.execute(spelled, [{"person": person, "spelled": "\n".join(spellings(name))} for person, name in people])


def downgrade() -> None:
    """Without them."""
    op.drop_column("people", "spellings")
