"""What is to be done at the end of a placement: the off-boarding of whoever leaves, the change-over of who stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from temporalio import workflow

from domain.core.decisions import DecisionKind
from domain.placement.calendar import PlannedItem
from domain.placement.checklists import ItemState, on_list
from domain.placement.forms import CHANGEOVER_ITEM, OFFBOARDING_ITEM, EndItemDone
from workflows.case.answers import Answered
from workflows.placement.checklists import Checklist
from workflows.placement.context import PlacementContext


class LastChecklist(Checklist[EndItemDone, PlannedItem]):
    """A checklist that holds up the end of the case until what is required of it is done, or waived by HR."""

    record: DecisionKind
    """As what it is put on record that HR has waived an item."""

    def note(self, entry: ItemState, answer: Answered[EndItemDone]) -> None:
        """It is done; or not needed, and HR's reason is on record."""
        super().note(entry, answer)
        if answer.form.waived_because is not None:
            entry.waived_because = answer.form.waived_because
            self._context.report.decision(
                self.record, f"{entry.key} waived", by=answer.by, reason=answer.form.waived_because
            )

    @property
    def is_open(self) -> bool:
        """Whether something on the list is still to be done."""
        return not self._dropped and any(not entry.over for entry in self.entries())

    async def run(self) -> None:
        """Open each item on its day, until all that is required is done, however long that takes."""
        if self.is_open:
            await self._context.gather(self.ask_for_all(), self._drop_what_is_not_required())

    async def _drop_what_is_not_required(self) -> None:
        """What is not required has its time, also where the rest is done before; but nothing waits for it longer."""

        def required_done() -> bool:
            return self._dropped or all(entry.over for entry in self.entries() if entry.required)

        await workflow.wait_condition(required_done)
        if await self._context.clock.until(
            self._last_due, f"the rest of the {self.record.value}", unless=lambda: self._dropped or not self.is_open
        ):
            self.drop("its time is over, and it is not required", asked_anew_too=False)

    def _last_due(self) -> datetime:
        """When all that is still open is due: as planned, or later where a task was opened late."""
        still_open = [entry for entry in self.entries() if not entry.over]
        tasks = [task for task in map(self.task_of, still_open) if task is not None]
        return max([*(self.plan_of(entry.key).due_at for entry in still_open), *(task.due_at for task in tasks)])


class Offboarding(LastChecklist):
    """Whoever is released, declines, lets the offer expire or withdraws: access closed, equipment back, last pay."""

    question = OFFBOARDING_ITEM
    record = DecisionKind.OFFBOARDING

    def __init__(self, context: PlacementContext) -> None:
        super().__init__(context, context.state.policy.offboarding.items)

    def entries(self) -> Sequence[ItemState]:
        """Those that undo what was begun."""
        return self._context.state.offboarding

    def planned(self) -> Sequence[PlannedItem]:
        """Around the last day."""
        return self._context.plan.offboarding

    def begin(self, *, started: bool = True) -> None:
        """Somebody leaves, after the first day (``started``) or before it: note what is to be done."""
        state = self._context.state
        if not state.offboarding:
            asked = [entry.key for entry in state.checklist if entry.task is not None]
            state.offboarding = on_list(state.policy.offboarding.items_for(started=started, asked=asked))

    async def leave_on(self, last_day: date) -> None:
        """The last day has come sooner than planned: all that is to be done counts from it, what is asked already too.

        Whoever has been asked, or is asked once more, has a day left at least.
        """
        state = self._context.state
        state.left_on = last_day
        anew = await self._context.plan_calendar()
        state.plan = self._context.plan.model_copy(update={"offboarding": anew.offboarding})
        for entry in state.offboarding:
            for task in state.open_tasks():
                if task.kind is self.question.kind and task.ref == entry.key:
                    self._context.asking.bring_forward(task, self.plan_of(entry.key).due_at)


NOT_EMPLOYED_ANY_MORE = "they are not employed any more"


class Changeover(LastChecklist):
    """Whoever is employed: contract, payroll, access and equipment are changed from the placement's to the new ones."""

    question = CHANGEOVER_ITEM
    record = DecisionKind.CHANGEOVER

    def __init__(self, context: PlacementContext) -> None:
        super().__init__(context, context.state.policy.changeover.items)

    def entries(self) -> Sequence[ItemState]:
        """All of the policy's, once somebody has accepted."""
        return self._context.state.changeover

    def planned(self) -> Sequence[PlannedItem]:
        """Around the last day before employment begins."""
        return self._context.plan.changeover

    def begin(self) -> None:
        """Somebody will be employed: note what is to be done."""
        self._context.state.changeover = on_list(self._items)
