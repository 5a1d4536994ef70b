"""What came of the programmes, by the records."""

from __future__ import annotations

from domain.core.languages import ENGLISH
from domain.core.model import CohortId
from records import reporting
from records.database import Database
from records.queries.core.policies import titles_on_record
from records.reporting import Report


def report(database: Database, cohort: CohortId | None = None) -> Report:
    """The report for HR, of all cases or those of a cohort; nobody is named in it."""
    with database.reading() as session:
        return reporting.report(session, cohort=cohort)


def titles_in(database: Database, language: str) -> dict[str, str]:
    """What the texts of policies, such as the questions of pulses, are in a language, by the texts; none in English."""
    if language == ENGLISH:
        return {}
    with database.reading() as session:
        return titles_on_record(session, language)
