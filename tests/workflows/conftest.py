"""An office per test, and the check that every history the suite produces replays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.worker import Replayer

from engine.plugin import waymark_plugin
from tests.office import Office, open_office
from workflows.registry import WORKFLOWS


class WeekdaysOnly:
    """A place without public holidays: whole cases come out the same on any day of the year they are run."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan without public holidays; ``tests/activities/test_planning.py`` plans with them."""
    monkeypatch.setattr("activities.planning.holidays.country_holidays", lambda *_, **__: WeekdaysOnly())


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    """An office; whatever was run in it replays."""
    async with open_office(client, tmp_path) as office:
        yield office
        await replays(office)


async def replays(office: Office) -> None:
    """Replay every history of the office's cases."""
    replayer = Replayer(workflows=WORKFLOWS, plugins=[waymark_plugin()])
    for case in office.cases:
        await replayer.replay_workflow(await case.handle.fetch_history())
