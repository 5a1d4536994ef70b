"""The people of the demo: they answer what they are asked as soon as they see it, each as their story says."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from temporalio.client import Client

from demo.learners import PathStory
from demo.learning_system import LearningSystem
from demo.stories import Story, resume
from domain.certification.requests import TakeExam
from domain.core.case import CaseRequest, Done
from domain.core.model import CaseId, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from domain.learning.result import PathStage
from domain.learning.xapi import HandedIn, HandIn
from domain.placement.requests import ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from records.database import Database
from service.core.connecting import connected
from service.core.declaring import declare
from service.core.leaving import WantedDeparture
from simulated.inbox import Inbox, TaskNow
from simulated.sending import Sender, view_of

LOOKS_EVERY_SECONDS = 0.1
LEFT_FOR = 0.9
"""Of the time that a task is given: so long it is left to you."""
DECLARED_WITHIN_SECONDS = 30.0

SUCCESSOR = "P-8KD4WZ"
"""Who takes over from the manager who leaves: she reads German."""

UPDATES: dict[type[CaseRequest], Update] = {
    PausePlacement: Update.PAUSE,
    ResumePlacement: Update.RESUME,
    ExtendPlacement: Update.EXTEND,
    ReassignMentor: Update.REASSIGN_MENTOR,
}


@dataclass
class Played:
    """A story being played: its case, and who is HR and manager in it. ``learning`` is the path inside."""

    story: Story
    case: CaseId
    hr: PersonId
    manager: PersonId
    learning: CaseId | None = None
    answered: Counter[TaskKind] = field(default_factory=Counter)


@dataclass
class PlayedPath:
    """A path being played."""

    story: PathStory
    case: CaseId
    answered: Counter[TaskKind] = field(default_factory=Counter)


@dataclass(frozen=True)
class Left:
    """What people don't answer, because it is left to you.

    ``whom`` finds out whom you have become, ``kinds`` are left to you whoever is asked. Nothing stalls for that: what
    is still open when :data:`LEFT_FOR` of its time is over, at so many ``seconds_per_day``, they answer after all.
    """

    whom: Callable[[Session], frozenset[PersonId]] = lambda _: frozenset()
    kinds: frozenset[TaskKind] = frozenset()
    seconds_per_day: float = 0.0


class SimulatedPeople:
    """All the people of the demo, and the learning system they learn with."""

    def __init__(
        self,
        client: Client,
        database: Database,
        task_queue: str,
        played: Sequence[Played],
        paths: Sequence[PlayedPath] = (),
        academy: LearningSystem | None = None,
        left: Left | None = None,
    ) -> None:
        self._client = client
        self._database = database
        self._task_queue = task_queue
        self._inbox = Inbox(database)
        self._send = Sender(client)
        self._placements = played
        self._paths = paths
        self._academy = academy
        self._left = left or Left()
        self._you: frozenset[PersonId] = frozenset()
        everything: list[Played | PlayedPath] = [*played, *paths]
        self._by_case = {story.case: story for story in everything}

    def play(self, played: Played) -> None:
        """Answer in this case, too."""
        self._by_case[played.case] = played

    async def live(self) -> None:
        """Look and answer until cancelled. What is refused, or does not get through, is tried again."""
        async with asyncio.TaskGroup() as doing:
            for played in self._placements:
                doing.create_task(self._let_happen(played))
            for path in self._paths:
                doing.create_task(self._take_exam(path))
            async for tasks in self._inbox.new_tasks(LOOKS_EVERY_SECONDS):
                self._you = await self._inbox.read(self._left.whom)
                for task in tasks:
                    if task.case in self._by_case:
                        doing.create_task(self._answer(task))

    async def _answer(self, task: TaskNow) -> None:
        played = self._by_case[task.case]
        days = (task.due_at - task.opened_at) / timedelta(days=1)
        yours_until = time.monotonic() + LEFT_FOR * days * self._left.seconds_per_day
        while task.open:
            if self._is_yours(task) and time.monotonic() < yours_until:
                pass
            elif await self._give(task, played):
                played.answered[task.kind] += 1
                return
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
            task = await self._inbox.task(task.task)

    def _is_yours(self, task: TaskNow) -> bool:
        return task.kind in self._left.kinds or not self._you.isdisjoint(task.people[:1])

    async def _give(self, task: TaskNow, played: Played | PlayedPath) -> bool:
        person = task.people[0]
        if task.kind is TaskKind.E_LEARNING and self._academy is not None:
            about = (person, task.facts["link"], datetime.now(UTC))
            took = f"PT{45 * task.facts['hours']}M"  # three quarters of the hours planned
            said = (self._academy.completed(*about, took=took), self._academy.passed(*about, took=took))
            events = [HandIn(actor=person, text=text) for text in said]
            return all([await self._send(task.case, Update.COMPLETION_EVENT, event, HandedIn) for event in events])
        mentors = await self._inbox.asked_mentors(task.case) if task.kind is TaskKind.MENTOR_NOMINATION else []
        if task.kind is TaskKind.MENTOR_NOMINATION and not mentors:
            return False  # the records lag
        # Three reviews of one round get the same answers, so the kind's own count decides what comes first.
        answer = played.story.answer(task.kind, task.facts, played.answered[task.kind], mentors)
        message = AnswerTask(actor=person, task=task.task, answer=answer)
        return await self._send(task.case, Update.ANSWER_TASK, message, Receipt) is not None

    async def _let_happen(self, played: Played) -> None:
        """HR asks for what its story says, one after the other."""
        if (leaves_in := played.story.manager_leaves_in) is not None:
            await self._once(played.case, lambda view: (view["week"] or 0) >= leaves_in)
            await self._manager_leaves(played)
        for week, change in played.story.changes:
            await self._let_happen_in(week, change(played.hr), played)

    async def _let_happen_in(self, week: int, request: CaseRequest, played: Played) -> None:
        """HR asks for something in its week, and ends a leave when it is over."""
        view = await self._once(played.case, lambda view: (view["week"] or 0) >= week)
        await self._ask(played.case, UPDATES.get(type(request), Update.WITHDRAW), request)
        if isinstance(request, PausePlacement):
            back = datetime.fromisoformat(view["now"]) + timedelta(days=played.story.back_after_days or 0)
            await self._once(played.case, lambda view: datetime.fromisoformat(view["now"]) >= back)
            await self._ask(played.case, Update.RESUME, resume(played.hr))

    async def _manager_leaves(self, played: Played) -> None:
        """HR declares that the manager has left the company, as by `people leave`: all they have is handed over."""
        over = datetime.now(UTC).date() - timedelta(days=2)  # wherever they live
        wanted = WantedDeparture(
            played.manager, last_day=over, successor=SUCCESSOR, reason="has another employer", at_once=True
        )
        connect = connected(self._client)
        await declare(connect, self._database, wanted, played.hr, self._task_queue, DECLARED_WITHIN_SECONDS)

    async def _take_exam(self, path: PlayedPath) -> None:
        """Whoever has closed the gaps takes the exam; the certificate may be there already."""
        view = await self._once(path.case, lambda view: view["outcome"] is not None or _wants_exam(view))
        if view["outcome"] is not None:
            return
        self._by_case[view["certification"]] = path
        certification = await self._once(view["certification"], lambda _: True)
        if certification["exam"] is None and view["certified_until"] is None:
            await self._ask(view["certification"], Update.TAKE_EXAM, TakeExam(actor=path.story.learner))

    async def _once(self, case: CaseId, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """How a case stands once this is true of it."""
        while True:
            view = await view_of(self._client, case)
            if view is not None and true(view):
                return view
            await asyncio.sleep(LOOKS_EVERY_SECONDS)

    async def _ask(self, case: CaseId, name: Update, request: CaseRequest) -> None:
        """Ask something of a case, until it is done."""
        while True:
            if await self._send(case, name, request, Done) is not None:
                return
            await asyncio.sleep(LOOKS_EVERY_SECONDS)


def _wants_exam(view: dict[str, Any]) -> bool:
    return view["stage"] == PathStage.CERTIFICATION and view["certification"] is not None
