"""Importing what HR keeps elsewhere: people from CSV, roles from YAML.

Read first, which tells all that is wrong; then store, in one transaction and whole: either everything, or (if asked
to) the clean entries. Importing again changes only what has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.core.people import Person, Role
from records.address_changes import addresses, note_changes
from records.database import lock_rows
from records.imports.core.differences import Difference
from records.imports.core.report import PeopleReport, RolesReport, Stored
from records.imports.core.storing import check, store_rows, summary
from records.mail_choices import note_choices
from records.tables.core import PersonRecord, ProtectedRecord, RoleRecord


def store_people(session: Session, report: PeopleReport, *, clean_only: bool = False, write: bool = True) -> Stored:
    """Add or update people, in the transaction of ``session``; unless ``write``, only say what that would change.

    Raises :class:`ImportRefused`, having stored nothing, when anything is wrong; with ``clean_only``, when nothing
    is usable. Protected characteristics go to their own table. Whose mail address becomes another is going to be told.
    """
    check(report, clean_only=clean_only)
    found: list[Difference] = []
    entries = (_without(columns_of(person), report.missing) for person in report.people)
    if not write:
        changes = store_rows(session, PersonRecord, entries, found=found, write=False)
        return summary("people", changes, report.entries, found)
    lock_rows(session, PersonRecord.__tablename__)
    before, now = addresses(session), datetime.now(UTC)
    changes = store_rows(session, PersonRecord, entries, found=found, exclusive="payroll_number")
    note_choices(session, now)
    note_changes(session, before, now)
    store_rows(session, ProtectedRecord, (value.model_dump() for value in report.protected))
    return summary("people", changes, report.entries, found)


def store_roles(session: Session, report: RolesReport, *, clean_only: bool = False, write: bool = True) -> Stored:
    """Add or update roles, or only say what that would change, as :func:`store_people` does."""
    check(report, clean_only=clean_only)
    found: list[Difference] = []
    changes = store_rows(session, RoleRecord, map(_of_role, report.roles), found=found, write=write)
    return summary("roles", changes, report.entries, found)


def _without(values: dict[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {column: value for column, value in values.items() if column not in columns}


def columns_of(person: Person) -> dict[str, Any]:
    """The columns of a person; those of the application are empty where there is none.

    A working pattern of which nothing is said is left out: what is on record stays.
    """
    application, patterns = person.application, person.working_pattern
    return {
        **person.model_dump(exclude={"application", "working_pattern"}),
        **({} if patterns is None else {"working_pattern": [*map(str, patterns)] or None}),
        "break_months": application.break_months if application else None,
        "underemployed": application.underemployed if application else None,
        "experience_years": application.experience_years if application else None,
    }


def _of_role(role: Role) -> dict[str, Any]:
    """The columns of a role."""
    return {
        **role.model_dump(exclude={"stipend", "salary"}),
        "stipend_amount": role.stipend.amount,
        "stipend_currency": role.stipend.currency,
        "salary_amount": role.salary.amount,
        "salary_currency": role.salary.currency,
    }
