"""Pre-boarding and onboarding: the policy's checklist, its items in parallel, its gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.risks import late_at_gate
from domain.placement.calendar import PlannedItem
from domain.placement.forms import CHECKLIST_ITEM
from domain.placement.policy import ChecklistItem
from domain.placement.state import ItemState
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext


class Onboarding:
    """The checklist of a placement."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._policy = context.state.policy.onboarding

    async def run(self) -> None:
        """Open each item on its day; at its gate, a required item still open puts the case at risk."""
        opening_together: dict[int, list[ChecklistItem]] = defaultdict(list)
        held_up: dict[str, list[ChecklistItem]] = defaultdict(list)
        for item in self._policy.items:
            opening_together[item.opens_day].append(item)
            if item.required:
                held_up[item.gate].append(item)
        await self._context.gather(
            *(self._open(items) for items in opening_together.values()),
            *(self._gate(gate, items) for gate, items in held_up.items()),
        )

    async def _open(self, items: Sequence[ChecklistItem]) -> None:
        await self._context.clock.until(lambda: self._planned(items[0].key).opens_at, f"checklist: {items[0].key}")
        await self._context.gather(*(self._do(item) for item in items))

    async def _do(self, item: ChecklistItem) -> None:
        answer = await self._context.ask(
            CHECKLIST_ITEM,
            item.title,
            of=item.owner,
            due_at=self._planned(item.key).due_at,
            not_by=[] if item.owner is Party.RETURNER else [self._context.state.returner],
        )
        if not isinstance(answer, Answered):
            return
        state = self._state_of(item)
        state.done_by, state.done_at = answer.by, answer.at
        self._context.clear_risk(late_at_gate(item.key))

    async def _gate(self, gate: str, items: Sequence[ChecklistItem]) -> None:
        def all_done() -> bool:
            return all(self._state_of(item).done_at for item in items)

        await self._context.clock.until(lambda: self._gate_at(items), f"gate: {gate}", unless=all_done)
        for item in items:
            if self._state_of(item).done_at is None:
                self._context.put_at_risk(
                    late_at_gate(item.key), f"{item.title}: not done by the gate {gate.replace('_', ' ')}"
                )

    def _gate_at(self, items: Sequence[ChecklistItem]) -> datetime:
        """As planned, and never before whoever is asked is late: a task that opens late has more time than planned."""
        asked = {item.title for item in items}
        open_tasks = (task for task in self._context.state.open_tasks() if task.kind is TaskKind.CHECKLIST_ITEM)
        due = [task.due_at for task in open_tasks if task.subject in asked]
        return max([*(self._planned(item.key).gate_at for item in items), *due])

    def _planned(self, key: str) -> PlannedItem:
        return next(item for item in self._context.plan.items if item.key == key)

    def _state_of(self, item: ChecklistItem) -> ItemState:
        return next(state for state in self._context.state.checklist if state.key == item.key)
