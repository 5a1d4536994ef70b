"""What came of the programmes, by the records."""

from __future__ import annotations

from domain.core.model import CohortId
from records import reporting
from records.database import Database
from records.reporting import Report


def report(database: Database, cohort: CohortId | None = None) -> Report:
    """The report for HR, of all cases or those of a cohort; nobody is named in it."""
    with database.reading() as session:
        return reporting.report(session, cohort=cohort)
