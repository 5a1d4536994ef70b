"""A cohort file read and checked against the records and a policy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cli.core.resources import read_bytes, read_text
from cli.learners import today
from domain.core.model import CohortId, PersonId
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from records.database import Database
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords, known_records
from records.imports.core.csv_text import MOST_BYTES
from records.imports.core.date_cells import DayOrder
from records.imports.core.report import CohortReport


def policy_in(file: Path) -> Policy:
    """The policy in a file. Raises ``PolicyError``."""
    return read_policy(read_text(file), file.name, Policy)


def checked(
    database: Database,
    file: Path,
    policy: Policy,
    started_by: PersonId | None,
    day_order: DayOrder,
    *,
    cohort: CohortId | None,
    update_people: bool,
    rehearsed: bool = False,
    beside: str | None = None,
) -> tuple[CohortReport, KnownRecords]:
    """What the file holds and what is wrong with it, and the records as they were looked at for that.

    One that is ``rehearsed`` may be of people who are placed already: it changes nothing of them.
    """
    source = read_bytes(file, MOST_BYTES)
    with database.reading() as session:
        known = known_records(session)
    report = read_cohort(
        source,
        replace(known, placed={}) if rehearsed else known,
        policy,
        day_order=day_order,
        today=today(),
        started_by=started_by,
        cohort=cohort,
        update_people=update_people,
        beside=beside,
    )
    return report, known
