"""A checklist: each item is asked for on its day, all in parallel, and ticked off by whoever answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from typing import Generic, TypeVar

from domain.core.model import Party
from domain.core.questions import Form, Question
from domain.core.tasks import Task, TaskState
from domain.placement.calendar import PlannedItem
from domain.placement.checklists import Item, ItemState
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext

F = TypeVar("F", bound=Form)
P = TypeVar("P", bound=PlannedItem)


class Checklist(ABC, Generic[F, P]):
    """A checklist of a placement, by the policy's ``items``. Run once more, it goes on where it was broken off."""

    question: Question[F]

    def __init__(self, context: PlacementContext, items: Sequence[Item]) -> None:
        self._context = context
        self._items = items
        self._dropped = False

    @abstractmethod
    def entries(self) -> Sequence[ItemState]:
        """How the items stand that are on the list of this case; it may be fewer than the policy has."""

    @abstractmethod
    def planned(self) -> Sequence[P]:
        """When the policy's items open and are due, as the calendar has it now."""

    def note(self, entry: ItemState, answer: Answered[F]) -> None:
        """Somebody has answered."""
        entry.done_by, entry.done_at = answer.by, answer.at

    async def ask_for_all(self) -> None:
        """Open each item on its day, and wait until all are answered or called off."""
        opening_together: dict[int, list[Item]] = defaultdict(list)
        for item in self._items:
            if any(entry.key == item.key and not entry.over for entry in self.entries()):
                opening_together[item.opens_day].append(item)
        await self._context.gather(*(self._open(items) for items in opening_together.values()))

    async def _open(self, items: Sequence[Item]) -> None:
        opens = await self._context.clock.until(
            lambda: self.plan_of(items[0].key).opens_at, f"checklist: {items[0].key}", unless=lambda: self._dropped
        )
        if opens:
            await self._context.gather(*(self._do(item) for item in items))

    async def _do(self, item: Item) -> None:
        entry = self.entry_of(item.key)
        task = self.task_of(entry)
        if task is None or task.state is TaskState.CLOSED:
            task = self._ask(item)
            entry.task = task.id
        answer = await self._context.asking.answer_to(self.question, task)
        if isinstance(answer, Answered):
            self.note(entry, answer)

    def _ask(self, item: Item) -> Task:
        returner = self._context.state.returner
        return self._context.asking.begin(
            self.question,
            item.title,
            of=item.owner,
            due_at=self.plan_of(item.key).due_at,
            not_by=[] if item.owner is Party.RETURNER else [returner],
            ref=item.key,
        )

    def drop(self, why: str, *, asked_anew_too: bool = True) -> None:
        """Nobody has to do any more what is still to be done; answers that are being put right can be spared."""
        self._dropped = True
        self._context.asking.call_off(why, kinds=[self.question.kind], asked_anew_too=asked_anew_too)

    def plan_of(self, key: str) -> P:
        """When an item opens and is due."""
        return next(planned for planned in self.planned() if planned.key == key)

    def entry_of(self, key: str) -> ItemState:
        """How an item stands."""
        return next(entry for entry in self.entries() if entry.key == key)

    def task_of(self, entry: ItemState) -> Task | None:
        """The task that asks for an item, if it has been opened."""
        return self._context.state.task(entry.task) if entry.task is not None else None
