"""Questions to the HR database about cases. Each takes the session of a transaction, most often a reading one.

What is found are rows of the tables; they may be read after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId
from domain.core.tasks import TaskState
from records.queries.core.people import Unknown
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


def cases(session: Session, *, programme: str | None = None, cohort: str | None = None) -> Sequence[CaseRecord]:
    """The cases (of a programme, of a cohort) as they are now, by id."""
    query = select(CaseRecord).order_by(CaseRecord.case_id)
    if programme is not None:
        query = query.where(CaseRecord.programme == programme)
    if cohort is not None:
        query = query.where(CaseRecord.cohort == cohort)
    return session.scalars(query).all()


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


def decisions(session: Session, case: CaseId) -> Sequence[DecisionRecord]:
    """The decisions of a case, in order; :func:`records.tampering.problems_of` checks their seals."""
    return session.scalars(_of(DecisionRecord, case)).all()


def attempts(session: Session, case: CaseId) -> Sequence[AttemptRecord]:
    """What the separation of duties kept people from in a case, in order."""
    return session.scalars(_of(AttemptRecord, case)).all()


def _of(table: type[DecisionRecord] | type[AttemptRecord], case: CaseId) -> Select[Any]:
    return select(table).where(table.case_id == case).order_by(table.n)
