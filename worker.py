"""Runs a worker: `python worker.py`. Any number of them, anywhere; SIGTERM or Ctrl-C drains and ends it."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.core.address_letters import AddressLetters
from activities.core.mail_records import RecordsAddressBook
from activities.core.transport import transport_for
from activities.registry import ACTIVITY_THREADS, activities_for
from engine.build import running
from engine.client import connect
from engine.connection import reason
from engine.errors import EngineUnreachable, RegistrationError
from engine.exit import run_to_exit
from engine.garbage import look_for_garbage_seldom
from engine.logs import configure_logging
from engine.polling import until_polling
from engine.privacy import close_to_others
from engine.registration import register
from engine.settings import Settings, SettingsError, load_settings
from engine.signals import stopped_by
from records.database import Database
from records.errors import RecordsError
from records.seal_files import SealFiles
from service.core.daily_mail import begin_all
from workflows.registry import WORKFLOWS

DRAIN = timedelta(seconds=30)
"""How long activities in hand may still take after SIGTERM; well within the minute that deployments give."""

log = logging.getLogger("waymark.worker")


def build(client: Client, settings: Settings, database: Database, threads: ThreadPoolExecutor) -> Worker:
    """The worker for all workflows and activities of Waymark."""
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities_for(database, settings, client),
        activity_executor=threads,
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_activities=ACTIVITY_THREADS,
        graceful_shutdown_timeout=DRAIN,
        deployment_config=running(settings.build),
    )


def address_letters(settings: Settings, database: Database) -> AddressLetters:
    """What tells people, at the address they had, that it was changed."""
    transport = transport_for(settings.smtp_url, settings.maildir)
    return AddressLetters(database, RecordsAddressBook(database), transport, settings.mail_from)


async def serve(settings: Settings) -> None:
    """Work until told to stop, then finish what is in hand."""
    stop = asyncio.Event()
    with stopped_by(signal.SIGTERM, signal.SIGINT, stop=stop.set):
        close_to_others(settings.data_dir)
        seals = SealFiles(settings.seal_key, settings.seal_list)
        database = Database(settings.records_url, seals, connections=ACTIVITY_THREADS)
        await asyncio.to_thread(database.migrate)
        client = await connect(settings)
        await register(client)
        await begin_all(client, settings.task_queue, database)
        with ThreadPoolExecutor(ACTIVITY_THREADS) as threads:
            worker = build(client, settings, database, threads)
            look_for_garbage_seldom()
            ready = asyncio.create_task(_say_when_ready(client, settings, database))
            sending = asyncio.create_task(address_letters(settings, database).keep_sending())
            try:
                await _work(worker, ready, asyncio.create_task(stop.wait()))
            finally:
                sending.cancel()
    log.info("worker ended")


async def _say_when_ready(client: Client, settings: Settings, database: Database) -> None:
    await until_polling(client, settings.task_queue)
    log.info(
        "worker ready",
        extra={
            "address": client.service_client.config.target_host,
            "namespace": client.namespace,
            "task_queue": settings.task_queue,
            "records": database.shown,
        },
    )


async def _work(worker: Worker, ready: asyncio.Task[None], stop: asyncio.Task[Any]) -> None:
    """Run until `stop`. Raises `EngineUnreachable` where the worker can't begin, or can't go on."""
    # Not `async with`: where the worker can't begin, that may end in a bare cancellation instead of the reason.
    running = asyncio.create_task(worker.run())
    awaited: set[asyncio.Task[Any]] = {running, ready, stop}
    try:
        while not (running.done() or stop.done()):
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if ready.done() and not running.done():
                ready.result()
                awaited.discard(ready)
    finally:
        if stop.done():
            log.info("worker draining")
        ready.cancel()
        await worker.shutdown()
        await _ended(running, worker.client)


async def _ended(running: asyncio.Task[None], client: Client) -> None:
    try:
        await running
    except RuntimeError as error:  # of the SDK's native part
        address = client.service_client.config.target_host
        raise EngineUnreachable(
            f"This worker can't work with the Temporal server at {address} ({reason(str(error))})."
        ) from error


def main() -> int:
    """Run until stopped; 1 when settings, Temporal or the records are not as needed."""
    try:
        settings = load_settings()
        configure_logging(settings)
        asyncio.run(serve(settings))
    except (SettingsError, EngineUnreachable, RegistrationError, RecordsError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
