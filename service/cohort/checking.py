"""A cohort file read and checked against the records and a policy."""

from __future__ import annotations

from dataclasses import replace

from domain.core.model import CohortId, PersonId
from domain.placement.policy import Policy
from records.database import Database
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords, known_records
from records.imports.cohort.report import CohortReport
from records.imports.core.date_cells import DayOrder
from service.core.today import today


def check_file(
    database: Database,
    source: bytes,
    policy: Policy,
    started_by: PersonId | None,
    day_order: DayOrder,
    *,
    cohort: CohortId | None,
    update_people: bool,
    rehearsed: bool = False,
    beside: str | None = None,
) -> tuple[CohortReport, KnownRecords]:
    """What a CSV file holds and what is wrong with it, and the records as they were looked at for that.

    One that is ``rehearsed`` may be of people who are placed already: it changes nothing of them.
    """
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
