"""What every test shares: one real Temporal server, and a client of it."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from engine.client import connect
from engine.devserver.server import DevServer
from engine.settings import Settings, load_settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose every file is in a temporary directory."""
    return load_settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
async def server(settings: Settings) -> AsyncIterator[DevServer]:
    """A Temporal server of our own without a UI, even where another one is configured or runs."""
    started = await DevServer.start(data_dir=settings.data_dir, ui=False, ignore_configured=True)
    yield started
    await started.stop()


@pytest.fixture(scope="session")
async def client(server: DevServer, settings: Settings) -> Client:
    """A client of `server`."""
    return await connect(settings, address=server.address)
