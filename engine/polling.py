"""Whether workers are at work, as the Temporal server sees it."""

import asyncio
import time
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import EngineUnreachable

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_SERVER_SECONDS = timedelta(seconds=2)
_POLLS_EVERY_SECONDS = 90.0
"""A worker that is there has asked for work within so long: the server answers after 60 seconds at most, and its clock
may not be ours."""
_KINDS = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)
_PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED)


async def until_polling(client: Client, task_queue: str) -> None:
    """Return when the server knows that this client's worker asks it for tasks of both kinds.

    Raises `EngineUnreachable` when that does not happen.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for kind in _KINDS:
        while not await _polls(client, task_queue, kind):
            if time.monotonic() > deadline:
                raise EngineUnreachable(
                    f"The Temporal server at {client.service_client.config.target_host} does not see that this worker "
                    f"asks for tasks of the queue {task_queue}."
                )
            await asyncio.sleep(_LOOK_SECONDS)


async def nobody_polls(client: Client, task_queue: str) -> bool:
    """Whether nobody asks for workflow tasks of this queue; false where the server does not tell, or not yet.

    A worker that was killed seems to be there for a while.
    """
    request = _about(client, task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    try:
        seen = await client.workflow_service.describe_task_queue(request, timeout=_SERVER_SECONDS)
    except RPCError:
        return False
    since = time.time() - _POLLS_EVERY_SECONDS
    return all(poller.last_access_time.ToSeconds() < since for poller in seen.pollers)


async def _polls(client: Client, task_queue: str, kind: TaskQueueType.ValueType) -> bool:
    try:
        seen = await client.workflow_service.describe_task_queue(_about(client, task_queue, kind))
    except RPCError as error:
        if error.status in _PASSING:
            return False
        raise EngineUnreachable(
            f"The Temporal server does not tell whether this worker polls: {error.message}"
        ) from error
    return any(poller.identity == client.identity for poller in seen.pollers)


def _about(client: Client, task_queue: str, kind: TaskQueueType.ValueType) -> DescribeTaskQueueRequest:
    return DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=task_queue), task_queue_type=kind
    )
