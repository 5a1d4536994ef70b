"""What is around tasks, of whatever programme: the cases they belong to, what is called what, who may be meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId, RoleId
from domain.core.naming import COHORT, cohort_case
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.among import among
from records.tables.access import PartHolderRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord, TaskRecord

AnyCase: TypeAlias = CaseRecord | CohortRecord


def cases_of(session: Session, ids: Collection[CaseId]) -> dict[CaseId, AnyCase]:
    """The rows of these cases, those of cohorts included, as far as the records have them; by two queries."""
    cohorts = [case.removeprefix(COHORT) for case in ids if case.startswith(COHORT)]
    of_people = session.scalars(select(CaseRecord).where(among(CaseRecord.case_id, ids)))
    of_cohorts = session.scalars(select(CohortRecord).where(among(CohortRecord.cohort, cohorts)))
    found: dict[CaseId, AnyCase] = {case.case_id: case for case in of_people}
    return found | {cohort_case(cohort.cohort): cohort for cohort in of_cohorts}


def role_titles(session: Session, roles: Collection[RoleId]) -> dict[RoleId, str]:
    """What these roles are called."""
    found = session.execute(select(RoleRecord.id, RoleRecord.title).where(among(RoleRecord.id, roles)))
    return {role.id: role.title for role in found}


def answered(session: Session, case: CaseId, kinds: Collection[TaskKind]) -> Sequence[TaskRecord]:
    """The answered tasks of these kinds in a case, in the order in which they were answered."""
    query = select(TaskRecord).where(
        TaskRecord.case_id == case,
        TaskRecord.kind.in_([kind.value for kind in sorted(kinds)]),
        TaskRecord.state == TaskState.ANSWERED.value,
    )
    return session.scalars(query.order_by(TaskRecord.closed_at)).all()


def asked_once_more(session: Session, case: CaseId, task: str) -> str | None:
    """The task that asks this one once more, if there is one."""
    return session.scalar(select(TaskRecord.task).where(TaskRecord.case_id == case, TaskRecord.reopens == task))


def people_around(session: Session, case: CaseId, *, mentors: int = 0) -> dict[PersonId, str]:
    """Who has a part in a case, and so many of those who offer to be a mentor: whom somebody may want to name."""
    holders = select(PartHolderRecord.person).where(PartHolderRecord.case_id == case)
    around = PersonRecord.id.in_(holders)
    wanted = or_(around, PersonRecord.mentor) if mentors else around
    query = select(PersonRecord.id, PersonRecord.name).where(wanted, PersonRecord.left_on.is_(None))
    return {person.id: person.name for person in session.execute(query.order_by(PersonRecord.name).limit(50 + mentors))}
