"""Questions to the HR database about cohorts. Each takes the session of a transaction, most often a reading one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.access import Viewer
from domain.core.model import CohortId
from domain.core.naming import Programme
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.queries.core.access import of_hr
from records.queries.core.people import Unknown, UnknownOfMany
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, TaskRecord

NAMED_AT_MOST = 10


def cohorts(session: Session) -> Sequence[CohortRecord]:
    """All cohorts as they are now, those that begin last first."""
    return session.scalars(select(CohortRecord).order_by(CohortRecord.starts_on.desc(), CohortRecord.cohort)).all()


def cohort(session: Session, cohort_id: CohortId) -> CohortRecord:
    """One cohort as it is now. Raises :class:`Unknown`, naming those there are."""
    record = session.get(CohortRecord, cohort_id)
    if record is None:
        raise _unknown(cohort_id, [record.cohort for record in cohorts(session)])
    return record


ASKED_TO_MENTOR = (TaskRecord.kind == TaskKind.MENTOR_REQUEST.value, TaskRecord.state == TaskState.OPEN.value)
"""Of ``tasks``: somebody is asked to be a mentor, and has not answered."""


def asked_to_mentor(session: Session, viewer: Viewer, cohort_id: CohortId) -> dict[str, int]:
    """How many of its placements, by their stage, wait for the answer of somebody who is asked to be the mentor; of
    those that somebody sees on the board."""
    query = (
        select(CaseRecord.stage, func.count(CaseRecord.case_id.distinct()))
        .join(TaskRecord, TaskRecord.case_id == CaseRecord.case_id)
        .where(
            CaseRecord.cohort == cohort_id,
            CaseRecord.programme == Programme.RETURNSHIP.value,
            *ASKED_TO_MENTOR,
            of_hr(viewer),
        )
        .group_by(CaseRecord.stage)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _unknown(cohort_id: CohortId, known: Sequence[CohortId]) -> Unknown:
    there_is_none = f"there is no cohort {cohort_id}"
    if not known:
        return Unknown(f"{there_is_none}; there are none yet")
    named = f"{there_is_none}; there {'is' if len(known) == 1 else 'are'} {', '.join(known[:NAMED_AT_MOST])}"
    more = len(known) - NAMED_AT_MOST
    return UnknownOfMany(f"{named} and {more} more") if more > 0 else Unknown(named)
