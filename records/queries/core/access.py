"""Who somebody is by the records: the parts they play in cases, what they are asked, and their duties beyond cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Select, false, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from domain.core.access import RIGHTS, Action, Duty, Tie, Viewer
from domain.core.model import CaseId, Party, PersonId, RoleId
from domain.core.tasks import TaskState
from records.queries.core.people import Unknown
from records.queries.leaving import has_left
from records.tables.access import GrantRecord, PartHolderRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord, TaskRecord

BUDGETS = "budgets"
"""The duty of whoever owns the budget of a role, which nobody is granted."""

HrGranted: TypeAlias = tuple[PersonId, RoleId | None]
"""Somebody, and the role that they are HR of by a grant; none: all."""


def viewer(session: Session, person: PersonId, now: datetime) -> Viewer:
    """Somebody with all that gives them rights beyond their parts, by two queries. Raises :class:`Unknown`.

    Whoever has left the company has no duties any more.
    """
    record = session.get(PersonRecord, person)
    if record is None:
        raise Unknown(f"no person {person} in the records; import people first")
    return viewer_of(session, record, now)


def viewer_of(session: Session, record: PersonRecord, now: datetime) -> Viewer:
    """The same of somebody whose row is known already."""
    person = record.id
    seen = Viewer(person=record.id, name=record.name, language=record.reads, time_zone=record.time_zone)
    if has_left(record.time_zone, record.left_on, now):
        return seen
    duties = [(duty, role) for duty, role in session.execute(_duties_of(person))]
    return seen.model_copy(
        update={
            "hr_of": frozenset(role for duty, role in duties if duty == Duty.HR and role is not None),
            "hr_of_all": (Duty.HR, None) in duties,
            "operator": any(duty == Duty.OPERATOR for duty, _ in duties),
            "owns_budgets": any(duty == BUDGETS for duty, _ in duties),
        }
    )


def granted(person: PersonId | None = None, *, with_revoked: bool = False) -> Select[GrantRecord]:
    """The grants (of somebody) that count now, or all there ever were, in their order."""
    query = select(GrantRecord).order_by(GrantRecord.n)
    if person is not None:
        query = query.where(GrantRecord.person == person)
    return query if with_revoked else query.where(GrantRecord.revoked_at.is_(None))


def _duties_of(person: PersonId) -> CompoundSelect[str, RoleId | None]:
    """Somebody's duties, each with its role: those that were granted, and those of roles that name them."""
    grants = select(GrantRecord.duty, GrantRecord.role).where(
        GrantRecord.person == person, GrantRecord.revoked_at.is_(None)
    )
    is_hr = or_(RoleRecord.hr == person, RoleRecord.hr_lead == person)
    hr = select(literal(Duty.HR.value), RoleRecord.id).where(is_hr)
    budgets = select(literal(BUDGETS), RoleRecord.id).where(RoleRecord.budget_owner == person)
    return union_all(grants, hr, budgets)


def parts_in(session: Session, person: PersonId, case: CaseId) -> frozenset[Party]:
    """The parts somebody plays in a case now."""
    held = select(PartHolderRecord.party).where(PartHolderRecord.case_id == case, PartHolderRecord.person == person)
    return frozenset(map(Party, session.scalars(held)))


def role_of(session: Session, case: CaseId) -> RoleId | None:
    """The role of a case; none of a cohort's, and of one that the records don't have."""
    return session.scalar(select(CaseRecord.role).where(CaseRecord.case_id == case))


def ties_to(task: TaskRecord, person: PersonId) -> frozenset[Tie]:
    """What ties somebody to a task."""
    if task.state == TaskState.OPEN.value:
        was = person in (task.not_theirs or ())
        return frozenset({Tie.ASKED} if person in task.people else {Tie.WAS_ASKED} if was else ())
    return frozenset({Tie.WAS_ASKED} if person in [task.answered_by, *task.people] else ())


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which rows of ``cases`` somebody may see the pages of, as :data:`RIGHTS` has it: a condition of a query."""
    right = RIGHTS[Action.CASE]
    if viewer.hr_of_all or (right.operator and viewer.operator):
        return true()
    return or_(own(viewer.person), CaseRecord.role.in_(sorted(viewer.hr_of)) if viewer.hr_of else false())


def own(person: PersonId) -> ColumnElement[bool]:
    """Which rows of ``cases`` somebody may see because of a part they play there."""
    parts = sorted(party.value for party in RIGHTS[Action.CASE].parts)
    held = select(PartHolderRecord.case_id)
    return CaseRecord.case_id.in_(held.where(PartHolderRecord.person == person, PartHolderRecord.party.in_(parts)))


def of_hr(viewer: Viewer) -> ColumnElement[bool]:
    """Which rows of ``cases`` somebody sees on the board: those of roles whose HR they are, but for those about
    themselves, whose HR nobody is; operators see all."""
    if viewer.operator:
        return true()
    of_others = CaseRecord.person != viewer.person
    if viewer.hr_of_all:
        return of_others
    return of_others & CaseRecord.role.in_(sorted(viewer.hr_of)) if viewer.hr_of else false()


def hr_of(session: Session, person: PersonId, role: RoleId | None = None) -> bool:
    """Whether somebody is HR (of that role, or of any): named by a role, or by a grant."""
    named = select(RoleRecord.id).where(or_(RoleRecord.hr == person, RoleRecord.hr_lead == person))
    grants = select(GrantRecord.n).where(
        GrantRecord.person == person, GrantRecord.duty == Duty.HR.value, GrantRecord.revoked_at.is_(None)
    )
    if role is not None:
        named = named.where(RoleRecord.id == role)
        grants = grants.where(or_(GrantRecord.role == role, GrantRecord.role.is_(None)))
    return session.scalar(named.limit(1)) is not None or session.scalar(grants.limit(1)) is not None


def hr_granted(session: Session) -> frozenset[HrGranted]:
    """Who is HR of which roles by a grant."""
    grants = session.scalars(granted().where(GrantRecord.duty == Duty.HR.value))
    return frozenset((grant.person, grant.role) for grant in grants)


def hr_of_all(session: Session) -> Sequence[PersonId]:
    """Who was granted HR of all roles, by id."""
    grants = granted().where(GrantRecord.duty == Duty.HR.value, GrantRecord.role.is_(None))
    return sorted({grant.person for grant in session.scalars(grants)})
