"""What tests share that change nothing: to come to the middle of a placement takes seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from domain.core.updates import Update
from domain.placement.requests import PausePlacement, ResumePlacement
from tests.office import HR, Case
from tests.web.running import Running, opened


@pytest.fixture(scope="session")
async def shared(client: Client, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The console and the office of those that only look, or are refused."""
    async with opened(client, tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture(scope="session")
async def placed(shared: Running) -> Case:
    """A placement in its first week, on record. Nobody is to change it."""
    case = await shared.in_placement()
    await case.settled()
    return case


@pytest.fixture(scope="session")
async def halfway(shared: Running) -> Case:
    """A placement with a leave, reviews, sessions and stipends behind it, on record. Nobody is to change it."""
    case = await shared.in_placement()
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    await case.ask(Update.RESUME, ResumePlacement(actor=HR))
    await case.go_on(until=lambda view: len(view["reviews"]) >= 2 and len(view["stipends"]) > 0)
    await case.settled()
    return case
