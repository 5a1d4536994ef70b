"""What a task asks, and its answer on the way to its case."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from domain.core.answering import closed, not_asked
from domain.core.case import Done
from domain.core.model import CaseId, PersonId
from domain.core.not_mine import NotMine
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from domain.core.tasks import CONFIDENTIAL, WAIVED_BY_HR, AnswerTask, Receipt, TaskState
from domain.core.updates import Update
from domain.registry.answers import read_form
from records.database import Database
from records.local_time import with_local_times
from records.queries.core import cases as queries
from records.queries.registry import time_zone
from records.queries.whom_for import ITEMS, whom_for
from service.core.asking import ask, message, view
from service.core.connecting import Connect
from service.core.errors import Refused, Unknown
from service.core.people import check_known


@dataclass(frozen=True)
class TaskAsked:
    """What a task asks, and in which case."""

    case: CaseId
    kind: TaskKind
    subject: str
    facts: dict[str, Any]
    time_zone: str | None


async def look_up(
    connect: Connect, database: Database, task: str, seconds: float, actor: PersonId | None = None
) -> TaskAsked:
    """What a task asks: from the records, or from the case itself where they do not know yet.

    Raises as :func:`service.core.asking.view` does, and ``Unknown`` where the case has no such task; one that is
    confidential is there for nobody but an ``actor`` who may act on it.
    """
    case = queries.case_of_task(task)
    known, zone = await asyncio.to_thread(_on_record, database, case, task, actor)
    if known is not None:
        return known
    for asked in (await view(await connect(), database, case, seconds))["tasks"]:
        if asked["id"] == task:
            return TaskAsked(case, TaskKind(asked["kind"]), asked["subject"], asked["facts"], zone)
    raise _no_such_task(case, task)


def _no_such_task(case: CaseId, task: str) -> Unknown:
    return Unknown(f"{case} has no task {task}")


def _on_record(
    database: Database, case: CaseId, task: str, actor: PersonId | None
) -> tuple[TaskAsked | None, str | None]:
    with database.reading() as session:
        zone = time_zone(session, case)
        try:
            known = queries.task(session, task)
        except Unknown:
            return None, zone
        if known.kind in CONFIDENTIAL and actor not in known.people:
            raise _no_such_task(case, task)
        kind = TaskKind(known.kind)
        found = whom_for(session, case) if kind in ITEMS else None
        told = found.facts(kind, actor or known.assignee) if found else {}
        return TaskAsked(case, kind, known.subject, {**told, **known.facts}, zone), zone


def answer_of(kind: TaskKind, actor: PersonId, task: str, content: dict[str, Any]) -> AnswerTask:
    """What is sent, with the answer typed as its form says. Raises :class:`Refused` where it does not fit."""
    form = read_form(kind, content)
    return message(AnswerTask, actor=actor, task=task, answer=form.model_dump(mode="json", exclude_unset=True))


def check_may_answer(database: Database, task: str, actor: PersonId) -> None:
    """Raise :class:`Refused` where an answer is too late or not theirs, as far as the records know."""
    with database.reading() as session:
        try:
            known = queries.task(session, task)
        except Unknown:
            return
        zone = time_zone(session, known.case_id)
    named = f"{task} ({known.subject})"
    if known.state != TaskState.OPEN.value:
        refusal = closed(named, known.state, known.closed_at, known.answered_by)
    elif actor not in known.people and known.kind not in WAIVED_BY_HR:  # who is HR, the case knows
        refusal = not_asked(named, actor)
    else:
        return
    raise Refused(with_local_times(str(refusal), zone), refusal.kind)


async def say_not_mine(connect: Connect, database: Database, case: CaseId, said: NotMine, seconds: float) -> Done:
    """Hand to its case that a task is not theirs. Raises as :func:`service.core.asking.ask` does."""
    await asyncio.to_thread(check_known, database, [said.actor])
    return await ask(await connect(), database, case, Update.NOT_MINE, said, Done, seconds)


async def reopen(connect: Connect, database: Database, request: ReopenTask, seconds: float) -> Done:
    """Have an answered task asked once more. Raises as :func:`look_up` and :func:`service.core.asking.ask` do."""
    await asyncio.to_thread(check_known, database, [request.actor])
    asked = await look_up(connect, database, request.task, seconds, request.actor)
    return await ask(await connect(), database, asked.case, Update.REOPEN_TASK, request, Done, seconds)


async def send_answer(
    connect: Connect, database: Database, case: CaseId, answer: AnswerTask, seconds: float
) -> Receipt:
    """Hand an answer, or to whom a task is delegated, to its case. Raises as :func:`service.core.asking.ask` does."""
    await asyncio.to_thread(check_known, database, [answer.actor, answer.delegate_to])
    return await ask(await connect(), database, case, Update.ANSWER_TASK, answer, Receipt, seconds)
