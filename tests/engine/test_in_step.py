"""A query that comes to a new worker before the case's own next step must not take that step."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from engine.devserver.server import DevServer
from engine.settings import ROOT
from tests.engine.late_worker import NEAR, TellsTheTime, worker
from tests.replaying import replayer


@pytest.mark.alone
async def test_a_query_that_is_first_at_a_new_worker_changes_nothing(client: Client, server: DevServer) -> None:
    # Given a case whose worker was killed before it should have woken up
    queue = uuid.uuid4().hex
    case = await client.start_workflow(TellsTheTime.run, id=queue, task_queue=queue)
    first = subprocess.Popen(  # noqa: ASYNC220 - returns at once
        [sys.executable, "-m", "tests.engine.late_worker", server.address, queue], cwd=ROOT
    )
    try:
        async with asyncio.timeout(60):
            assert not await answer(case)
    finally:
        first.kill()
        first.wait()

    # When a query is asked before the case's next step is due, both wait for the killed worker, and another one starts
    asked = asyncio.create_task(answer(case))
    await asyncio.sleep(NEAR.total_seconds() + 1)
    async with worker(client, queue):
        woken = await asked
        woke_on_time = await case.result()

    # Then the query, which came first, saw the case as its last step had left it, and the next step came once
    assert not woken
    assert not woke_on_time
    await replayer([TellsTheTime]).replay_workflow(await case.fetch_history())


async def answer(case: WorkflowHandle[TellsTheTime, bool]) -> bool:
    """What the case answers, as soon as somebody is there to answer."""
    while True:
        try:
            return await case.query(TellsTheTime.has_woken)
        except RPCError:
            await asyncio.sleep(0.1)
