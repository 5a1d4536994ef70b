"""The worker of a rehearsal: `python -m rehearsal.worker DIRECTORY ADDRESS`; it ends when the rehearsal does.

It runs the real workflows with the real activities, but for those that write to people: see :mod:`rehearsal.no_mail`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.registry import ACTIVITY_THREADS, activities_for, by_name
from engine.connection import dial
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.logs import configure_logging
from engine.polling import until_polling
from engine.settings import Settings
from records.database import Database
from rehearsal.cleaner import end_with_the_rehearsal
from rehearsal.no_mail import RehearsalPost, open_records
from rehearsal.settings import READY, settings_in
from workflows.registry import WORKFLOWS

CASES_KEPT = 5_000
"""More than any cohort has: a case that falls out of the cache has to be gone through anew for its next step."""


def activities_in(database: Database, settings: Settings, client: Client) -> list[Callable[..., Any]]:
    """The real activities, those of the rehearsal in the place of those that write to people."""
    post = RehearsalPost(database)
    activities = by_name(activities_for(database, settings, client)) | by_name([post.deliver, post.send_post])
    return list(activities.values())


async def serve(directory: Path, address: str) -> None:
    """Work until the process ends."""
    settings = settings_in(directory)
    configure_logging(settings)
    database = open_records(settings.records_url)
    client = await _server_at(address, settings.namespace)
    with ThreadPoolExecutor(ACTIVITY_THREADS) as threads:
        worker = Worker(
            client,
            task_queue=settings.task_queue,
            workflows=WORKFLOWS,
            activities=activities_in(database, settings, client),
            activity_executor=threads,
            max_cached_workflows=CASES_KEPT,
            max_concurrent_activities=ACTIVITY_THREADS,
        )
        async with worker:
            await until_polling(client, settings.task_queue)
            (directory / READY).touch()
            await asyncio.Event().wait()


async def _server_at(address: str, namespace: str) -> Client:
    """A client of the server, which starts at the same time as this worker."""
    while True:
        try:
            return await dial(address, namespace=namespace)
        except EngineUnreachable:
            await asyncio.sleep(0.2)


def main() -> int:
    """Run until the rehearsal is over."""
    end_with_the_rehearsal()
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
