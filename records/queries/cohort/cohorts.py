"""Questions to the HR database about cohorts. Each takes the session of a transaction, most often a reading one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.model import CohortId
from records.queries.core.people import Unknown
from records.tables.cohort import CohortRecord

NAMED_AT_MOST = 10


def cohorts(session: Session) -> Sequence[CohortRecord]:
    """All cohorts as they are now, those that begin last first."""
    return session.scalars(select(CohortRecord).order_by(CohortRecord.starts_on.desc(), CohortRecord.cohort)).all()


def cohort(session: Session, cohort_id: CohortId) -> CohortRecord:
    """One cohort as it is now. Raises :class:`Unknown`, naming those there are."""
    record = session.get(CohortRecord, cohort_id)
    if record is None:
        raise Unknown(f"there is no cohort {cohort_id}; {_known(session)}")
    return record


def _known(session: Session) -> str:
    known = [record.cohort for record in cohorts(session)]
    if not known:
        return "there are none yet"
    more = f" and {len(known) - NAMED_AT_MOST} more (`cohort list`)" if len(known) > NAMED_AT_MOST else ""
    return f"there {'is' if len(known) == 1 else 'are'} {', '.join(known[:NAMED_AT_MOST])}{more}"
