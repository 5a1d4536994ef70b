"""The list of all seals; what is on record for good gets one each, in the order in which it came about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from records import seals
from records.types import Amount, UtcInstant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("n", "case_id", "kind", "row", "key", "digest", "previous", "seal")
SEALS = sa.table("seals", *(sa.column(name) for name in COLUMNS))

TABLES: dict[seals.Kind, sa.TableClause] = {
    "decision": sa.table(
        "decisions",
        sa.column("case_id"),
        sa.column("n"),
        sa.column("at", UtcInstant()),
        *(sa.column(name) for name in ("what", "decided", "by_person", "policy", "reason", "previous_seal")),
        sa.column("evidence", sa.JSON()),
    ),
    "pay": sa.table(
        "pay_instructions",
        sa.column("case_id"),
        sa.column("n"),
        sa.column("at", UtcInstant()),
        *(sa.column(name, sa.Date()) for name in ("due_on", "first_day", "last_day")),
        *(sa.column(name) for name in ("returner", "days", "currency")),
        sa.column("amount", Amount()),
    ),
    "attempt": sa.table(
        "attempts",
        sa.column("case_id"),
        sa.column("n"),
        sa.column("at", UtcInstant()),
        *(sa.column(name) for name in ("by_person", "task", "sentence")),
    ),
}


def upgrade() -> None:
    """Make the table, seal what there is, and let nobody change the seals."""
    op.create_table(
        "seals",
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_seals"),
    )
    op.create_index("ix_seals_case_id_kind_row", "seals", ["case_id", "kind", "row"], unique=True)
    _seal_what_there_is()
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        op.execute(
            "CREATE TRIGGER seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seals "
            "FOR EACH STATEMENT EXECUTE FUNCTION waymark_append_only()"
        )


def downgrade() -> None:
    """Drop the seals; what they sealed stays."""
    op.drop_table("seals")


def _seal_what_there_is() -> None:
    connection = op.get_bind()
    rows = [
        (row["at"], row["case_id"], kind, row["n"], dict(row))
        for kind, table in TABLES.items()
        for row in connection.execute(sa.select(table)).mappings()
    ]
    if not rows:
        return
    key = context.config.attributes["seals"]().key()
    previous = seals.FIRST
    for n, (_, case, kind, number, row) in enumerate(sorted(rows, key=lambda entry: entry[:4]), start=1):
        digest = seals.digest(key, kind, {str(name): value for name, value in row.items()})
        seal = seals.seal(key, n, digest, previous)
        values = (n, case, kind, number, seals.name_of(key), digest, previous, seal)
        connection.execute(sa.insert(SEALS).values(dict(zip(COLUMNS, values, strict=True))))
        previous = seal


def _guard_on_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER seals_no_{change.lower()} BEFORE {change} ON seals "
            "BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER seals_no_replace BEFORE INSERT ON seals WHEN EXISTS (SELECT 1 FROM seals WHERE n = NEW.n) "
        "BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END"
    )
