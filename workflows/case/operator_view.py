"""What operators see of a case: search attributes, and the current details in the UI."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.core.case import CaseState
from domain.core.tasks import Task
from engine import search_attributes as attributes
from workflows.case.outbox import let_this_step_finish


class Notice(NamedTuple):
    """The values of the search attributes."""

    stage: str
    at_risk: bool
    waiting_for: list[str]
    due: datetime | None


class OperatorView:
    """Keeps what operators see up to date, and says nothing when nothing changed.

    By search attributes they look for cases where something hangs. So a task is shown there from its first reminder on,
    or with a change of the stage or of the risk; most are answered before, and a change of search attributes costs an
    event and a write to the server's index. What is shown is true: it goes with the answer. The details name all tasks
    at all times, as they cost nothing.
    """

    def __init__(self, state: CaseState, headline: Callable[[], str]) -> None:
        self._state = state
        self._headline = headline
        self._shown: Notice | None = None
        self._tasks_shown: frozenset[str] = frozenset()
        self._lines_shown: list[str] = []

    async def run(self) -> None:
        """Follow the case for as long as it lives."""
        while True:
            await workflow.wait_condition(self._stale)
            await let_this_step_finish()
            self.pin()

    def pin(self) -> None:
        """Show what has changed since it was last shown."""
        notice, before = self._notice(), self._shown
        pairs: list[tuple[SearchAttributeUpdate[Any], bool]] = [
            (attributes.STAGE.value_set(notice.stage), before is None or before.stage != notice.stage),
            (attributes.AT_RISK.value_set(notice.at_risk), before is None or before.at_risk != notice.at_risk),
            (
                attributes.WAITING_FOR.value_set(notice.waiting_for),
                before is None or before.waiting_for != notice.waiting_for,
            ),
            (
                attributes.DUE.value_set(notice.due) if notice.due else attributes.DUE.value_unset(),
                before is None or before.due != notice.due,
            ),
        ]
        updates = [update for update, changed in pairs if changed]
        if updates:
            workflow.upsert_search_attributes(updates)
        self._tasks_shown = frozenset(task.id for task in self._tasks_to_show())
        self._lines_shown = self._lines()
        workflow.set_current_details("\n".join([f"**{self._headline()}**", "", *self._lines_shown]))
        self._shown = notice

    def _stale(self) -> bool:
        # Never by what the clock shows: an activation that leaves no trace (a query, a refused update) must change
        # nothing, or the case would not replay. So the week in the headline follows with the next change.
        return self._notice() != self._shown or self._lines() != self._lines_shown

    def _lines(self) -> list[str]:
        """What puts the case at risk and whom it waits for, in Markdown."""
        lines = ["- paused"] if self._state.clock.paused_since else []
        lines += [f"- at risk: {reason}" for reason in self._state.at_risk.values()]
        for task in self._state.shown_tasks():
            escalated = ", escalated" if task.escalated else ""
            escalated += ", not theirs, they say" if task.stands_still else ""
            lines.append(
                f"- waiting for {task.party.spoken} ({task.assignee}): {task.subject}, "
                f"due {task.due_at:%Y-%m-%d %H:%M} UTC{escalated} `{task.id}`"
            )
        if not self._state.shown_tasks():
            lines.append("- waiting for nobody")
        return lines

    def _notice(self) -> Notice:
        tasks = self._tasks_to_show()
        return Notice(
            stage=str(self._state.stage),
            at_risk=bool(self._state.at_risk),
            waiting_for=sorted({task.party.value for task in tasks}),
            due=tasks[0].due_at if tasks else None,
        )

    def _tasks_to_show(self) -> list[Task]:
        """The open tasks that the search attributes tell of, by their due times."""
        shown, state = self._shown, self._state
        anew = shown is None or (shown.stage, shown.at_risk) != (str(state.stage), bool(state.at_risk))
        return [
            task
            for task in state.shown_tasks()
            if anew or task.reminded or task.escalated or task.id in self._tasks_shown
        ]
