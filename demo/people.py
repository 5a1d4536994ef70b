"""Simulated people: they look into their inboxes, as anybody does, and answer as their story says."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from demo.learners import PathStory
from demo.learning_system import LearningSystem
from demo.stories import Story, resume
from domain.certification.requests import TakeExam
from domain.core.case import CaseRequest, Done
from domain.core.model import CaseId, PersonId
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from domain.learning.state import PathStage
from domain.learning.xapi import HandedIn, HandIn
from domain.placement.requests import ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from records.database import Database
from records.queries.core import cases as queries
from records.tables.core import TaskRecord

log = logging.getLogger("waymark.demo")

LOOKS_EVERY_SECONDS = 0.1

UPDATES: dict[type[CaseRequest], Update] = {
    PausePlacement: Update.PAUSE,
    ResumePlacement: Update.RESUME,
    ExtendPlacement: Update.EXTEND,
    ReassignMentor: Update.REASSIGN_MENTOR,
}


@dataclass
class Played:
    """A story being played: its case, who is HR in it, and how far it has come. ``learning`` is the path inside."""

    story: Story
    case: CaseId
    hr: PersonId
    learning: CaseId | None = None
    happened: int = 0
    answered: Counter[TaskKind] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    paused_on: str | None = None


@dataclass
class PlayedPath:
    """A path being played. ``certification`` is the case of the certificate at its end, once it is known."""

    story: PathStory
    case: CaseId
    answered: Counter[TaskKind] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    certification: CaseId | None = None
    over: bool = False


class SimulatedPeople:
    """All the people of the demo, and the learning system they learn with."""

    def __init__(
        self,
        client: Client,
        database: Database,
        played: Sequence[Played],
        paths: Sequence[PlayedPath] = (),
        academy: LearningSystem | None = None,
    ) -> None:
        self._client = client
        self._database = database
        self._placements = played
        self._paths = paths
        self._academy = academy
        everything: list[Played | PlayedPath] = [*played, *paths]
        self._by_case = {one.case: one for one in everything}

    async def live(self) -> None:
        """Look and answer until cancelled. What goes wrong is logged and tried again at the next look."""
        while True:
            tasks = await asyncio.to_thread(self._open_tasks)
            new = [task for task in tasks if task.task not in self._by_case[task.case_id].seen]
            await asyncio.gather(
                *(self._answer(task) for task in new),
                *map(self._let_happen, self._unfinished()),
                *(self._take_exam(path) for path in self._paths if not path.over),
            )
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    def _open_tasks(self) -> list[TaskRecord]:
        with self._database.reading() as session:
            return [task for task in queries.inbox(session) if task.case_id in self._by_case]

    def _unfinished(self) -> list[Played]:
        return [one for one in self._placements if one.happened < len(one.story.happenings) or one.paused_on]

    async def _answer(self, task: TaskRecord) -> None:
        played = self._by_case[task.case_id]
        kind = TaskKind(task.kind)
        played.seen.add(task.task)
        if await self._give(task, kind, played):
            played.answered[kind] += 1
        else:
            played.seen.discard(task.task)

    async def _give(self, task: TaskRecord, kind: TaskKind, played: Played | PlayedPath) -> bool:
        if kind is TaskKind.E_LEARNING and self._academy is not None:
            about = (task.assignee, task.facts["link"], datetime.now(UTC))
            said = (self._academy.completed(*about), self._academy.passed(*about))
            events = [HandIn(actor=task.assignee, text=one) for one in said]
            return all([await self._update(task.case_id, Update.COMPLETION_EVENT, one, HandedIn) for one in events])
        # Three reviews of one round get the same answers, so the kind's own count decides what comes first.
        answer = played.story.answer(kind, task.facts, played.answered[kind])
        message = AnswerTask(actor=task.assignee, task=task.task, answer=answer)
        return await self._update(task.case_id, Update.ANSWER_TASK, message, Receipt)

    async def _let_happen(self, played: Played) -> None:
        view = await self._view(played.case)
        if view is None:
            return
        if played.paused_on is not None:
            await self._end_leave(played, view)
            return
        if played.happened < len(played.story.happenings):
            week, happening = played.story.happenings[played.happened]
            if (view["week"] or 0) >= week:
                request = happening(played.hr)
                name = UPDATES.get(type(request), Update.WITHDRAW)
                if await self._update(played.case, name, request, Done):
                    played.happened += 1
                    played.paused_on = view["now"] if name == Update.PAUSE else None

    async def _end_leave(self, played: Played, view: dict[str, Any]) -> None:
        away = datetime.fromisoformat(view["now"]) - datetime.fromisoformat(played.paused_on or view["now"])
        if away >= timedelta(days=played.story.back_after_days or 0) and await self._update(
            played.case, Update.RESUME, resume(played.hr), Done
        ):
            played.paused_on = None

    async def _take_exam(self, path: PlayedPath) -> None:
        """Whoever has closed the gaps takes the exam; a certificate from an earlier demo may still be valid."""
        view = await self._view(path.case)
        if view is None:
            return
        path.over = view["outcome"] is not None
        if view["stage"] != PathStage.CERTIFICATION or view["certification"] is None:
            return
        path.certification = view["certification"]
        self._by_case[view["certification"]] = path
        certification = await self._view(view["certification"])
        if certification is not None and certification["exam"] is None and view["certified_until"] is None:
            await self._update(view["certification"], Update.TAKE_EXAM, TakeExam(actor=path.story.learner), Done)

    async def _view(self, case: CaseId) -> dict[str, Any] | None:
        """A case as it stands; none while nobody answers, which the log says, or where it has not begun."""
        try:
            view: dict[str, Any] = await self._client.get_workflow_handle(workflow_id(case)).query("view")
        except (WorkflowQueryFailedError, RPCError) as error:
            log.info("view of %s: %s", case, error)
            return None
        return view

    async def _update(self, case: CaseId, name: Update, message: Any, result: type[Any]) -> bool:
        """Send an update; false when it was refused or nobody answered, which the log says."""
        handle = self._client.get_workflow_handle(workflow_id(case))
        try:
            await handle.execute_update(name.value, message, result_type=result)
        except (WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError) as error:
            log.info("%s of %s: %s", name, case, error.__cause__ or error)
            return False
        return True
