"""A worker process to be killed, and the workflow it runs; see `test_in_step`. `python -m tests.engine.late_worker`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from engine.plugin import waymark_plugin

NEAR, FAR = timedelta(seconds=6), timedelta(seconds=30)
THEIRS = timedelta(seconds=9)
"""How long a step of a case, or a query, waits for the worker that has the case in its cache."""


@workflow.defn
class TellsTheTime:
    """Wakes up after `NEAR`, and does something else on time than late."""

    @workflow.init
    def __init__(self) -> None:
        self.began = workflow.now()
        self.woke: datetime | None = None

    @workflow.run
    async def run(self) -> bool:
        """Whether it woke up on time."""
        await workflow.sleep(NEAR)
        self.woke = workflow.now()
        on_time = self.woke < self.began + NEAR + timedelta(seconds=1)
        if on_time:
            await workflow.sleep(FAR)
        return on_time

    @workflow.query
    def has_woken(self) -> bool:
        """Whether it has woken up."""
        return self.woke is not None


def worker(client: Client, queue: str) -> Worker:
    """A worker for :class:`TellsTheTime`."""
    return Worker(
        client,
        task_queue=queue,
        workflows=[TellsTheTime],
        sticky_queue_schedule_to_start_timeout=THEIRS,
    )


async def _work(address: str, queue: str) -> None:
    async with worker(await Client.connect(address, plugins=[waymark_plugin()]), queue):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(*sys.argv[1:]))
