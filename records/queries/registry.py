"""Questions about a case of whatever kind, of somebody or of a cohort; and about a capacity of whatever."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.holdings import HEADCOUNT, CapacityId
from domain.core.model import CaseId
from domain.core.naming import COHORT, MENTOR_PLACES, Programme, cohort_case, mentor_of, programme_of
from domain.learning.enrolment import seats_in
from records.queries.cohort import cohorts
from records.queries.core.cases import case
from records.queries.core.people import Unknown
from records.tables.capacity import CapacityRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord
from records.tables.learning import TrainingRecord


def known(session: Session, case_id: CaseId) -> CaseRecord | CohortRecord | None:
    """The row of a case, be it that of a cohort or of somebody; None where the records have none."""
    if programme_of(case_id) is Programme.COHORT:
        return session.get(CohortRecord, case_id.removeprefix(COHORT))
    return session.get(CaseRecord, case_id)


def outcome(record: CaseRecord | CohortRecord) -> str | None:
    """How a case ended; None of one that goes on, and of a cohort, whose placements have one each."""
    return record.outcome if isinstance(record, CaseRecord) else None


def check_case(session: Session, case_id: CaseId) -> None:
    """Raise :class:`Unknown` for a case that the records do not have, be it that of a cohort or of somebody."""
    if programme_of(case_id) is Programme.COHORT:
        cohorts.cohort(session, case_id.removeprefix(COHORT))
    else:
        case(session, case_id)


def time_zones(session: Session) -> dict[CaseId, str | None]:
    """Where each case is at home, those of cohorts included."""
    of_cases = session.execute(select(CaseRecord.case_id, CaseRecord.time_zone))
    of_cohorts = session.execute(select(CohortRecord.cohort, CohortRecord.time_zone))
    zones = {record.case_id: record.time_zone for record in of_cases}
    return {**zones, **{cohort_case(record.cohort): record.time_zone for record in of_cohorts}}


def time_zone(session: Session, case: CaseId) -> str | None:
    """Where a case is at home; none for one that the records don't have."""
    record = known(session, case)
    return record.time_zone if record else None


def capacity(session: Session, capacity_id: CapacityId) -> CapacityRecord:
    """One capacity. Raises :class:`Unknown`."""
    record = session.get(CapacityRecord, capacity_id)
    if record is None:
        raise Unknown(_why_none(session, capacity_id))
    return record


def _why_none(session: Session, capacity_id: CapacityId) -> str:
    """A capacity begins when it is first asked for; what of is on record before that."""
    if _is_on_record(session, capacity_id):
        return f"nobody has asked for {capacity_id} yet; it comes into being when somebody does"
    return f"there is no capacity {capacity_id}; `capacity list` shows those there are"


def _is_on_record(session: Session, capacity_id: CapacityId) -> bool:
    """Whether the records know what a capacity is of: a session of a workshop, a mentor, the headcount of a role."""
    if capacity_id.startswith(MENTOR_PLACES):
        return session.get(PersonRecord, mentor_of(capacity_id)) is not None
    if capacity_id.startswith(f"{HEADCOUNT}-"):
        return session.scalars(select(RoleRecord.id).where(RoleRecord.headcount == capacity_id)).first() is not None
    workshops = session.execute(select(TrainingRecord.id, TrainingRecord.sessions))
    return any(seats_in(training, held["id"]) == capacity_id for training, sessions in workshops for held in sessions)
