"""Questions to the HR database about cohorts. Each takes the session of a transaction, most often a reading one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.model import CohortId
from records.queries.core.people import Unknown, UnknownOfMany
from records.tables.cohort import CohortRecord

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


def _unknown(cohort_id: CohortId, known: Sequence[CohortId]) -> Unknown:
    there_is_none = f"there is no cohort {cohort_id}"
    if not known:
        return Unknown(f"{there_is_none}; there are none yet")
    named = f"{there_is_none}; there {'is' if len(known) == 1 else 'are'} {', '.join(known[:NAMED_AT_MOST])}"
    more = len(known) - NAMED_AT_MOST
    return UnknownOfMany(f"{named} and {more} more") if more > 0 else Unknown(named)
