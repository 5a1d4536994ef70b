"""What simulated people see: the tasks and cases in the rehearsal's records, looked at as cheaply as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnClause, Integer, literal_column, select

from domain.core.model import CaseId, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.queries.placement.mentors import asked_in
from records.tables.core import CaseRecord, StageRecord, TaskRecord

ROW: ColumnClause[int] = literal_column("tasks.rowid", Integer)
"""SQLite counts the rows of a table as they come; a task that only changes keeps its number."""


@dataclass(frozen=True)
class TaskNow:
    """A task as the records have it now. ``people`` are those who may act on it now, the one who is asked first."""

    task: str
    case: CaseId
    kind: TaskKind
    subject: str
    people: list[PersonId]
    opened_at: datetime
    due_at: datetime
    open: bool
    facts: dict[str, Any]


@dataclass(frozen=True)
class CaseNow:
    """A case as the records have it now."""

    stage: str
    outcome: str | None
    mentor: PersonId | None


class RecordsView:
    """Looks into the rehearsal's records."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last_row = 0

    def new_tasks(self) -> list[TaskNow]:
        """The tasks that have come since the last look."""
        query = select(ROW, TaskRecord).where(self._last_row < ROW).order_by(ROW)
        with self._database.reading() as session:
            rows = session.execute(query).all()
        if rows:
            self._last_row = rows[-1][0]
        return [_task_now(record) for _, record in rows]

    def task(self, task: str) -> TaskNow:
        """A task as it stands now."""
        with self._database.reading() as session:
            return _task_now(session.get_one(TaskRecord, task))

    def began(self, cases: Iterable[CaseId]) -> dict[CaseId, datetime]:
        """When the cases began, as far as the records know: on that instant their clocks showed the real time."""
        query = select(StageRecord.case_id, StageRecord.at).where(StageRecord.n == 1)
        with self._database.reading() as session:
            return {case: at for case, at in session.execute(query) if case in set(cases)}

    def asked_mentors(self, case: CaseId) -> list[PersonId]:
        """Who was asked to be the mentor in this case."""
        with self._database.reading() as session:
            return asked_in(session, case)

    def cases(self) -> dict[CaseId, CaseNow]:
        """All placements as they are now, by case."""
        columns = (CaseRecord.case_id, CaseRecord.stage, CaseRecord.outcome, CaseRecord.mentor)
        with self._database.reading() as session:
            rows = session.execute(select(*columns)).all()
        return {case: CaseNow(stage, outcome, mentor) for case, stage, outcome, mentor in rows}


def _task_now(record: TaskRecord) -> TaskNow:
    return TaskNow(
        task=record.task,
        case=record.case_id,
        kind=TaskKind(record.kind),
        subject=record.subject,
        people=record.people,
        opened_at=record.opened_at,
        due_at=record.due_at,
        open=record.state == TaskState.OPEN.value,
        facts=record.facts,
    )
