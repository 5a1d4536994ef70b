"""Where a rehearsal takes place: a directory, a server and a worker of its own, gone when it is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from engine.connection import dial
from engine.devserver import ports
from engine.devserver.errors import DevServerError
from engine.devserver.progress import Progress
from engine.devserver.server import DevServer
from engine.settings import Settings
from records.database import Database
from rehearsal import cleaner as cleaner
from rehearsal.no_mail import make_tables, open_records
from rehearsal.settings import READY, settings_in

PREFIX = "waymark-rehearsal-"
WORKER_READY_SECONDS = 60.0
ROOM_BYTES = 2**31
"""Several times of what two hundred people need."""


@dataclass(frozen=True)
class Sandbox:
    """A place to rehearse in: its records, which have all tables and nothing in them, and its server."""

    directory: Path
    settings: Settings
    database: Database
    client: Client


@asynccontextmanager
async def sandbox(progress: Progress) -> AsyncIterator[Sandbox]:
    """A place of its own for the length of the block. Raises ``DevServerError`` where there is no server to be had.

    However the block ends, and also when this process is killed, server and worker end and the directory is removed.
    """
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_in_memory()))
    cleaning = cleaner.launch("rehearsal.cleaner", str(directory))
    try:
        async with _open(directory, progress) as opened:
            yield opened
    finally:
        cleaner.end(cleaning)
        if await asyncio.to_thread(directory.exists):
            progress.say(f"Not everything of the rehearsal could be removed: look at {directory}")


def _in_memory() -> Path | None:
    """Where files are kept in memory, if there is room: nothing waits for a disk there. None is the usual place."""
    place = Path("/dev/shm")
    roomy = place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free >= ROOM_BYTES
    return place if roomy and "TMPDIR" not in os.environ else None


@asynccontextmanager
async def _open(directory: Path, progress: Progress) -> AsyncIterator[Sandbox]:
    settings = settings_in(directory)
    database = open_records(settings.records_url)
    worker: subprocess.Popen[bytes] | None = None
    try:
        await asyncio.to_thread(make_tables, database)
        os.environ.setdefault("GOGC", "400")  # a server of minutes may take memory for the time it saves
        (port,) = ports.some_free(1)
        log = directory / "logs" / "worker.log"
        log.parent.mkdir()
        # Both take seconds to be ready; the worker looks for the server until it is there.
        worker = cleaner.launch("rehearsal.worker", str(directory), f"{ports.HOST}:{port}", log=log)
        server = await DevServer.start(
            data_dir=directory, ui=False, progress=progress, port=port, ignore_configured=True
        )
        client = await dial(server.address, namespace=settings.namespace)
        await _until_ready(directory, worker, log)
        yield Sandbox(directory, settings, database, client)
    finally:
        if worker is not None:
            cleaner.end(worker)
        database.close()


async def _until_ready(directory: Path, worker: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + WORKER_READY_SECONDS
    while not await asyncio.to_thread((directory / READY).exists):
        if worker.poll() is not None or time.monotonic() > deadline:
            last_lines = await asyncio.to_thread(_last_lines, log)
            raise DevServerError("\n".join(["The rehearsal's worker did not start.", *last_lines]))
        await asyncio.sleep(0.05)


def _last_lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
