"""What every test shares: one real Temporal server, and a client of it."""

import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from engine.devserver import ports
from engine.devserver.server import DevServer
from engine.garbage import look_for_garbage_seldom
from engine.settings import Settings, load_settings
from tests.patience import patiently_connect
from tests.postgresql import Server

# Tables are as wide as where nobody says how wide a terminal is; pytest-xdist says it for its own.
os.environ.pop("COLUMNS", None)
# On a busy machine anything may take seconds now and then; no test is about that.
os.environ.setdefault("AIOSMTPD_CONTROLLER_TIMEOUT", "60")
# The same inputs each time: what a search finds by chance once in a hundred runs is for ``make explore`` to find.
hypothesis_settings.register_profile("waymark", deadline=None, derandomize=True)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=1_000)
hypothesis_settings.load_profile("waymark")


IN_MEMORY = Path("/dev/shm")  # a file system in memory, where Linux has one
OURS = "waymark-tests-"
"""How the names of what tests keep there begin."""
ENOUGH_BYTES = 3 * 2**30
"""Several times what the tests leave behind."""
LEFT_SECONDS = 6 * 3_600
"""No run takes so long: what is older was left."""
_made: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory where there is room: their databases wait for the disk a fifth of the time."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH_BYTES
    if config.option.basetemp is None and roomy:
        for left in IN_MEMORY.glob(f"{OURS}*"):  # by a run that was killed
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        _made.append(Path(tempfile.mkdtemp(prefix=OURS, dir=IN_MEMORY)))
        config.option.basetemp = str(_made[0] / "all")


def pytest_unconfigure() -> None:
    """What is in memory does not stay."""
    for directory in _made:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def workflow_types_are_tried_once() -> Iterator[None]:
    """A new replayer tries each workflow type in the sandbox; of hundreds of replayers the first is enough."""
    tried: set[object] = set()
    try_it = SandboxedWorkflowRunner.prepare_workflow

    def once(self: SandboxedWorkflowRunner, definition: Any) -> None:
        if definition.cls not in tried:
            try_it(self, definition)
            tried.add(definition.cls)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SandboxedWorkflowRunner, "prepare_workflow", once)
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose every file is in a temporary directory."""
    return load_settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The PostgreSQL server of this process; in memory where pytest's directory is."""
    in_memory = tmp_path_factory.getbasetemp().is_relative_to(IN_MEMORY)
    started_when_asked = Server(IN_MEMORY if in_memory else None, f"{OURS}pg-")
    yield started_when_asked
    started_when_asked.stop()


@pytest.fixture(scope="session")
async def server(settings: Settings) -> AsyncIterator[DevServer]:
    """A Temporal server of our own without a UI, even where another one is configured or runs."""
    (port,) = ports.some_free(1)
    started = await DevServer.start(data_dir=settings.data_dir, ui=False, ignore_configured=True, port=port)
    yield started
    await started.stop()


@pytest.fixture(scope="session")
async def client(server: DevServer, settings: Settings) -> Client:
    """A client of `server`."""
    return await patiently_connect(settings, server.address)


def pytest_collection_finish() -> None:
    """As a worker does: it saves a seventh of a test process's time."""
    look_for_garbage_seldom()
