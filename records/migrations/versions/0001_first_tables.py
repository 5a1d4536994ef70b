"""The first tables: people and roles, cases and all they tell, and what keeps the record from being changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
AMOUNT = sa.Numeric(14, 2).with_variant(sa.String(17), "sqlite")
APPEND_ONLY = ("decisions", "pay_instructions", "attempts")
TABLES = (
    "people",
    "roles",
    "protected",
    "cases",
    "stages",
    "tasks",
    "decisions",
    "pay_instructions",
    "mentorships",
    "leaves",
    "attempts",
    "mails",
)


def upgrade() -> None:
    """Make the tables and their triggers."""
    _create_tables_of_imports()
    _create_tables_of_cases()
    guard = _guard_on_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_on_postgresql
    for table in APPEND_ONLY:
        guard(table)


def downgrade() -> None:
    """Drop everything."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION waymark_append_only")


def _guard_on_sqlite(table: str) -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE case_id = NEW.case_id AND n = NEW.n) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _guard_on_postgresql(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION waymark_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION waymark_append_only()"
    )


def _create_tables_of_imports() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("preferences", sa.JSON(), nullable=False),
        sa.Column("manager", sa.String(), nullable=True),
        sa.Column("mentor", sa.Boolean(), nullable=False),
        sa.Column("break_months", sa.Integer(), nullable=True),
        sa.Column("underemployed", sa.Boolean(), nullable=True),
        sa.Column("experience_years", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager"], ["people.id"], name="fk_people_manager", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("stipend_amount", AMOUNT, nullable=False),
        sa.Column("stipend_currency", sa.String(), nullable=False),
        sa.Column("salary_amount", AMOUNT, nullable=False),
        sa.Column("salary_currency", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("second_manager", sa.String(), nullable=False),
        sa.Column("budget_owner", sa.String(), nullable=False),
        sa.Column("hr", sa.String(), nullable=False),
        sa.Column("hr_lead", sa.String(), nullable=False),
        sa.Column("it", sa.String(), nullable=False),
        sa.Column("facilities", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_owner"], ["people.id"], name="fk_roles_budget_owner", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["facilities"], ["people.id"], name="fk_roles_facilities", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["hr"], ["people.id"], name="fk_roles_hr", initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["hr_lead"], ["people.id"], name="fk_roles_hr_lead", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["it"], ["people.id"], name="fk_roles_it", initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(
            ["manager"], ["people.id"], name="fk_roles_manager", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["second_manager"], ["people.id"], name="fk_roles_second_manager", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
    )
    op.create_table(
        "protected",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("characteristic", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["people.id"], name="fk_protected_person", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("person", "characteristic", name="pk_protected"),
    )


def _create_tables_of_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("returner", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("cohort", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_since", INSTANT, nullable=False),
        sa.Column("week", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("mentor", sa.String(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at_risk", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_index("ix_cases_stage", "cases", ["stage"])
    op.create_table(
        "stages",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_stages"),
    )
    op.create_table(
        "tasks",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("allowed_seconds", sa.Double(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("task", name="pk_tasks"),
    )
    op.create_index("ix_tasks_case_id", "tasks", ["case_id"])
    op.create_index("ix_tasks_state", "tasks", ["state"])
    op.create_table(
        "decisions",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("previous_seal", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_decisions"),
    )
    op.create_table(
        "pay_instructions",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("returner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_pay_instructions"),
    )
    op.create_table(
        "mentorships",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("mentor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("passed_over", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_mentorships"),
    )
    op.create_index("ix_mentorships_mentor_state", "mentorships", ["mentor", "state"])
    op.create_table(
        "leaves",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("leave_type", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_leaves"),
    )
    op.create_table(
        "attempts",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_person", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "n", name="pk_attempts"),
    )
    op.create_table(
        "mails",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name="pk_mails"),
    )
    op.create_index("ix_mails_case_id", "mails", ["case_id"])
