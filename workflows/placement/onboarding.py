"""Pre-boarding and onboarding: the policy's checklist, and its gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from domain.core.risks import late_at_gate
from domain.placement.calendar import GatedItem
from domain.placement.checklists import ItemState
from domain.placement.forms import CHECKLIST_ITEM, ItemDone
from domain.placement.policy import ChecklistItem
from workflows.case.answers import Answered
from workflows.placement.checklists import Checklist
from workflows.placement.context import PlacementContext


class Onboarding(Checklist[ItemDone, GatedItem]):
    """The checklist of whoever comes."""

    question = CHECKLIST_ITEM

    def __init__(self, context: PlacementContext) -> None:
        self._policy = context.state.policy.onboarding
        super().__init__(context, self._policy.items)

    def entries(self) -> Sequence[ItemState]:
        """All of the policy's."""
        return self._context.state.checklist

    def planned(self) -> Sequence[GatedItem]:
        """Around the first day."""
        return self._context.plan.items

    def note(self, entry: ItemState, answer: Answered[ItemDone]) -> None:
        """It is ready, however late."""
        super().note(entry, answer)
        self._context.clear_risk(late_at_gate(entry.key))

    async def run(self) -> None:
        """Open each item on its day; at its gate, a required item still open puts the case at risk."""
        held_up: dict[str, list[ChecklistItem]] = defaultdict(list)
        for item in self._policy.items:
            if item.required:
                held_up[item.gate].append(item)
        await self._context.gather(self.ask_for_all(), *(self._gate(gate, items) for gate, items in held_up.items()))

    async def _gate(self, gate: str, items: Sequence[ChecklistItem]) -> None:
        def all_done() -> bool:
            return all(self.entry_of(item.key).over for item in items)

        await self._context.clock.until(lambda: self._gate_at(items), f"gate: {gate}", unless=all_done)
        name = gate.replace("_", " ")
        self._context.put_at_risk_by(
            {
                late_at_gate(item.key): f"{item.title}: not done by the gate {name}"
                for item in items
                if not self.entry_of(item.key).over
            }
        )

    def _gate_at(self, items: Sequence[ChecklistItem]) -> datetime:
        """As planned, and never before whoever is asked is late: a task that opens late has more time than planned."""
        tasks = [self.task_of(self.entry_of(item.key)) for item in items]
        due = [task.due_at for task in tasks if task is not None and task.is_open]
        return max([*(self.plan_of(item.key).gate_at for item in items), *due])
