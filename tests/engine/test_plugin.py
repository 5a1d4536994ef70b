"""What the plugin gives to each worker."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from engine.build import running
from engine.plugin import KILLED_AFTER
from engine.version import version


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


@workflow.defn
class OneStep:
    """Takes a step."""

    @workflow.run
    async def run(self) -> str:
        return "taken"


async def build_of(client: Client, worker: Worker) -> str:
    """The build that stands beside the step of a workflow that this worker took."""
    async with worker:
        handle = await client.start_workflow(OneStep.run, id=uuid.uuid4().hex, task_queue=worker.task_queue)
        await handle.result()
    events = (await handle.fetch_history()).events
    (step,) = [event for event in events if event.event_type is EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED]
    return step.workflow_task_completed_event_attributes.worker_version.build_id


async def test_operators_see_which_build_took_a_step(client: Client) -> None:
    """The version of this checkout, unless the worker's build has another name."""
    by_default = Worker(client, task_queue=uuid.uuid4().hex, workflows=[OneStep])
    named = Worker(client, task_queue=uuid.uuid4().hex, workflows=[OneStep], deployment_config=running("abc123"))

    assert await build_of(client, by_default) == version()
    assert await build_of(client, named) == "abc123"


async def test_a_case_is_not_left_to_a_killed_worker_for_long(client: Client) -> None:
    """But as long as a worker says by itself."""
    by_default = Worker(client, task_queue=uuid.uuid4().hex, workflows=[OneStep])
    patient = Worker(
        client,
        task_queue=uuid.uuid4().hex,
        workflows=[OneStep],
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=30),
    )

    waits = [
        worker.config(active_config=True)["sticky_queue_schedule_to_start_timeout"] for worker in (by_default, patient)
    ]
    assert waits == [KILLED_AFTER, timedelta(seconds=30)]
