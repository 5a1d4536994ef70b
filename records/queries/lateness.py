"""Who is late with an answer, in the words of the database: :func:`domain.registry.lateness.is_late`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union
from sqlalchemy.orm import aliased

from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.registry.forms import MAY_EXPIRE
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, TaskRecord


def cases_with_a_late_task(now: datetime, but: Collection[TaskKind]) -> CompoundSelect[str]:
    """The cases of people that somebody is late in, if they are not paused; tasks of some kinds don't count.

    Those by real clocks, and those by the clock of a case that runs ahead, at a fast pace: each are found by an index.
    """
    ahead = aliased(CaseRecord)
    such = _open() & TaskRecord.kind.not_in([kind.value for kind in sorted(but)])
    by_now = select(TaskRecord.case_id).where(such, TaskRecord.due_at < now)
    by_its_clock = (
        select(TaskRecord.case_id)
        .join(ahead, ahead.case_id == TaskRecord.case_id)
        .where(such, ahead.told_at > now, TaskRecord.due_at < ahead.told_at)
    )
    return union(by_now, by_its_clock)


def late(now: datetime, *, of_cohorts: bool = False) -> ColumnElement[bool]:
    """Whether a task is late, in a query that has the row of its case beside it, and that of its cohort where tasks
    ``of_cohorts`` are among them."""
    clocks: list[ColumnElement[bool]] = [TaskRecord.due_at < now, TaskRecord.due_at < CaseRecord.told_at]
    running: list[ColumnElement[bool]] = [CaseRecord.paused.is_not(True)]
    if of_cohorts:
        clocks.append(TaskRecord.due_at < CohortRecord.at)
        running.append(CohortRecord.paused.is_not(True))
    return and_(_open(), or_(*clocks), *running)


def _open() -> ColumnElement[bool]:
    never = [kind.value for kind in sorted(MAY_EXPIRE)]
    return and_(TaskRecord.state == TaskState.OPEN.value, TaskRecord.kind.not_in(never))
