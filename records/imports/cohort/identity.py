"""Whether the person in a row of a cohort file is new, on record as the row says, or on record otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.model import CaseId, CohortId
from domain.core.people import Person
from records.imports.cohort.people import KnownRecords
from records.imports.core.csv_table import Row
from records.imports.core.differences import Difference, differences
from records.imports.core.people_and_roles import columns_of
from records.imports.core.report import Remedy

COLUMN_OF = {"manager": "id", "mentor": "id"}
"""The column in which a difference is reported that has none of its own in the file."""


OF_APPLICATION = frozenset({"break_months", "underemployed", "experience_years"})
"""Columns that are one whole: of an application that can't be read, none is known."""


def check_identity(row: Row[Any], known: KnownRecords) -> None:
    """Refuse a row of a returner that names an employee, or has the address of somebody else."""
    who = row.values.get("id")
    employee = known.why_employee(who) if who else None
    if employee is not None:
        row.refuse("id", f"is that of an employee on record, {employee}; a returner has an id of their own", show=False)
    elif who and who in known.left:
        row.refuse("id", f"left the company after {known.left[who]}", show=False)
    for column in ("email", "private_email"):
        address = row.values.get(column)
        others = [person for person in known.of_address(address) if person != who] if address else []
        if others:
            row.refuse(column, f"is that of {' and '.join(others)} on record")


def changes_of(row: Row[Any], person: Person, known: KnownRecords) -> list[Difference]:
    """What a row would change of somebody on record. A break that is counted from its first day grows by itself.

    What is refused, or was not made of anything because something else is, changes nothing.
    """
    on_record = known.people.get(person.id)
    if on_record is None:
        return []
    passed_over = {problem.column for problem in row.problems}
    if row.values.get("break_began"):
        passed_over.add("break_months")
    if person.application is None:
        passed_over |= OF_APPLICATION
    after = {column: value for column, value in columns_of(person).items() if column not in passed_over}
    return differences(person.id, columns_of(on_record), after)


def refuse_changes(row: Row[Any], changes: list[Difference]) -> None:
    """Refuse to overwrite somebody on record, naming each field as it is there and here."""
    for change in changes:
        rule = f"is {change.before} on record and {change.after} here"
        row.refuse(COLUMN_OF.get(change.field, change.field), rule, show=False, remedy=Remedy.UPDATE_PEOPLE)


def check_placed(row: Row[Any], case: CaseId, known: KnownRecords, cohort: CohortId | None) -> None:
    """Refuse somebody who is, or was, placed in the same role elsewhere, or has another place in this ``cohort``."""
    placed = known.placed.get(case)
    if placed is not None and (cohort is None or placed.cohort != cohort):
        where = f"in cohort {placed.cohort}" if placed.cohort else "by themselves"
        remedy = Remedy.COHORT if placed.cohort and cohort is None else None
        row.refuse("role", f"is one they are placed in already, {where}: {case}", show=False, remedy=remedy)
    for other in known.running_of(row.values["id"]) if cohort is not None else ():
        if other != case and known.placed[other].cohort == cohort:
            row.refuse("id", f"takes part in {cohort} already, in {other}", show=False)


def other_placements(
    row: Row[Any], case: CaseId, known: KnownRecords, cohort: CohortId | None, beside: str | None
) -> list[CaseId]:
    """The placements of a person that run elsewhere, in other roles: refused, unless it is said why (``beside``)."""
    theirs = known.running_of(row.values["id"])
    others = [other for other in theirs if other != case and (cohort is None or known.placed[other].cohort != cohort)]
    if others and beside is None:
        cases = " and ".join(others)
        rule = f"has a placement that runs, {cases}; one can be started beside it where somebody says why"
        row.refuse("id", rule, show=False, remedy=Remedy.BESIDE)
    return others


def of_record(known: KnownRecords, who: str | None) -> Mapping[str, Any]:
    """What the records say of somebody and a cohort file need not; of a stranger, nothing."""
    person = known.people.get(who or "")
    return {
        "manager": person.manager if person else None,
        "mentor": person.mentor if person else False,
        "private_email": person.private_email if person else None,
        "mail_choice": person.mail_choice if person else "each",
        "payroll_number": person.payroll_number if person else None,
        "preferences": list(person.preferences) if person else [],
        "working_pattern": list(person.working_pattern or []) if person else [],
        "underemployed": bool(person and person.application and person.application.underemployed),
    }
