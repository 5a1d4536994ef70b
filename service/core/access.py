"""Who may do what, for whoever asks: by the records of this moment; and duties beyond cases, granted and revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from domain.core.access import Action, Duty, Tie, Viewer, may
from domain.core.model import CaseId, Party, PersonId, RoleId
from domain.core.tasks import CONFIDENTIAL
from records.database import Database, lock
from records.queries import leaving
from records.queries.core import access as queries
from records.queries.core import people as in_records
from records.queries.core.cases import task as task_on_record
from records.tables.access import GrantRecord
from records.tables.core import TaskRecord
from service.core.errors import Refused


@dataclass(frozen=True)
class InCase:
    """What somebody is in a case: the ``parts`` they play, and what ties them to the task, if it is about one."""

    viewer: Viewer
    case: CaseId
    role: RoleId | None
    parts: frozenset[Party | Tie]

    def may(self, action: Action) -> bool:
        """Whether they may do that there."""
        return may(self.viewer, action, self.parts, role=self.role)


def viewer_of(database: Database, person: PersonId) -> Viewer:
    """Somebody with their duties. Raises ``Unknown``."""
    with database.reading() as session:
        return queries.viewer(session, person, datetime.now(UTC))


def in_case(database: Database, viewer: Viewer, case: CaseId) -> InCase:
    """What somebody is in a case, by two queries; nothing in one that the records don't have."""
    with database.reading() as session:
        return in_case_of(session, viewer, case)


def in_case_of(session: Session, viewer: Viewer, case: CaseId) -> InCase:
    """The same, within a transaction."""
    parts = queries.parts_in(session, viewer.person, case)
    return InCase(viewer, case, queries.role_of(session, case), frozenset(parts))


def in_task(database: Database, viewer: Viewer, task: str) -> tuple[InCase, TaskRecord]:
    """What somebody is to a task and in its case, and the task. Raises ``Unknown``.

    Also of a task that they may not see: what may be shown of it, :func:`may_see_task` says.
    """
    with database.reading() as session:
        return in_task_of(session, viewer, task)


def in_task_of(session: Session, viewer: Viewer, task: str) -> tuple[InCase, TaskRecord]:
    """The same, within a transaction."""
    record = task_on_record(session, task)
    there = in_case_of(session, viewer, record.case_id)
    ties = queries.ties_to(record, viewer.person)
    return InCase(viewer, there.case, there.role, there.parts | ties), record


def may_see_task(there: InCase, task: TaskRecord) -> bool:
    """Whether somebody may see a task: of what is confidential only those who are asked, or were."""
    return there.may(Action.CONFIDENTIAL_TASK if task.kind in CONFIDENTIAL else Action.TASK)


# Duties beyond cases


@dataclass(frozen=True)
class Grant:
    """A duty that somebody has, or had, beyond cases; without ``by`` whoever holds the machine granted it."""

    n: int
    person: PersonId
    duty: Duty
    role: RoleId | None
    by: PersonId | None
    at: datetime
    revoked_by: PersonId | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Access:
    """The grants there are (or ever were), in their order, and who is HR by the records of roles, by role."""

    grants: Sequence[Grant]
    named: Mapping[RoleId, Sequence[PersonId]]
    names: Mapping[PersonId, str]


def access(database: Database, person: PersonId | None = None, *, with_revoked: bool = False) -> Access:
    """Who has which duties beyond cases (of somebody). Raises ``Unknown`` for somebody who is not on record."""
    with database.reading() as session:
        if person is not None:
            in_records.person(session, person)
        grants = [_grant(record) for record in session.scalars(queries.granted(person, with_revoked=with_revoked))]
        named = {
            role.id: list(dict.fromkeys([role.hr, role.hr_lead]))
            for role in in_records.roles(session)
            if person is None or person in (role.hr, role.hr_lead)
        }
        people = {who for grant in grants for who in (grant.person, grant.by, grant.revoked_by) if who}
        people |= {who for hr in named.values() for who in hr}
        return Access(grants, named, in_records.names(session, people))


def grant(
    database: Database, person: PersonId, duty: Duty, role: RoleId | None = None, *, by: PersonId | None = None
) -> Grant:
    """Grant a duty: HR of a ``role``, or without one of all; or operator. One that they have already stays as it is.

    It is for HR of all roles, and nobody grants themselves anything. As long as nobody is HR of all roles, whoever
    holds the machine may grant, and names nobody (``by``). Raises ``Unknown`` and :class:`Refused`.
    """
    if duty is Duty.OPERATOR and role is not None:
        raise Refused("role: an operator is one of all cases, and of no role", "invalid")
    with database.session() as session:
        lock(session, "access grants")
        now = datetime.now(UTC)
        in_records.person(session, person)
        if role is not None:
            in_records.role(session, role)
        _check_here(session, person, now)
        check_may_grant(session, by, now)
        if by == person:
            raise Refused(
                f"{by} can't grant themselves anything: somebody else who is HR of all roles does", "forbidden"
            )
        if (there := _there(session, person, duty, role)) is not None:
            return _grant(there)
        record = GrantRecord(person=person, duty=duty.value, role=role, granted_by=by, granted_at=now)
        session.add(record)
        session.flush()
        return _grant(record)


def revoke(
    database: Database, person: PersonId, duty: Duty, role: RoleId | None = None, *, by: PersonId | None = None
) -> Grant:
    """Take a duty back; that it was granted stays on record. For the same people, and for whoever gives up their own.

    Raises ``Unknown``, and :class:`Refused` where they don't have it.
    """
    with database.session() as session:
        lock(session, "access grants")
        now = datetime.now(UTC)
        in_records.person(session, person)
        if by is None or by != person:
            check_may_grant(session, by, now)
        if (there := _there(session, person, duty, role)) is None:
            of = f" of {role}" if role else " of all roles" if duty is Duty.HR else ""
            raise Refused(f"{person} was not granted {_SPOKEN[duty]}{of}, or not any more", "conflict")
        there.revoked_by, there.revoked_at = by, now
        session.flush()
        return _grant(there)


_SPOKEN = {Duty.HR: "HR", Duty.OPERATOR: "operator"}


def _there(session: Session, person: PersonId, duty: Duty, role: RoleId | None) -> GrantRecord | None:
    same = queries.granted(person).where(GrantRecord.duty == duty.value)
    return session.scalars(same.where(GrantRecord.role.is_(None) if role is None else GrantRecord.role == role)).first()


def check_may_grant(session: Session, by: PersonId | None, now: datetime) -> None:
    """Raise :class:`Refused` for anybody but HR of all roles; as long as there is none, nobody needs to be named."""
    hr = list(queries.hr_of_all(session))
    left = leaving.on_record(session, hr, now).left
    there = [person for person in hr if person not in left]
    if by is not None:
        _check_here(session, by, now)
        if by not in there:
            raise Refused(f"{by} can't grant or revoke duties: it is for HR of all roles", "forbidden")
    elif there:
        raise Refused(
            f"say who does it: {there[0]} is HR of all roles; only as long as nobody is, whoever holds the machine may",
            "forbidden",
        )


def _check_here(session: Session, person: PersonId, now: datetime) -> None:
    in_records.person(session, person)
    found = leaving.on_record(session, [person], now)
    if person in found.left:
        raise Refused(found.left_in_words(person), "forbidden")


def _grant(record: GrantRecord) -> Grant:
    return Grant(
        n=record.n,
        person=record.person,
        duty=Duty(record.duty),
        role=record.role,
        by=record.granted_by,
        at=record.granted_at,
        revoked_by=record.revoked_by,
        revoked_at=record.revoked_at,
    )
