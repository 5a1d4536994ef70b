"""Questions about a case of whatever kind, of somebody or of a cohort; and about a capacity of whatever."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.holdings import HEADCOUNT, CapacityId
from domain.core.model import CaseId
from domain.core.naming import COHORT, MENTOR_PLACES, Programme, cohort_case, mentor_of, programme_of
from domain.learning.enrolment import seats_in
from records.among import among
from records.queries.capacity.capacities import UnknownCapacity
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


def check_cohort(session: Session, cohort: str) -> None:
    """Raise :class:`Unknown`, naming those there are, for a cohort that has no cases and was never launched."""
    named = select(CaseRecord.cohort).where(CaseRecord.cohort.is_not(None)).distinct()
    known = {name for name in session.scalars(named.union(select(CohortRecord.cohort))) if name is not None}
    if cohort not in known:
        verb = "is" if len(known) == 1 else "are"
        there_are = f"there {verb} {', '.join(sorted(known))}" if known else "no case has one yet"
        raise Unknown(f"no cohort {cohort} in the records; {there_are}")


def all_cases(session: Session) -> list[CaseId]:
    """All cases there are, those of cohorts included."""
    cohorts_there = session.scalars(select(CohortRecord.cohort))
    return [*session.scalars(select(CaseRecord.case_id)), *map(cohort_case, cohorts_there)]


def time_zones(session: Session, cases: Iterable[CaseId]) -> dict[CaseId, str | None]:
    """Where each of these cases is at home, be it that of a cohort or of somebody."""
    wanted = set(cases)
    cohorts = [case.removeprefix(COHORT) for case in wanted if case.startswith(COHORT)]
    of_cases = select(CaseRecord.case_id, CaseRecord.time_zone).where(among(CaseRecord.case_id, wanted))
    of_cohorts = select(CohortRecord.cohort, CohortRecord.time_zone).where(among(CohortRecord.cohort, cohorts))
    found = dict(session.execute(of_cases).all())
    return found | {cohort_case(cohort): zone for cohort, zone in session.execute(of_cohorts)}


def time_zone(session: Session, case: CaseId) -> str | None:
    """Where a case is at home; none for one that the records don't have."""
    record = known(session, case)
    return record.time_zone if record else None


def capacity(session: Session, capacity_id: CapacityId) -> CapacityRecord:
    """One capacity. Raises :class:`Unknown`."""
    record = session.get(CapacityRecord, capacity_id)
    if record is None:
        raise _unknown(session, capacity_id)
    return record


def _unknown(session: Session, capacity_id: CapacityId) -> Unknown:
    """A capacity begins when it is first asked for; what of is on record before that."""
    if _is_on_record(session, capacity_id):
        return Unknown(f"nobody has asked for {capacity_id} yet; it comes into being when somebody does")
    return UnknownCapacity(f"there is no capacity {capacity_id}")


def _is_on_record(session: Session, capacity_id: CapacityId) -> bool:
    """Whether the records know what a capacity is of: a session of a workshop, a mentor, the headcount of a role."""
    if capacity_id.startswith(MENTOR_PLACES):
        return session.get(PersonRecord, mentor_of(capacity_id)) is not None
    if capacity_id.startswith(f"{HEADCOUNT}-"):
        return session.scalars(select(RoleRecord.id).where(RoleRecord.headcount == capacity_id)).first() is not None
    workshops = session.execute(select(TrainingRecord.id, TrainingRecord.sessions))
    return any(seats_in(training, held["id"]) == capacity_id for training, sessions in workshops for held in sessions)
