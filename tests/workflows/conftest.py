"""An office per test, and the check that every history the suite produces replays."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from temporalio.client import Client

from tests.activities.core import second_parser
from tests.office import Office, open_office
from tests.replaying import replayer
from tests.workflows.case.stand_ins import StandIns


class WeekdaysOnly:
    """A place without public holidays: whole cases come out the same on any day of the year they are run."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def __contains__(self, day: date) -> bool:
        return False


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan without public holidays; ``tests/activities/placement/test_planning.py`` plans with them."""
    monkeypatch.setattr("service.placement.working_days.holidays.country_holidays", lambda *_, **__: WeekdaysOnly())


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    """An office; whatever was run in it replays, and whatever was written in it can be read."""
    async with open_office(client, tmp_path) as office:
        yield office
        await replays(office)
        read_all(office)


@pytest.fixture
def stand_ins() -> Iterator[StandIns]:
    """An office without a server; whatever was run in it replays."""
    stand_ins = StandIns()
    with stand_ins.driver:
        yield stand_ins


async def replays(office: Office) -> None:
    """Replay every history of the office's cases."""
    a_replayer = replayer()
    for case in office.cases:
        await a_replayer.replay_workflow(await case.handle.fetch_history())


NO_WORDS = re.compile(r"\b(None|True|False)\b|[{}]|\b[a-z]+_[a-z_]+\b|utcome:")
"""What no reader should see: what programs call things."""
FOR_PROGRAMS = ("    ", "The form asks for:")
"""How lines begin that show what to type."""


def read_all(office: Office) -> None:
    """Read every mail that was sent, by another parser: each to one person, from one, in words."""
    for file in office.settings.maildir.glob("new/*.eml"):
        mail = second_parser.read(re.sub(rb"(?<!\r)\n", b"\r\n", file.read_bytes()))
        assert mail.mailbox("to").address.endswith("@example.org")
        assert mail.mailbox("from").address == "waymark@localhost.localdomain"
        text = mail.part("text/plain").decode()
        lines = [mail.subject, *(line for line in text.splitlines() if not line.startswith(FOR_PROGRAMS))]
        if "message_not_read" not in file.name:  # which names the message, for whoever runs Waymark
            assert [line for line in lines if NO_WORDS.search(line)] == [], file.name
