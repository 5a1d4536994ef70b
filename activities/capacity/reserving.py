"""Reserving and releasing parts of capacities: each is a workflow, which is started when it is first needed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.capacity.reserving import CapacityStart, Release, ReleaseCall, Reserve, ReserveCall, Reserved
from domain.core.holdings import CapacityId, ReservationStatus
from domain.core.naming import capacity_workflow_id
from domain.core.tasks import REFUSED
from domain.core.updates import Update
from engine.rpc import no_such_workflow
from service.capacity.starting import WORKFLOW_TYPE, ended, starting

ANSWERS_WITHIN = timedelta(seconds=20)
"""Less than the activity itself may take, so that none is left behind that still waits."""


UPDATES_AT_ONCE = 3
"""So many updates of one capacity a worker has under way.

Temporal takes ten at a time of one workflow. What is beyond that it not only turns away: it also forgets the step that
is just being taken, and all that were to be answered by it are tried again. Many who ask at once would get nowhere.
"""

IN_ALL = 8
"""So many updates of all capacities together a worker has under way: half of what it does at a time. Whatever else
there is to do, such as rows and letters, always finds a place, also where capacities don't answer.
"""

SHORTEST_WAIT, LONGEST_WAIT = timedelta(milliseconds=300), timedelta(seconds=10)


class CapacityActivities:
    """Sends updates to the workflows of capacities, which run on ``task_queue``.

    A refusal of theirs fails the activity with its own type (``Refused.…``) and sentence, and is not tried again.
    Everything else is. An update beyond the limits does not wait here, where it would keep others out: it fails, and is
    tried again a little later.
    """

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue
        self._under_way: Counter[CapacityId] = Counter()

    @activity.defn(name="reserve_capacity")
    async def reserve(self, call: ReserveCall) -> Reserved:
        """Reserve, starting the capacity where it is not there yet.

        A try that is repeated is the same update: what is offered meanwhile is not taken by it.
        """
        request = call.request.model_copy(update={"unit": call.start.unit})
        with self._within_limits(call.start.id):
            reserved = await self._update(call.start.id, Update.RESERVE, request)
            return reserved or await self._open_and_reserve(call.start, request)

    @activity.defn(name="release_capacity")
    async def release(self, call: ReleaseCall) -> Reserved:
        """Give back. Where there is no capacity, or no longer, nothing is held."""
        with self._within_limits(call.capacity):
            released = await self._update(call.capacity, Update.RELEASE, call.request)
        return released or Reserved(
            capacity=call.capacity, holder=call.request.holder, status=ReservationStatus.RELEASED, amount=Decimal(0)
        )

    @contextmanager
    def _within_limits(self, capacity: CapacityId) -> Iterator[None]:
        """Count an update as under way. Raises an ``ApplicationError`` of type ``NotYet`` where there are too many."""
        if self._under_way[capacity] >= UPDATES_AT_ONCE or self._under_way.total() >= IN_ALL:
            raise ApplicationError(
                f"others are asking {capacity} at this moment; it is asked again shortly",
                type="NotYet",
                next_retry_delay=_retry_delay(activity.info().attempt),
                category=ApplicationErrorCategory.BENIGN,
            )
        self._under_way[capacity] += 1
        try:
            yield
        finally:
            self._under_way[capacity] -= 1
            self._under_way += Counter()  # forgets those that are at nought

    async def _update(self, capacity: CapacityId, update: Update, request: Reserve | Release) -> Reserved | None:
        """Update a capacity that runs; None where it does not.

        It comes before an update that starts the capacity too, because only with a plain one the client tries again by
        itself when Temporal turns it away.
        """
        handle = self._client.get_workflow_handle(capacity_workflow_id(capacity))
        try:
            reserved: Reserved = await handle.execute_update(
                update.value, request, id=_update_id(), result_type=Reserved, rpc_timeout=ANSWERS_WITHIN
            )
        except WorkflowUpdateFailedError as error:
            raise _as_refused(error) from None
        except RPCError as error:
            if not no_such_workflow(error):
                raise
            return None
        return reserved

    async def _open_and_reserve(self, start: CapacityStart, request: Reserve) -> Reserved:
        opening: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW_TYPE, start, **starting(start, self._task_queue)
        )
        try:
            reserved: Reserved = await self._client.execute_update_with_start_workflow(
                Update.RESERVE.value,
                request,
                start_workflow_operation=opening,
                id=_update_id(),
                result_type=Reserved,
                rpc_timeout=ANSWERS_WITHIN,
            )
        except WorkflowUpdateFailedError as error:
            raise _as_refused(error) from None
        except WorkflowAlreadyStartedError:
            raise ApplicationError(ended(start.id), type="Ended") from None
        return reserved


def _retry_delay(attempt: int) -> timedelta:
    """How long to wait for the next try: longer each time, and different for each who waits."""
    longest = min(SHORTEST_WAIT * 2 ** min(attempt, 10), LONGEST_WAIT)
    return SHORTEST_WAIT + timedelta(seconds=random.uniform(0, (longest - SHORTEST_WAIT).total_seconds()))


def _update_id() -> str:
    info = activity.info()
    return f"{info.workflow_run_id}-{info.activity_id}"


def _as_refused(error: WorkflowUpdateFailedError) -> ApplicationError:
    cause = error.cause
    if isinstance(cause, ApplicationError) and (cause.type or "").startswith(REFUSED):
        return ApplicationError(cause.message, type=cause.type, non_retryable=True)
    return ApplicationError(str(cause), type=type(cause).__name__)
