"""Importing what HR keeps elsewhere: people from CSV, roles from YAML.

Read first, which tells all that is wrong; then store, in one transaction and whole: either everything, or (if asked
to) the clean entries. Importing again changes only what has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy.orm import Session

from domain.people import Person, Role
from records.import_report import (
    ImportRefused,
    ImportReport,
    PeopleReport,
    Problem,
    ProtectedValue,
    RolesReport,
    Stored,
)
from records.people_csv import read_people
from records.roles_yaml import read_roles
from records.tables import Base, PersonRecord, ProtectedRecord, RoleRecord

__all__ = [
    "ImportRefused",
    "ImportReport",
    "PeopleReport",
    "Problem",
    "ProtectedValue",
    "RolesReport",
    "Stored",
    "read_people",
    "read_roles",
    "store_people",
    "store_roles",
]

Change = Literal["added", "changed", "unchanged"]


def store_people(session: Session, report: PeopleReport, *, clean_only: bool = False) -> Stored:
    """Add or update people, in the transaction of ``session``.

    Raises :class:`ImportRefused`, having stored nothing, when anything is wrong; with ``clean_only``, when nothing
    is usable. Protected characteristics go to their own table.
    """
    _check(report, clean_only)
    changes = _store(session, PersonRecord, map(_of_person, report.people))
    _store(session, ProtectedRecord, (value.model_dump() for value in report.protected))
    return _stored("people", changes, report.entries)


def store_roles(session: Session, report: RolesReport, *, clean_only: bool = False) -> Stored:
    """Add or update roles, in the transaction of ``session``. Raises as :func:`store_people` does."""
    _check(report, clean_only)
    return _stored("roles", _store(session, RoleRecord, map(_of_role, report.roles)), report.entries)


def _check(report: ImportReport, clean_only: bool) -> None:
    if not report.usable or (report.problems and not clean_only):
        raise ImportRefused(report)


def _stored(what: str, changes: Counter[Change], entries: int) -> Stored:
    return Stored(
        what=what,
        added=changes["added"],
        changed=changes["changed"],
        unchanged=changes["unchanged"],
        refused=entries - changes.total(),
    )


def _store(session: Session, table: type[Base], entries: Iterable[dict[str, Any]]) -> Counter[Change]:
    changes: Counter[Change] = Counter()
    for values in entries:
        existing = session.get(table, tuple(values[column.key] for column in table.__table__.primary_key))
        changes[_change(session, table, existing, values)] += 1
    session.flush()
    return changes


def _change(session: Session, table: type[Base], existing: Base | None, values: dict[str, Any]) -> Change:
    if existing is None:
        session.add(table(**values))
        return "added"
    changed = {column: value for column, value in values.items() if getattr(existing, column) != value}
    for column, value in changed.items():
        setattr(existing, column, value)
    return "changed" if changed else "unchanged"


def _of_person(person: Person) -> dict[str, Any]:
    """The columns of a person; those of the application are empty where there is none."""
    application = person.application
    return {
        **person.model_dump(exclude={"application"}),
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
