"""The stories HR will try on the first day, as whole cases on the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from tests.office import Office, has_ended, open_office


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(client, tmp_path) as office:
        yield office


async def test_story_1_sixteen_weeks_without_trouble(office: Office) -> None:
    case = await office.start()

    view = await case.go_on(until=has_ended)

    assert view["outcome"] == "converted"
