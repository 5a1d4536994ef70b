"""What simulated people ask of the workflows: so many updates at a time, tried again where the server is busy."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.core.model import CaseId
from domain.core.naming import workflow_id
from domain.core.updates import Update

R = TypeVar("R")

AT_ONCE = 400
"""Many, because a case that is behind takes all that has come meanwhile in one step: the more waits for it, the less
each costs. With few at a time, a cohort of two hundred falls further and further behind, by measurement."""

AT_ONCE_IF_POSSIBLE = datetime.min.replace(tzinfo=UTC)

TRIES = 10
TRIES_AGAIN_AFTER_SECONDS = 0.3

log = logging.getLogger("waymark.simulated")


class Turns:
    """So many at a time; of those that wait, the most urgent is next."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._count = itertools.count()
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def of(self, before: datetime) -> AsyncIterator[None]:
        """A turn for the length of the block."""
        if self._free:
            self._free -= 1
        else:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (before, next(self._count), turn))
            await turn
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Sender:
    """Sends updates to cases."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._turns = Turns(AT_ONCE)

    async def __call__(
        self, case: CaseId, name: Update, message: Any, result: type[R], *, before: datetime | None = None
    ) -> R | None:
        """The reply to an update; none where the case refuses it, or has ended.

        Of those that wait for their turn, the one with the earliest ``before`` goes first; without one, at once.
        """
        handle = self.client.get_workflow_handle(workflow_id(case))
        for _ in range(TRIES):
            try:
                async with self._turns.of(before or AT_ONCE_IF_POSSIBLE):
                    reply: R = await handle.execute_update(name.value, message, result_type=result)
            except WorkflowUpdateFailedError as error:
                log.info("%s of %s: %s", name, case, error.cause)
                return None
            except (WorkflowUpdateRPCTimeoutOrCancelledError, RPCError) as error:
                if _is_cancelled():  # the client says that, too, by an error of its own
                    raise asyncio.CancelledError from error
                if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                    return None
                log.info("%s of %s: %s", name, case, error)
                await asyncio.sleep(TRIES_AGAIN_AFTER_SECONDS)
            else:
                return reply
        return None


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def view_of(client: Client, case: CaseId) -> dict[str, Any] | None:
    """A case as it stands; none while nobody answers, which the log says, or where it has not begun."""
    try:
        view: dict[str, Any] = await client.get_workflow_handle(workflow_id(case)).query("view")
    except (WorkflowQueryFailedError, RPCError) as error:
        log.info("view of %s: %s", case, error)
        return None
    return view
