"""Takes a workflow to its end as real life does: one answer at a time, and only when nothing is in hand any more.

Where nobody is asked anything, time is skipped to the next timer. Placement and bare workflow are driven alike.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Protocol

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from bench.bare import Bare
from bench.cost import Cost, cost_of, next_timer
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from engine.rpc import no_such_workflow
from simulated.answers import willing

POLL_SECONDS = 0.005
LOOKS = 5_000


class Driven(Protocol):
    """A workflow that asks people."""

    handle: WorkflowHandle[Any, Any]

    async def answer_one(self) -> bool:
        """Answer one open question; false when there is none."""
        ...


class DrivenPlacement:
    """A placement in which everybody is willing."""

    def __init__(self, handle: WorkflowHandle[Any, Any]) -> None:
        self.handle = handle

    async def answer_one(self) -> bool:
        """Answer the task that is due first."""
        tasks: list[dict[str, Any]] = await self.handle.query("open_tasks")
        if not tasks:
            return False
        task = tasks[0]
        message = AnswerTask(
            actor=task["assignee"], task=task["id"], answer=willing(TaskKind(task["kind"]), task["facts"])
        )
        await self.handle.execute_update(Update.ANSWER_TASK.value, message, result_type=Receipt)
        return True


class DrivenBare:
    """The bare workflow."""

    def __init__(self, handle: WorkflowHandle[Bare, int]) -> None:
        self.handle = handle

    async def answer_one(self) -> bool:
        """Answer if an answer is awaited."""
        if not await self.handle.query(Bare.waiting):
            return False
        await self.handle.execute_update(Bare.answer, "yes")
        return True


async def drive(skipper: TimeSkipper, driven: Driven) -> Cost:
    """Take it to its end; what it has cost."""
    for _ in range(LOOKS):
        if not await _settled(driven.handle):
            return cost_of(await history(driven.handle))
        if not await driven.answer_one():
            await _skip(skipper, driven.handle)
    raise RuntimeError(f"{driven.handle.id} did not end")


async def history(handle: WorkflowHandle[Any, Any]) -> list[HistoryEvent]:
    """All events so far."""
    return [event async for event in handle.fetch_history_events()]


async def _settled(handle: WorkflowHandle[Any, Any]) -> bool:
    """Wait until nothing is in hand; false when the workflow has ended."""
    while True:
        description = await handle.describe()
        if description.status is not WorkflowExecutionStatus.RUNNING:
            await handle.result()
            return False
        raw = description.raw_description
        if not raw.pending_activities and not raw.HasField("pending_workflow_task"):
            return True
        await asyncio.sleep(POLL_SECONDS)


async def _skip(skipper: TimeSkipper, handle: WorkflowHandle[Any, Any]) -> None:
    """Skip the time to the next timer. There may be none: the one before can fire a little late, just now."""
    fires = next_timer(await history(handle))
    if fires is None:
        await asyncio.sleep(POLL_SECONDS)
        return
    ahead = max(fires - await skipper.get_current_time(handle), timedelta(0))
    try:
        await skipper.fast_forward(handle, ahead + timedelta(seconds=1))
    except RPCError as error:
        if not no_such_workflow(error):
            raise
