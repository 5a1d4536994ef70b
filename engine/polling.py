"""Whether a worker is at work, as the Temporal server sees it."""

import asyncio
import time

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import EngineUnreachable

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.1
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


async def _polls(client: Client, task_queue: str, kind: TaskQueueType.ValueType) -> bool:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=task_queue), task_queue_type=kind
    )
    try:
        seen = await client.workflow_service.describe_task_queue(request)
    except RPCError as error:
        if error.status in _PASSING:
            return False
        raise EngineUnreachable(
            f"The Temporal server does not tell whether this worker polls: {error.message}"
        ) from error
    return any(poller.identity == client.identity for poller in seen.pollers)
