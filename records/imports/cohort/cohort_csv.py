"""Reading a cohort file, as HR exports it from a spreadsheet: who takes part, and in which role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from domain.cohort.participants import LARGEST_COHORT
from domain.core.addresses import comparable
from domain.core.model import CohortId, PersonId
from domain.core.people import Role
from domain.core.protected import is_protected
from domain.placement.duties import notes_on, steps_with
from domain.placement.policy import Policy
from records.imports.cohort.cohort_row import Check, Entry, may_start, read_row
from records.imports.cohort.identity import changes_of
from records.imports.cohort.people import KnownRecords
from records.imports.cohort.report import CohortReport
from records.imports.core import people_csv
from records.imports.core.cells import a_list, a_name, a_number, a_pattern, a_text, a_yes, an_id
from records.imports.core.csv_table import Readers, Row, Table, read_table, refuse_doubles
from records.imports.core.csv_text import Unusable
from records.imports.core.date_cells import DayOrder, dates
from records.imports.core.report import Problem, notes_of

MAY_BE_MISSING = frozenset(
    {
        "private_email",
        "preferences",
        "break_months",
        "break_began",
        "underemployed",
        "working_pattern",
        "mentor",
        "starts_on",
        "weeks",
    }
)
"""Columns that a file need not have; but one of the two about the break it must."""

MOST_ROWS = 20_000
"""A file of more is refused: no cohort is nearly as large, and reading takes memory by the row."""


def readers(day_order: DayOrder) -> Readers:
    """All columns of a cohort file, each with what reads its cells."""
    a_day = dates(day_order)
    return {
        "id": an_id,
        "name": a_name,
        "email": a_text,
        "private_email": a_text,
        "time_zone": a_text,
        "country": a_text,
        "languages": a_list,
        "skills": a_list,
        "preferences": a_list,
        "break_months": a_number,
        "break_began": a_day,
        "underemployed": a_yes,
        "experience_years": a_number,
        "working_pattern": a_pattern,
        "role": a_text,
        "mentor": an_id,
        "starts_on": a_day,
        "weeks": a_number,
    }


def read_cohort(
    source: str | bytes,
    known: KnownRecords,
    policy: Policy,
    *,
    day_order: DayOrder = "iso",
    today: date,
    started_by: PersonId | None = None,
    cohort: CohortId | None = None,
    update_people: bool = False,
    beside: str | None = None,
) -> CohortReport:
    """Read a CSV file with the columns of :func:`readers`, in any order; see ``docs/imports.md`` for what they hold.

    Dates are ISO 8601 or in the order declared. ``started_by`` is who is going to start the placements, if known: the
    HR of each role; ``cohort`` is the one that the file is for; ``beside`` is why placements may start beside others of
    the same person. People in the records keep what the file has no column for; where a row says otherwise of them, it
    is refused, unless it is to ``update_people``. Columns of protected characteristics are kept apart. Notes say where
    one person has two parts around a role that should be different people's. Never raises for what is in the file.
    """
    columns = readers(day_order)
    try:
        table = read_table(source, columns, is_protected, MAY_BE_MISSING, MOST_ROWS)
        _check_break_is_asked(table)
    except Unusable as unusable:
        return CohortReport(usable=False, problems=unusable.problems)
    missing = frozenset(columns) - frozenset(table.columns)
    check = Check(known, policy, today, started_by, missing, cohort, update_people, beside)
    for row in table.rows:
        read_row(row, check)
    refuse_doubles(table.rows, ["id"], "id")
    refuse_doubles(table.rows, ["email"], "email", comparable)
    refuse_doubles(table.rows, ["private_email"], "private_email", comparable)
    named = {(row.values.get("role") or "").upper() for row in table.rows}
    roles = [role for _, role in sorted(known.roles.items()) if role.id in named]
    of_file = [*_of_starter(roles, check), *_of_who_left(roles, known), *_of_size(len(table.rows))]
    steps = steps_with(policy.decision.approvals)
    notes = [note for role in roles for note in notes_of(role, notes_on(role, steps))]
    return _report(table.rows, of_file, notes, [column for column in table.columns if column not in columns], known)


def _check_break_is_asked(table: Table[Entry]) -> None:
    if not {"break_months", "break_began"} & set(table.columns):
        rule = "is missing; there must be this one or break_began"
        where = f"row {table.header}"
        raise Unusable(Problem(where=where, row=table.header, column="column break_months", rule=rule))


def _report(
    rows: list[Row[Entry]], of_file: list[Problem], notes: list[str], protected_columns: list[str], known: KnownRecords
) -> CohortReport:
    clean = [(row, *row.made) for row in rows if row.made is not None]
    return CohortReport(
        entries=len(rows),
        problems=[*of_file, *(problem for row in rows for problem in row.problems)],
        notes=notes,
        people=[person for _, person, _ in clean],
        participants=[participant for _, _, participant in clean],
        protected_columns=protected_columns,
        protected=[
            value
            for row, person, _ in clean
            for value in people_csv.protected_values(row, person.id, protected_columns)
        ],
        changes=[change for row, person, _ in clean for change in changes_of(row, person, known)],
    )


def _of_size(rows: int) -> Iterator[Problem]:
    if rows == 0:
        yield Problem(where="the file", rule="has no rows under its header, so nobody can take part")
    if rows > LARGEST_COHORT:
        rule = f"{rows:,} people would take part; a cohort has at most {LARGEST_COHORT:,}, so make several of them"
        yield Problem(where="the file", rule=rule)


def _of_who_left(roles: Sequence[Role], known: KnownRecords) -> Iterator[Problem]:
    """Which roles name somebody who has left the company: a problem for each that does, not for each row."""
    for role in roles:
        yield from (Problem(where="the file", rule=sentence) for sentence in role.left_in_words(known.left))


def _of_starter(roles: Sequence[Role], check: Check) -> Iterator[Problem]:
    """Which roles whoever starts the placements may not start any in: one problem of the file, not one of each row."""
    others = [role for role in roles if not may_start(role, check)]
    if others:
        which = ", ".join(f"{role.id} (for HR {role.hr} or head of HR {role.hr_lead})" for role in others)
        yield Problem(where="the file", rule=f"{check.started_by} can't start placements in {which}")
