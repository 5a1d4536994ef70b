"""Who is who: parts and open tasks by person, duties beyond cases, sign-ins, sessions, drafts of answers."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; who has which part and is asked what now is taken from the rows of parts and tasks."""
    holders = op.create_table(
        "part_holders",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "party", "person", name="pk_part_holders"),
    )
    op.create_index("ix_part_holders_person", "part_holders", ["person"])
    asked = op.create_table(
        "asked",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("task", "person", name="pk_asked"),
    )
    op.create_index("ix_asked_person", "asked", ["person"])
    _fill(holders, asked)
    op.create_index("ix_cases_role", "cases", ["role"])
    op.create_index("ix_cases_person", "cases", ["person"])
    op.create_table(
        "access_grants",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("granted_by", sa.String(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("n", name="pk_access_grants"),
    )
    op.create_index("ix_access_grants_person", "access_grants", ["person"])
    _sign_ins_and_sessions()
    op.create_table(
        "drafts",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task", "person", name="pk_drafts"),
    )
    op.create_index("ix_drafts_person", "drafts", ["person"])


def _sign_ins_and_sessions() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("onward", sa.String(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_address_at", "sign_ins", ["address", "at"])
    op.create_index("ix_sign_ins_source_at", "sign_ins", ["source", "at"])
    op.create_index("ix_sign_ins_browser", "sign_ins", ["browser"])
    op.create_index("ix_sign_ins_token", "sign_ins", ["token"], unique=True)
    op.create_index("ix_sign_ins_at", "sign_ins", ["at"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])


def _fill(holders: sa.Table, asked: sa.Table) -> None:
    rows = op.get_bind().execute(sa.text("SELECT case_id, parts FROM parts")).all()
    entries = [
        {"case_id": case, "party": party, "person": person}
        for case, parts in rows
        for party, people in _read(parts).items()
        for person in dict.fromkeys(people)
    ]
    if entries:
        op.bulk_insert(holders, entries)
    rows = op.get_bind().execute(sa.text("SELECT task, people FROM tasks WHERE state = 'open'")).all()
    entries = [{"task": task, "person": person} for task, people in rows for person in dict.fromkeys(_read(people))]
    if entries:
        op.bulk_insert(asked, entries)


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_cases_person", "cases")
    op.drop_index("ix_cases_role", "cases")
    for table in ("drafts", "sessions", "sign_ins", "access_grants", "asked", "part_holders"):
        op.drop_table(table)
