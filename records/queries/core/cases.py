"""Questions to the HR database about cases. Each takes the session of a transaction, most often a reading one.

What is found are rows of the tables; they may be read after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.model import CaseId, PersonId
from domain.core.tasks import CONFIDENTIAL, TaskState
from records.queries.core.people import Unknown
from records.tables.access import AskedRecord
from records.tables.core import AttemptRecord, CaseRecord, DecisionRecord, TaskRecord


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


def cases(
    session: Session, *, programme: str | None = None, cohort: str | None = None, first: int | None = None
) -> Sequence[CaseRecord]:
    """The cases (of a programme, of a cohort) as they are now, by id. The ``first`` are those that run, if need be."""
    query = select(CaseRecord).where(*_such_cases(programme, cohort))
    return session.scalars(_ordered(query, first)).all()


def _ordered(query: Select[Any], first: int | None) -> Select[Any]:
    if first is None:
        return query.order_by(CaseRecord.case_id)
    return query.order_by(CaseRecord.stage == ENDED, CaseRecord.case_id).limit(first)


def number_of_cases(session: Session, *, cohort: str | None = None) -> int:
    """How many cases there are (in a cohort)."""
    return session.scalar(select(func.count()).select_from(CaseRecord).where(*_such_cases(None, cohort))) or 0


def _such_cases(programme: str | None, cohort: str | None) -> list[ColumnElement[bool]]:
    conditions = [] if programme is None else [CaseRecord.programme == programme]
    return conditions if cohort is None else [*conditions, CaseRecord.cohort == cohort]


def inbox(
    session: Session, person: PersonId | None = None, case: CaseId | None = None, *, first: int | None = None
) -> Sequence[TaskRecord]:
    """Open tasks, the soonest due first: all, or those ``person`` may act on, those of a case.

    What is confidential is there for nobody but a ``person`` who may act on it.
    """
    query = select(TaskRecord).where(*_open(person, case))
    found = session.scalars(query.order_by(TaskRecord.due_at, TaskRecord.case_id).limit(first)).all()
    return sorted(found, key=lambda task: (task.due_at, task.case_id, int(task.task.rpartition("-")[2])))


def number_of_open_tasks(session: Session, person: PersonId | None = None, case: CaseId | None = None) -> int:
    """How many tasks are open (that ``person`` may act on, of ``case``)."""
    return session.scalar(select(func.count()).select_from(TaskRecord).where(*_open(person, case))) or 0


def _open(person: PersonId | None, case: CaseId | None) -> list[ColumnElement[bool]]:
    conditions = [TaskRecord.state == TaskState.OPEN.value]
    if case is not None:
        conditions.append(TaskRecord.case_id == case)
    if person is None:
        conditions.append(TaskRecord.kind.not_in([kind.value for kind in sorted(CONFIDENTIAL)]))
    else:
        conditions.append(TaskRecord.task.in_(select(AskedRecord.task).where(AskedRecord.person == person)))
    return conditions


def task(session: Session, task_id: str) -> TaskRecord:
    """One task. Raises :class:`Unknown`."""
    record = session.get(TaskRecord, task_id)
    if record is None:
        raise Unknown(f"no task {task_id} in the records")
    return record


def decisions(session: Session, case: CaseId) -> Sequence[DecisionRecord]:
    """The decisions of a case, in order; :func:`records.tampering.problems_of` checks their seals."""
    return session.scalars(_of(DecisionRecord, case)).all()


def attempts(session: Session, case: CaseId) -> Sequence[AttemptRecord]:
    """What the separation of duties kept people from in a case, in order."""
    return session.scalars(_of(AttemptRecord, case)).all()


def _of(table: type[DecisionRecord] | type[AttemptRecord], case: CaseId) -> Select[Any]:
    return select(table).where(table.case_id == case).order_by(table.n)
