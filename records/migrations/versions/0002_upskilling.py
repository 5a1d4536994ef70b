"""Upskilling: profiles, the catalogue, levels, capacities and credentials; a case is about a person, not a returner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
AMOUNT = sa.Numeric(14, 2).with_variant(sa.String(17), "sqlite")
TABLES = (
    "role_profiles",
    "profile_skills",
    "trainings",
    "certificates",
    "skill_levels",
    "learning",
    "capacities",
    "reservations",
    "credentials",
)


def upgrade() -> None:
    """Make the tables."""
    op.alter_column("cases", "returner", new_column_name="person")
    _create_tables_of_imports()
    _create_tables_of_cases()


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.alter_column("cases", "person", new_column_name="returner")


def _create_tables_of_imports() -> None:
    op.create_table(
        "role_profiles",
        _text("id"),
        _text("title"),
        _text("source"),
        sa.PrimaryKeyConstraint("id", name="pk_role_profiles"),
    )
    op.create_table(
        "profile_skills",
        _text("profile"),
        _text("skill"),
        sa.Column("level", AMOUNT, nullable=False),
        sa.Column("importance", AMOUNT, nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("profile", "skill", name="pk_profile_skills"),
        sa.ForeignKeyConstraint(
            ["profile"], ["role_profiles.id"], name="fk_profile_skills_profile", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "trainings",
        *(_text(name) for name in ("id", "title", "kind")),
        sa.Column("leads_to", sa.JSON(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("cost_amount", AMOUNT, nullable=False),
        _text("cost_currency"),
        sa.Column("requires", sa.JSON(), nullable=False),
        sa.Column("sessions", sa.JSON(), nullable=False),
        _text("trainer", nullable=True),
        _text("activity", nullable=True),
        _text("move_on"),
        _text("supervisor", nullable=True),
        _text("reviewer", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
    )
    op.create_table(
        "certificates",
        *(_text(name) for name in ("id", "title", "description", "criteria", "profile", "examiner")),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
    )
    op.create_table(
        "skill_levels",
        *(_text(name) for name in ("person", "skill", "source")),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("level", AMOUNT, nullable=False),
        _text("by_person"),
        _text("case_id", nullable=True),
        sa.PrimaryKeyConstraint("person", "skill", "source", "found_on", name="pk_skill_levels"),
    )


def _create_tables_of_cases() -> None:
    op.create_table(
        "learning",
        _text("case_id"),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        _text("training"),
        _text("kind"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("cost_amount", AMOUNT, nullable=False),
        _text("cost_currency"),
        _text("reason", nullable=True),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_learning"),
    )
    op.create_table(
        "capacities",
        _text("id"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        _text("title"),
        _text("unit"),
        sa.Column("size", AMOUNT, nullable=False),
        sa.Column("held", AMOUNT, nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_capacities"),
    )
    op.create_table(
        "reservations",
        _text("capacity"),
        _text("holder"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        _text("standing"),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.PrimaryKeyConstraint("capacity", "holder", name="pk_reservations"),
    )
    op.create_index("ix_reservations_capacity_standing", "reservations", ["capacity", "standing"])
    op.create_table(
        "credentials",
        _text("id"),
        _text("case_id"),
        sa.Column("n", sa.Integer(), nullable=False),
        _text("person"),
        _text("certificate"),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("issued_at", "valid_from", "valid_until")),
        _text("status"),
        sa.Column("status_since", INSTANT, nullable=False),
        _text("status_reason", nullable=True),
        sa.Column("status_index", sa.Integer(), nullable=False),
        _text("document"),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
    )
    op.create_index("ix_credentials_person", "credentials", ["person"])
    op.create_index("ix_credentials_status_index", "credentials", ["status_index"], unique=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)
