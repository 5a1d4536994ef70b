"""Files of cohorts, for tests, and what the records know beside them."""

from __future__ import annotations

from datetime import date
from functools import cache

from domain.core.model import PersonId
from records.database import Database
from records.imports.cohort.cohort_csv import read_cohort, readers
from records.imports.cohort.people import KnownRecords
from records.imports.cohort.report import CohortReport
from records.imports.core.date_cells import DayOrder
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.people_csv import read_people
from records.imports.core.roles_yaml import read_roles
from tests.domain.factories import ROOT, shipped_policy

TODAY = date(2026, 9, 1)
POLICY = shipped_policy()
HR, MANAGER, MENTOR = "P-7LM2ZA", "P-5HN3TC", "P-6NB4YV"

COLUMNS = list(readers("iso"))
ANN = {
    "id": "P-ANN",
    "name": "Ann Lee",
    "email": "ann@example.org",
    "time_zone": "Europe/London",
    "country": "GB-ENG",
    "languages": "EN",
    "skills": "SQL; R",
    "preferences": "data",
    "break_months": "30",
    "underemployed": "no",
    "experience_years": "8",
    "role": "DATA1",
    "mentor": MENTOR,
    "starts_on": "2026-10-05",
    "weeks": "20",
}
BEN = ANN | {"id": "P-BEN", "name": "Ben Ode", "email": "ben@example.org"}


@cache
def office() -> KnownRecords:
    """The people and roles of the examples."""
    people = read_people((ROOT / "examples" / "people.csv").read_bytes()).people
    roles = read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known={person.id for person in people}).roles
    return KnownRecords(
        people={person.id: person for person in people},
        roles={role.id: role for role in roles},
    )


def sheet(*rows: dict[str, str], columns: list[str] = COLUMNS, delimiter: str = ",") -> str:
    """A CSV file, with the line ends of spreadsheet programs."""
    lines = [",".join(columns)] + [",".join(_quoted(row.get(column, "")) for column in columns) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).replace(",", delimiter)


def _quoted(cell: str) -> str:
    return f'"{cell}"' if {",", ";", "\n", "\r"} & set(cell) else cell


def check(
    source: str | bytes,
    known: KnownRecords | None = None,
    day_order: DayOrder = "iso",
    started_by: PersonId | None = HR,
) -> CohortReport:
    return read_cohort(source, known or office(), POLICY, day_order=day_order, today=TODAY, started_by=started_by)


def import_office(database: Database) -> None:
    """Bring the people and roles of the examples into the records."""
    people = read_people((ROOT / "examples" / "people.csv").read_bytes())
    roles = read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known={person.id for person in people.people})
    with database.session() as session:
        store_people(session, people)
        store_roles(session, roles)
