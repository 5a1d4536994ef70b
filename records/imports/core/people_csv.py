"""Reading people from a CSV file, as spreadsheet programs write it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from domain.core.addresses import fault_of
from domain.core.model import Party, PersonId
from domain.core.people import Application, NamedIn, Person, notes_on_people
from domain.core.protected import is_protected
from records.imports.core.cells import a_list, a_name, a_number, a_pattern, a_text, a_yes, an_id
from records.imports.core.csv_table import Readers, Row, read_table, refuse_doubles
from records.imports.core.csv_text import Unusable
from records.imports.core.places import broken_country_rule, is_time_zone
from records.imports.core.report import PeopleReport, ProtectedValue

READERS: Readers = {
    "id": an_id,
    "name": a_name,
    "email": a_text,
    "private_email": a_text,
    "time_zone": a_text,
    "country": a_text,
    "languages": a_list,
    "skills": a_list,
    "preferences": a_list,
    "manager": an_id,
    "mentor": a_yes,
    "break_months": a_number,
    "underemployed": a_yes,
    "experience_years": a_number,
    "working_pattern": a_pattern,
    "mail_choice": a_text,
    "payroll_number": a_text,
}
"""All columns, each with what reads its cells."""

MAY_BE_MISSING = frozenset({"private_email", "working_pattern", "mail_choice", "payroll_number"})
"""Columns that a file need not have: what the records say stays."""

OF_APPLICATION = ("break_months", "underemployed", "experience_years")

RULES = {
    "id": "must be P- and 3 to 12 capital letters or digits, such as P-7F3K2M",
    "name": "must not be empty, nor longer than 4,000 characters",
    "email": "must be one mail address",
    "private_email": "must be one mail address, or empty",
    "country": "must be an ISO 3166 country code, such as GB-ENG or IE",
    "languages": "must be at least one ISO 639 code, such as en",
    "manager": "must be a person's id",
    "break_months": "must be a whole number from 0 to 720",
    "experience_years": "must be a whole number from 0 to 70",
    "mail_choice": "must be each or daily",
    "payroll_number": "must be up to 40 letters and digits, with blanks or . / _ - between them, or empty",
}


def read_people(
    source: str | bytes,
    known: Collection[PersonId] = (),
    present: Iterable[Person] = (),
    left: Mapping[PersonId, date] | None = None,
) -> PeopleReport:
    """Read a CSV file with the columns of :data:`READERS`, in any order; ``known`` are the people in the records.

    Circles of managers, and addresses that several people share, are noted: in the file, and with those ``present``.
    So are managers who have ``left`` the company, after which day.

    The delimiter is a comma or a semicolon; lists within a cell take ``;`` or ``|``.
    Columns of protected characteristics are kept apart from the people. Never raises for what is in the file.
    """
    try:
        table = read_table(source, READERS, is_protected, MAY_BE_MISSING)
    except Unusable as unusable:
        return PeopleReport(usable=False, problems=unusable.problems)
    for row in table.rows:
        for column in MAY_BE_MISSING.difference(table.columns):
            row.values.pop(column, None)
        _read(row)
    refuse_doubles(table.rows, ["id"], "id")
    present = list(present)
    refuse_doubles(table.rows, ["payroll_number"], "payroll_number")
    _refuse_unknown_managers(table.rows, set(known))
    while _refuse_payroll_numbers_of_others(table.rows, present):  # who is refused keeps the number that they have
        _refuse_unknown_managers(table.rows, set(known))
    report = _report(table.rows, [column for column in table.columns if column not in READERS])
    missing = MAY_BE_MISSING - set(table.columns)
    together = {person.id: person for person in [*present, *report.people]}
    notes = notes_on_people(together.values(), of={person.id for person in report.people})
    notes += [
        NamedIn("manager", Party.MANAGER, person.id).left_in_words(person.manager, left[person.manager])
        for person in report.people
        if left and person.manager is not None and person.manager in left
    ]
    return report.model_copy(update={"notes": notes, "missing": missing})


def _report(rows: list[Row[Person]], protected_columns: list[str]) -> PeopleReport:
    clean = [(row, row.made) for row in rows if row.made is not None]
    return PeopleReport(
        entries=len(rows),
        problems=[problem for row in rows for problem in row.problems],
        people=[person for _, person in clean],
        protected_columns=protected_columns,
        protected=[value for row, person in clean for value in protected_values(row, person.id, protected_columns)],
    )


def protected_values(row: Row[Any], person: PersonId, protected_columns: list[str]) -> list[ProtectedValue]:
    """What the protected columns of a row hold of a person."""
    return [
        ProtectedValue(person=person, characteristic=column, value=row.values[column])
        for column in protected_columns
        if row.values[column]
    ]


# One row


def _read(row: Row[Person]) -> None:
    check_places(row)
    check_address(row)
    _check_manager(row)
    if row.problems:
        return
    try:
        row.made = _person(row)
    except ValidationError as error:
        row.refuse_invalid(error, RULES)


def check_places(row: Row[Any]) -> None:
    """Refuse a time zone or a country that is not known, and a country that needs its part named."""
    if "time_zone" in row.values and not is_time_zone(row.values["time_zone"]):
        row.refuse("time_zone", "must be an IANA time zone, such as Europe/London")
    if row.values.get("country") and (broken := broken_country_rule(row.values["country"])):
        row.refuse("country", broken)


def check_address(row: Row[Any]) -> None:
    """Refuse an address to which no mail could be sent; there need be no private one."""
    for column in ("email", "private_email"):
        address = row.values.get(column)
        if address is None or (column == "private_email" and not address):
            continue
        if (fault := fault_of(address)) is not None:
            row.refuse(column, fault)


def _check_manager(row: Row[Person]) -> None:
    if row.values.get("manager") and row.values["manager"] == row.values.get("id"):
        row.refuse("manager", "is the person themselves")


def _person(row: Row[Person]) -> Person:
    values = {name: value for name, value in row.values.items() if name in Person.model_fields}
    empty = {column: values.get(column) or None for column in ("manager", "private_email", "payroll_number")}
    choice = (values.get("mail_choice") or "each").lower()
    return Person(**{**values, **empty, "mail_choice": choice}, application=_application(row))


def _application(row: Row[Person]) -> Application | None:
    break_months, underemployed, experience_years = (row.values[column] for column in OF_APPLICATION)
    if break_months is None and experience_years is None and not underemployed:
        return None
    return Application(break_months=break_months, underemployed=underemployed, experience_years=experience_years)


# All rows together


def _refuse_payroll_numbers_of_others(rows: list[Row[Person]], present: Iterable[Person]) -> bool:
    """Refuse a number that somebody on record keeps: payroll would pay the one for the other. Whether any was.

    They keep it who are not in the file, who are refused, and of whom the file doesn't say it.
    """
    given = {row.made.id for row in rows if row.made is not None and "payroll_number" in row.values}
    kept = {person.payroll_number: person.id for person in present if person.payroll_number and person.id not in given}
    refused = False
    for row in rows:
        other = kept.get(row.values.get("payroll_number") or "")
        if other is not None and other != row.values.get("id") and not row.is_refused_in("payroll_number"):
            refused = refused or row.made is not None
            row.refuse("payroll_number", f"is that of {other} on record")
    return refused


def _refuse_unknown_managers(rows: list[Row[Person]], known: set[str]) -> None:
    """Refuse rows whose manager will not be there; those who report to them are then refused in turn."""
    numbers = {row.values["id"]: row.number for row in rows if row.values.get("id")}
    reporting: dict[str, list[Row[Person]]] = {}
    for row in rows:
        if row.made and row.made.manager:
            reporting.setdefault(row.made.manager, []).append(row)
    present = known | {row.made.id for row in rows if row.made}
    stranded = [row for manager, theirs in reporting.items() if manager not in present for row in theirs]
    while stranded:
        row = stranded.pop()
        if row.made is None:
            continue
        refused, number = row.made.id, numbers.get(row.made.manager or "")
        row.refuse("manager", f"is refused in row {number}" if number else "is neither in the file nor in the records")
        if refused not in known:
            stranded += reporting.get(refused, [])
