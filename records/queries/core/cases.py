"""Questions to the HR database about cases. Each takes the session of a transaction, most often a reading one.

What is found are rows of the tables; they may be read after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId, RoleId
from domain.core.naming import COHORT, Programme, cohort_case, programme_of
from domain.core.tasks import TaskState
from records.queries.core.people import Unknown
from records.tables.cohort import CohortRecord
from records.tables.core import AttemptRecord, CaseRecord, DecisionRecord, StageRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tables.placement import MentorshipRecord, PayRecord


def case_of_task(task_id: str) -> CaseId:
    """The case a task belongs to, which its id tells (``<case>-<n>``). Raises :class:`Unknown`."""
    case, _, n = task_id.rpartition("-")
    if not case or not n.isascii() or not n.isdigit():
        raise Unknown(f"{task_id} is not the id of a task; those look like R-7F3K2M-DATA1-4")
    return case


def case(session: Session, case_id: CaseId) -> CaseRecord:
    """One case as it is now. Raises :class:`Unknown`."""
    record = session.get(CaseRecord, case_id)
    if record is None:
        raise Unknown(f"no case {case_id} in the records; it was started a moment ago, or never")
    return record


def time_zones(session: Session) -> dict[CaseId, str | None]:
    """Where each case is at home, those of cohorts included."""
    of_cases = session.execute(select(CaseRecord.case_id, CaseRecord.time_zone))
    of_cohorts = session.execute(select(CohortRecord.cohort, CohortRecord.time_zone))
    zones = {record.case_id: record.time_zone for record in of_cases}
    return {**zones, **{cohort_case(record.cohort): record.time_zone for record in of_cohorts}}


def time_zone(session: Session, case: CaseId) -> str | None:
    """Where a case is at home; none for one that the records don't have."""
    if programme_of(case) is Programme.COHORT:
        cohort = session.get(CohortRecord, case.removeprefix(COHORT))
        return cohort.time_zone if cohort else None
    record = session.get(CaseRecord, case)
    return record.time_zone if record else None


def cases(
    session: Session,
    *,
    programme: str | None = None,
    stage: str | None = None,
    cohort: str | None = None,
    role: RoleId | None = None,
    person: PersonId | None = None,
    mentor: PersonId | None = None,
    at_risk: bool | None = None,
    ended: bool | None = None,
) -> Sequence[CaseRecord]:
    """The cases to which the given conditions apply, as they are now, by id. ``ended`` ones have an outcome."""
    equal = {
        CaseRecord.programme: programme,
        CaseRecord.stage: stage,
        CaseRecord.cohort: cohort,
        CaseRecord.role: role,
        CaseRecord.person: person,
        CaseRecord.mentor: mentor,
    }
    query = select(CaseRecord).where(*(column == value for column, value in equal.items() if value is not None))
    if ended is not None:
        query = query.where(CaseRecord.outcome.is_not(None) if ended else CaseRecord.outcome.is_(None))
    records = session.scalars(query.order_by(CaseRecord.case_id)).all()
    return [record for record in records if at_risk is None or bool(record.at_risk) is at_risk]


def inbox(session: Session, person: PersonId | None = None, case: CaseId | None = None) -> Sequence[TaskRecord]:
    """Open tasks, the soonest due first: those ``person`` may act on, those of ``case``, or all there are."""
    query = select(TaskRecord).where(TaskRecord.state == TaskState.OPEN.value)
    if case is not None:
        query = query.where(TaskRecord.case_id == case)
    if person is not None:
        query = query.where(cast(TaskRecord.people, Text).contains(f'"{person}"', autoescape=True))
    found = session.scalars(query).all()
    return sorted(found, key=lambda task: (task.due_at, task.case_id, int(task.task.rpartition("-")[2])))


def task(session: Session, task_id: str) -> TaskRecord:
    """One task. Raises :class:`Unknown`."""
    record = session.get(TaskRecord, task_id)
    if record is None:
        raise Unknown(f"no task {task_id} in the records")
    return record


def stages(session: Session, case: CaseId) -> Sequence[StageRecord]:
    """The stages a case went through, in order."""
    return session.scalars(_of(StageRecord, case)).all()


def decisions(session: Session, case: CaseId) -> Sequence[DecisionRecord]:
    """The decisions of a case, in order; :func:`records.journal.verify_decisions` checks their seals."""
    return session.scalars(_of(DecisionRecord, case)).all()


def pay_instructions(session: Session, case: CaseId) -> Sequence[PayRecord]:
    """What is to be paid in a case, in order."""
    return session.scalars(_of(PayRecord, case)).all()


def mentorships(session: Session, case: CaseId) -> Sequence[MentorshipRecord]:
    """Everybody who was asked to mentor in a case, in order."""
    return session.scalars(_of(MentorshipRecord, case)).all()


def attempts(session: Session, case: CaseId) -> Sequence[AttemptRecord]:
    """What the separation of duties kept people from in a case, in order."""
    return session.scalars(_of(AttemptRecord, case)).all()


def mails(session: Session, case: CaseId) -> Sequence[MailRecord]:
    """The mails of a case, in the order they were sent."""
    query = select(MailRecord).where(MailRecord.case_id == case)
    return session.scalars(query.order_by(MailRecord.sent_at, MailRecord.message_id)).all()


def _of(
    table: type[StageRecord] | type[DecisionRecord] | type[PayRecord] | type[MentorshipRecord] | type[AttemptRecord],
    case: CaseId,
) -> Select[Any]:
    return select(table).where(table.case_id == case).order_by(table.n)
