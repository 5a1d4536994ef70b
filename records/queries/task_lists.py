"""The open tasks that somebody may act on, with what a list says of each: by one question, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from domain.core.model import CaseId, PersonId
from domain.core.naming import CERTIFICATION, COHORT, PATH, Programme
from domain.core.tasks import TaskState
from records.queries.lateness import late
from records.tables.access import AskedRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord, TaskRecord


@dataclass(frozen=True)
class Wanted:
    """Which of them: those of one programme, overdue ones; not the one task that somebody has before them (``but``)."""

    programme: Programme | None = None
    overdue: bool = False
    but: str | None = None


class ListedTask(NamedTuple):
    """A task. ``person`` is whom its case is about, in ``role``, whose title is ``role_title``; of a cohort there is
    its ``cohort_title`` instead. Names are none where the records know none."""

    task: str
    case_id: CaseId
    kind: str
    subject: str
    due_at: datetime
    assignee: PersonId
    assignee_name: str | None
    people: list[PersonId]
    not_theirs: list[PersonId] | None
    reopens: str | None
    person: PersonId | None
    person_name: str | None
    role: str | None
    role_title: str | None
    cohort_title: str | None
    policy: str | None
    late: bool | None


class Totals(NamedTuple):
    """How many tasks wait for somebody, how many of them are overdue, and how many are such as are wanted."""

    all: int
    overdue: int
    wanted: int


def listed(
    session: Session, person: PersonId, wanted: Wanted, now: datetime, *, first: int = 0, many: int
) -> Sequence[ListedTask]:
    """So many of them from the ``first`` on (counted from 0): what is late first, then the soonest due."""
    about, assignee = aliased(PersonRecord), aliased(PersonRecord)
    is_late = late(now, of_cohorts=True)
    query = (
        select(
            TaskRecord.task,
            TaskRecord.case_id,
            TaskRecord.kind,
            TaskRecord.subject,
            TaskRecord.due_at,
            TaskRecord.assignee,
            assignee.name,
            TaskRecord.people,
            TaskRecord.not_theirs,
            TaskRecord.reopens,
            CaseRecord.person,
            about.name,
            CaseRecord.role,
            RoleRecord.title,
            CohortRecord.title,
            CaseRecord.policy,
            is_late,
        )
        .join(AskedRecord, AskedRecord.task == TaskRecord.task)
        .outerjoin(CaseRecord, CaseRecord.case_id == TaskRecord.case_id)
        .outerjoin(CohortRecord, and_(_begins(COHORT), CohortRecord.cohort == _without(COHORT)))
        .outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
        .outerjoin(about, about.id == CaseRecord.person)
        .outerjoin(assignee, assignee.id == TaskRecord.assignee)
        .where(*_open(person), *_such(wanted, now))
        # Of tasks of one case that are due at once, the one that was asked first: its number may have fewer digits.
        .order_by(
            ~func.coalesce(is_late, false()),
            TaskRecord.due_at,
            TaskRecord.case_id,
            func.length(TaskRecord.task),
            TaskRecord.task,
        )
    )
    return [ListedTask._make(row) for row in session.execute(query.offset(first).limit(many))]


def totals(session: Session, person: PersonId, wanted: Wanted, now: datetime) -> Totals:
    """How many there are."""
    query = (
        select(
            func.count(),
            func.count().filter(late(now, of_cohorts=True)),
            func.count().filter(and_(True, *_such(wanted, now))),
        )
        .select_from(TaskRecord)
        .join(AskedRecord, AskedRecord.task == TaskRecord.task)
        .outerjoin(CaseRecord, CaseRecord.case_id == TaskRecord.case_id)
        .outerjoin(CohortRecord, and_(_begins(COHORT), CohortRecord.cohort == _without(COHORT)))
        .where(*_open(person))
    )
    return Totals(*session.execute(query).one())


def _open(person: PersonId) -> list[ColumnElement[bool]]:
    return [AskedRecord.person == person, TaskRecord.state == TaskState.OPEN.value]


def _such(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found = [] if wanted.programme is None else [_of_programme(wanted.programme)]
    if wanted.overdue:
        found.append(late(now, of_cohorts=True))
    if wanted.but is not None:
        found.append(TaskRecord.task != wanted.but)
    return found


_PREFIXES = {Programme.UPSKILLING: PATH, Programme.CERTIFICATION: CERTIFICATION, Programme.COHORT: COHORT}


def _of_programme(programme: Programme) -> ColumnElement[bool]:
    """The id of a case tells its programme, as :func:`domain.core.naming.programme_of` has it."""
    if programme in _PREFIXES:
        return _begins(_PREFIXES[programme])
    return not_(or_(*map(_begins, _PREFIXES.values())))


def _begins(prefix: str) -> ColumnElement[bool]:
    return func.substr(TaskRecord.case_id, 1, len(prefix)) == prefix


def _without(prefix: str) -> ColumnElement[str]:
    return func.substr(TaskRecord.case_id, len(prefix) + 1)
