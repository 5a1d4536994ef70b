"""One row of a cohort file: a person and a placement, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain.cohort.participants import Participant
from domain.core.model import PERSON_ID, CaseId, CohortId, Money, PersonId, RoleId
from domain.core.naming import placement_case
from domain.core.people import DECIDING, Application, Person, Role
from domain.core.working_pattern import reason_against
from domain.placement.eligibility import broken_rules
from domain.placement.policy import Policy
from records.imports.cohort.cohort_break import break_column, break_months
from records.imports.cohort.identity import (
    changes_of,
    check_identity,
    check_placed,
    of_record,
    other_placements,
    refuse_changes,
)
from records.imports.cohort.people import KnownRecords
from records.imports.core import people_csv
from records.imports.core.cells import STANDS_FOR_NOTHING
from records.imports.core.csv_table import Row

M = TypeVar("M", bound=BaseModel)
Entry = tuple[Person, Participant]

RULES = {**people_csv.RULES, "weeks": "must be a whole number from 1 to 104"}

COLUMN_OF_RULE = {"eligibility.min_experience_years": "experience_years", "length": "weeks", "paid": "role"}
"""Where a broken rule of :mod:`domain.placement.eligibility` is reported; that about the break is reported where the
break is given."""

SOME_STIPEND = Money(amount=Decimal(1), currency="XXX")
"""Stands in for that of an unknown role, so that the other rules of eligibility can be told at once."""


@dataclass(frozen=True)
class Check:
    """What the rows of a file are held against. ``missing`` are the columns that the file does not have; ``beside`` is
    why placements may start beside others of the same person."""

    known: KnownRecords
    policy: Policy
    today: date
    started_by: PersonId | None
    missing: frozenset[str]
    cohort: CohortId | None
    update_people: bool
    beside: str | None = None


def read_row(row: Row[Entry], check: Check) -> None:
    """Check a row, and make a person and a placement of it where nothing is wrong: all that is, is told at once."""
    if not row.values:  # its cells are not those of the header
        return
    _keep_what_is_known(row, check)
    people_csv.check_places(row)
    people_csv.check_address(row)
    check_identity(row, check.known)
    application = _application(row, check)
    person = _make(row, Person, _of_person(row, check, application))
    role = _role(row, check)
    _check_eligible(row, application, role, check)
    _check_role(row, role, check)
    _check_mentor(row, role, check)
    _check_start(row, check)
    _check_pattern(row, check)
    if person and not check.update_people and not row.is_refused_in("id"):
        refuse_changes(row, changes_of(row, person, check.known))
    others: list[CaseId] = []
    if person and role:
        case = placement_case(person.id, role.id)
        check_placed(row, case, check.known, check.cohort)
        others = other_placements(row, case, check.known, check.cohort, check.beside)
    can_begin = role is not None and may_start(role, check) and not role.left_in_words(check.known.left)
    if person and role and application and can_begin and not row.problems:
        values = _of_participant(row, person, role, application)
        participant = _make(row, Participant, {**values, "beside": check.beside if others else None})
        row.made = (person, participant) if participant else None


def _make(row: Row[Entry], model: type[M], values: Mapping[str, Any]) -> M | None:
    try:
        return model(**values)
    except ValidationError as error:
        row.refuse_invalid(error, RULES)
        return None


def _keep_what_is_known(row: Row[Entry], check: Check) -> None:
    known = of_record(check.known, row.values.get("id"))
    for column in sorted({"private_email", "preferences", "underemployed", "working_pattern"} & check.missing):
        row.values[column] = known[column]


def _of_person(row: Row[Entry], check: Check, application: Application | None) -> dict[str, Any]:
    known = of_record(check.known, row.values.get("id"))
    of_file = {name: row.values.get(name) for name in Person.model_fields}
    of_file["private_email"] = of_file["private_email"] or None
    return {**of_file, **_unasked(known), "application": application}


def _unasked(known: Mapping[str, Any]) -> dict[str, Any]:
    """What a cohort file has no column for."""
    return {field: known[field] for field in ("manager", "mentor", "mail_choice", "payroll_number")}


def _of_participant(row: Row[Entry], person: Person, role: Role, application: Application) -> dict[str, Any]:
    return {
        "case": placement_case(person.id, role.id),
        "returner": person.id,
        "role": role.id,
        "application": application,
        "starts_on": row.values["starts_on"],
        "weeks": row.values["weeks"],
        "patterns": person.working_pattern or [],
        "mentor": row.values["mentor"] or None,
    }


# The application


def _application(row: Row[Entry], check: Check) -> Application | None:
    months = break_months(row, check.today)
    if months is None:
        return None
    values = {"underemployed": row.values.get("underemployed"), "experience_years": row.values.get("experience_years")}
    return _make(row, Application, {**values, "break_months": months})


def _check_eligible(row: Row[Entry], application: Application | None, role: Role | None, check: Check) -> None:
    if application is None:
        return
    weeks = row.values.get("weeks")
    weeks = check.policy.length.weeks if weeks is None else weeks
    for broken in broken_rules(application, weeks, role.stipend if role else SOME_STIPEND, check.policy):
        row.refuse(COLUMN_OF_RULE.get(broken.rule) or break_column(row), broken.sentence)


# The placement


def _role(row: Row[Entry], check: Check) -> Role | None:
    """The role of a row, by its id in capital or small letters."""
    named = row.values.get("role")
    role = check.known.roles.get((named or "").upper())
    if role is None and named is not None:
        row.refuse("role", _no_role(named, check.known.roles))
    return role


def _no_role(named: str, roles: Mapping[RoleId, Role]) -> str:
    if not named or named.lower() in STANDS_FOR_NOTHING:
        return "must be given, such as DATA1"
    titled = [role.id for role in roles.values() if role.title.casefold() == named.casefold()]
    if titled:
        return f"must be the id of a role; that is the title of {' and '.join(titled)}"
    return "is not in the records; import roles first"


def _check_role(row: Row[Entry], role: Role | None, check: Check) -> None:
    if role is None:
        return
    for party, who in role.parties().items():
        if who == row.values.get("id"):
            row.refuse("role", f"the returner is its {party.spoken}")


def may_start(role: Role, check: Check) -> bool:
    """Whether the placements of a role are those of whoever is going to start them."""
    return check.started_by is None or check.known.may_start(role, check.started_by)


def _check_mentor(row: Row[Entry], role: Role | None, check: Check) -> None:
    mentor, returner = row.values.get("mentor"), row.values.get("id")
    if not mentor:
        return
    if not re.fullmatch(PERSON_ID, mentor):
        row.refuse("mentor", people_csv.RULES["id"])
    elif mentor == returner:
        row.refuse("mentor", "is the returner themselves")
    elif mentor not in check.known.people:
        row.refuse("mentor", "is nobody in the records; import people first")
    elif mentor in check.known.left:
        row.refuse("mentor", f"left the company after {check.known.left[mentor]}")
    elif returner and check.known.in_one_line(mentor, returner):
        row.refuse("mentor", "is in the reporting line of the returner")
    elif role is not None:
        parts = [party.spoken for party in DECIDING if role.parties()[party] == mentor]
        if parts:
            row.refuse("mentor", f"is the {' and the '.join(parts)} of the role")


def _check_pattern(row: Row[Entry], check: Check) -> None:
    fault = reason_against(row.values.get("working_pattern") or [], check.policy.working_week)
    if fault is not None:
        row.refuse("working_pattern", fault)


def _check_start(row: Row[Entry], check: Check) -> None:
    starts_on = row.values.get("starts_on")
    if starts_on is not None and starts_on < check.today:
        row.refuse("starts_on", "is in the past")
