"""How a worker starts, and how it says in one line why it can't."""

import asyncio
import os
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from engine.devserver.server import DevServer
from engine.polling import nobody_polls, until_polling
from engine.settings import ROOT
from records.database import Database
from records.tables.dispatch import AddressChangeRecord
from tests.engine.late_worker import TellsTheTime
from tests.office import person

_LOSES_THE_SERVER = """
import worker

async def away(client):
    pass  # as if all was registered, and the namespace went away only then: the worker finds out when it begins

worker.register = away
raise SystemExit(worker.main())
"""


@activity.defn
async def nothing() -> None:
    """Does nothing."""


async def test_a_worker_is_ready_when_the_server_sees_it_ask_for_tasks_of_both_kinds(client: Client) -> None:
    queue = uuid.uuid4().hex
    ready = asyncio.create_task(until_polling(client, queue))
    assert await nobody_polls(client, queue)
    async with Worker(client, task_queue=queue, workflows=[TellsTheTime]):
        await asyncio.sleep(0.5)
        assert not ready.done()
        assert not await nobody_polls(client, queue)
        async with Worker(client, task_queue=queue, activities=[nothing]):
            await ready


def test_without_a_server_the_worker_ends_with_one_sentence(tmp_path: Path) -> None:
    ended = _run(["worker.py"], tmp_path)
    assert ended.returncode == 1
    assert _last(ended).startswith(f"No Temporal server runs for the data directory {tmp_path}.")
    assert "Traceback" not in ended.stderr
    assert "tables of the records brought up to date" in ended.stderr
    assert "alembic" not in ended.stderr


def test_a_worker_that_the_server_does_not_take_ends_with_one_sentence(server: DevServer, tmp_path: Path) -> None:
    ended = _run(["-c", _LOSES_THE_SERVER], tmp_path, TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="nowhere")
    assert ended.returncode == 1
    assert _last(ended).startswith(f"This worker can't work with the Temporal server at {server.address} (")
    assert "Traceback" not in ended.stderr


def test_a_worker_tells_people_that_their_address_was_changed_and_ends_when_it_is_told_to(
    server: DevServer, tmp_path: Path
) -> None:
    # given records in which somebody has another mail address than before
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    database.migrate()
    with database.session() as session:
        session.add(person("P-AMARA"))
        session.add(
            AddressChangeRecord(person="P-AMARA", at=datetime.now(UTC), address="old@example.org", tried_at=None)
        )
    database.close()
    # when a worker starts
    running = subprocess.Popen(
        [sys.executable, "worker.py"],
        cwd=ROOT,
        env=_environment(tmp_path) | {"TEMPORAL_ADDRESS": server.address, "TEMPORAL_NAMESPACE": "default"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not (mails := list((tmp_path / "mail" / "new").glob("*"))):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        # then they hear of it there, and it ends at once when it is told to
        assert b"To: Person Amara <old@example.org>" in mails[0].read_bytes()
        running.terminate()
        said = running.communicate(timeout=60)[1]
    finally:
        running.kill()
    assert running.returncode == 0
    assert "Traceback" not in said


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "TEMPORAL_"))}
    return kept | {"WAYMARK_DATA_DIR": str(data_dir)}


def _run(words: list[str], data_dir: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=_environment(data_dir) | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _last(ended: "subprocess.CompletedProcess[str]") -> str:
    return ended.stderr.strip().splitlines()[-1]
