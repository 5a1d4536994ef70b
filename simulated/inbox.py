"""The tasks of simulated people: what the records show of them, looked at as cheaply as can be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnClause, Integer, literal_column, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.queries.placement.mentors import asked_in
from records.tables.core import TaskRecord

R = TypeVar("R")

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


class Inbox:
    """The tasks in the records of a simulation, which are an SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last_row = 0

    async def new_tasks(self, every_seconds: float) -> AsyncIterator[list[TaskNow]]:
        """At each look the open tasks that have come since the last one."""
        while True:
            yield await self.read(self._new)
            await asyncio.sleep(every_seconds)

    async def task(self, task: str) -> TaskNow:
        """A task as it stands now."""
        return await self.read(lambda session: _task_now(session.get_one(TaskRecord, task)))

    async def asked_mentors(self, case: CaseId) -> list[PersonId]:
        """Who was asked to be the mentor in this case."""
        return await self.read(lambda session: asked_in(session, case))

    async def read(self, query: Callable[[Session], R]) -> R:
        """What a query finds, on a thread of its own."""
        return await asyncio.to_thread(self._read, query)

    def _read(self, query: Callable[[Session], R]) -> R:
        with self._database.reading() as session:
            return query(session)

    def _new(self, session: Session) -> list[TaskNow]:
        rows = session.execute(select(ROW, TaskRecord).where(self._last_row < ROW).order_by(ROW)).all()
        if rows:
            self._last_row = rows[-1][0]
        return [task for task in (_task_now(record) for _, record in rows) if task.open]


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
