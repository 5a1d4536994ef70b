"""Cases for a board: those that somebody may see and that fit filters, a page at a time, and how many there are."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session

from domain.core.access import Viewer
from domain.core.case import ENDED
from domain.core.model import PERSON_ID, CaseId, CohortId, PersonId, RoleId
from domain.core.tasks import CONFIDENTIAL, TaskState
from records.among import among
from records.queries.core.access import of_hr
from records.queries.core.called import whose_name_holds
from records.queries.lateness import cases_with_a_late_task, late
from records.tables.core import CaseRecord, TaskRecord

MOST_FOUND = 200
"""So many people a part of a name may find; who means fewer types more of it."""

Which = Literal["running", "ended", "all"]


@dataclass(frozen=True)
class BoardFilter:
    """What is looked for; what is none is not asked. ``person`` is an id or a part of a name."""

    programme: str | None = None
    stage: str | None = None
    cohort: CohortId | None = None
    role: RoleId | None = None
    person: str | None = None
    at_risk: bool = False
    overdue: bool = False
    which: Which = "running"


class StageCount(NamedTuple):
    """How many cases there are in a stage of a programme, and how many of them are at risk, or overdue."""

    programme: str
    stage: str
    cases: int
    at_risk: int
    overdue: int


def page(
    session: Session, viewer: Viewer, wanted: BoardFilter, now: datetime, *, first: int, many: int
) -> Sequence[CaseRecord]:
    """So many cases from the ``first`` on (counted from 0), by id."""
    query = select(CaseRecord).where(*_conditions(session, viewer, wanted, now))
    return session.scalars(query.order_by(CaseRecord.case_id).offset(first).limit(many)).all()


def counts(session: Session, viewer: Viewer, wanted: BoardFilter, now: datetime) -> list[StageCount]:
    """How many there are, by programme and stage."""
    are_late = _late(now)
    found = (
        select(
            CaseRecord.programme,
            CaseRecord.stage,
            func.count(),
            func.count().filter(_is_at_risk()),
            func.count().filter(are_late),
        )
        .where(*_conditions(session, viewer, wanted, now))
        .group_by(CaseRecord.programme, CaseRecord.stage)
    )
    return [StageCount(*row) for row in session.execute(found)]


def values(session: Session, viewer: Viewer, column: Literal["cohort", "role"]) -> list[str]:
    """The cohorts, or roles, of the cases that somebody may see, in order."""
    of = {"cohort": CaseRecord.cohort, "role": CaseRecord.role}[column]
    # From one value to the next, by the index: databases would read all cases for the few values there are.
    first = select(func.min(of).label("value")).where(of_hr(viewer)).cte("found", recursive=True)
    following = select(func.min(of)).where(of_hr(viewer), of > first.c.value).scalar_subquery()
    found = first.union_all(select(following).where(first.c.value.is_not(None)))
    return list(session.scalars(select(found.c.value).where(found.c.value.is_not(None))))


class Awaited(NamedTuple):
    """An answer that a case waits for: of whom, by the part that they play, by when, and whether it is late."""

    party: str
    due_at: datetime
    late: bool


def awaited(session: Session, cases: Collection[CaseId], now: datetime) -> dict[CaseId, list[Awaited]]:
    """What these cases wait for, the soonest due first. What is confidential is not there."""
    query = (
        select(TaskRecord.case_id, TaskRecord.party, TaskRecord.due_at, late(now))
        .outerjoin(CaseRecord, CaseRecord.case_id == TaskRecord.case_id)
        .where(among(TaskRecord.case_id, cases), TaskRecord.state == TaskState.OPEN.value, _not_confidential())
    )
    found: dict[CaseId, list[Awaited]] = {}
    for case, party, due_at, is_late in session.execute(
        query.order_by(TaskRecord.due_at, func.length(TaskRecord.task), TaskRecord.task)
    ):
        found.setdefault(case, []).append(Awaited(party, due_at, bool(is_late)))
    return found


def _conditions(session: Session, viewer: Viewer, wanted: BoardFilter, now: datetime) -> list[ColumnElement[bool]]:
    equal = {
        CaseRecord.programme: wanted.programme,
        CaseRecord.stage: wanted.stage,
        CaseRecord.cohort: wanted.cohort,
        CaseRecord.role: wanted.role,
    }
    found = [of_hr(viewer), *(column == value for column, value in equal.items() if value is not None)]
    if wanted.which != "all" and wanted.stage is None:
        found.append(CaseRecord.stage != ENDED if wanted.which == "running" else CaseRecord.stage == ENDED)
    if wanted.person is not None:
        found.append(among(CaseRecord.person, _people(session, wanted.person)))
    if wanted.at_risk:
        found.append(_is_at_risk())
    if wanted.overdue:
        found.append(_late(now))
    return found


def _people(session: Session, text: str) -> Sequence[PersonId]:
    """Who is meant by an id or a part of a name."""
    if re.fullmatch(PERSON_ID, text.upper()):
        return [text.upper()]
    return whose_name_holds(session, text, MOST_FOUND)


def _is_at_risk() -> ColumnElement[bool]:
    return cast(CaseRecord.at_risk, Text) != "[]"


def _late(now: datetime) -> ColumnElement[bool]:
    """Whether somebody has not answered in time; in a case that is paused, all time stands still."""
    return CaseRecord.case_id.in_(cases_with_a_late_task(now, but=CONFIDENTIAL)) & CaseRecord.paused.is_(False)


def _not_confidential() -> ColumnElement[bool]:
    return TaskRecord.kind.not_in([kind.value for kind in sorted(CONFIDENTIAL)])
