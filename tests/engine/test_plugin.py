"""What the plugin gives to each worker."""

from __future__ import annotations

import time
import uuid

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker


@workflow.defn
class SlowStep:
    """Takes a step that lasts longer than the SDK lets one last."""

    @workflow.run
    async def run(self) -> str:
        with workflow.unsafe.sandbox_unrestricted():
            time.sleep(3)  # noqa: ASYNC251 - a machine so busy that the step has to wait for the processor
        return "taken"


async def test_a_step_that_a_busy_machine_holds_up_is_not_given_up(client: Client) -> None:
    queue = uuid.uuid4().hex
    async with Worker(client, task_queue=queue, workflows=[SlowStep]):
        handle = await client.start_workflow(SlowStep.run, id=queue, task_queue=queue)

        assert await handle.result() == "taken"

    events = [event.event_type for event in (await handle.fetch_history()).events]
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in events
