"""Questions about a case of whatever kind: of somebody, or of a cohort."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.core.model import CaseId
from domain.core.naming import COHORT, Programme, programme_of
from records.queries.cohort import cohorts
from records.queries.core.cases import case


def check_case(session: Session, case_id: CaseId) -> None:
    """Raise :class:`Unknown` for a case that the records do not have, be it that of a cohort or of somebody."""
    if programme_of(case_id) is Programme.COHORT:
        cohorts.cohort(session, case_id.removeprefix(COHORT))
    else:
        case(session, case_id)
