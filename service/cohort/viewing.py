"""A cohort as HR sees it: its own state, and what the records know of its placements."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio.client import Client

from domain.core.access import Viewer
from domain.core.model import CohortId
from domain.core.naming import cohort_case
from records import reporting
from records.database import Database
from records.errors import RecordsError
from records.queries.cohort import cohorts as in_records
from records.queries.core import cases as queries
from records.queries.core.board import values
from records.tables.cohort import CohortRecord
from service.core.asking import view


def cohorts(database: Database) -> Sequence[CohortRecord]:
    """All cohorts as the records know them, those that begin last first."""
    with database.reading() as session:
        return in_records.cohorts(session)


def cohort(database: Database, cohort_id: CohortId) -> CohortRecord | None:
    """One cohort as the records know it; none where no such cohort was launched."""
    with database.reading() as session:
        return session.get(CohortRecord, cohort_id)


def names_alone(database: Database, viewer: Viewer) -> Sequence[CohortId]:
    """The names of cohorts that cases on somebody's board carry, and that were never launched.

    They filter the board and reports as those do that were; they have no page.
    """
    with database.reading() as session:
        launched = {cohort.cohort for cohort in in_records.cohorts(session)}
        return [name for name in values(session, viewer, "cohort") if name not in launched]


async def state_of(client: Client, database: Database, cohort: CohortId, seconds: float) -> dict[str, Any]:
    """A cohort's own state, running or ended. Raises as :func:`service.core.asking.view` does."""
    return await view(client, database, cohort_case(cohort), seconds)


async def seen_by_hr(client: Client, database: Database, cohort: CohortId, seconds: float) -> dict[str, Any]:
    """The state, with where each placement stands (``cases``) and the ``figures`` as they are now, by the records.

    Without these two where the records can't be used now: the cohort's own state says enough.
    """
    state = await state_of(client, database, cohort, seconds)
    return state | await asyncio.to_thread(_on_record, database, cohort)


def _on_record(database: Database, cohort: CohortId) -> dict[str, Any]:
    try:
        with database.reading() as session:
            cases = queries.cases(session, cohort=cohort)
            figures = reporting.cohort_figures(session, cohort)
    except RecordsError:
        return {}
    on_record = {
        placement.case_id: {
            "stage": placement.stage,
            "week": placement.week,
            "paused": placement.paused,
            "mentor": placement.mentor,
            "outcome": placement.outcome,
            "at_risk": placement.at_risk,
        }
        for placement in cases
    }
    return {"cases": on_record, "figures": figures.model_dump(mode="json")}
