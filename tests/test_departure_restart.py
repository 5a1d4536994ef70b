"""A worker is killed in the middle of a departure, twice: each part is handed over, and once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client

from domain.core.departure import DepartureState
from domain.placement.start import PlacementStart
from engine.settings import load_settings
from records.database import Database
from records.queries import leaving
from records.tables.core import DecisionRecord
from records.tables.dispatch import MailRecord
from service.core.connecting import connected
from service.core.declaring import declare
from service.core.leaving import WantedDeparture
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, MANAGER, PATIENCE_SECONDS, RETURNER, ROLE, STAND_IN
from tests.replaying import replayer
from tests.test_restart import Site, furnish
from workflows.placement.workflow import Placement

CASES = 8


@pytest.fixture
async def place(tmp_path: Path) -> Any:
    place = Site(load_settings(data_dir=tmp_path))
    yield place
    place.kill(server=True)


async def start_all(client: Client, queue: str) -> list[str]:
    """So many placements around the same manager."""
    cases = [f"R-GOES-{n}" for n in range(CASES)]
    for case in cases:
        start = PlacementStart(
            case=case,
            returner=RETURNER,
            application=ELIGIBLE,
            role=ROLE,
            starts_on=datetime.now(UTC).date() + timedelta(days=20),
            weeks=16,
            policy=shipped_policy(),
            started_by=HR,
        )
        await client.start_workflow(Placement.run, start, id=f"placement-{case}", task_queue=queue)
    return cases


async def until(database: Database, count: Any) -> None:
    """Wait until the records have so many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not count(database):
        assert time.monotonic() < deadline, "the records don't get there"
        await asyncio.sleep(0.05)


def moves(database: Database) -> Counter[str]:
    """How often each case has moved the part, by its decisions."""
    with database.reading() as session:
        return Counter(session.scalars(select(DecisionRecord.case_id).where(DecisionRecord.what == "part")))


def found(database: Database) -> int:
    """In how many cases the manager is on record."""
    with database.reading() as session:
        return len(leaving.parts_of(session, MANAGER))


@pytest.mark.timeout(400)
@pytest.mark.long
async def test_killed_in_the_middle_of_a_departure_each_part_is_handed_over_once(place: Site) -> None:
    # Given placements around a manager
    database = furnish(place.settings)
    client = await place.up()
    cases = await start_all(client, place.settings.task_queue)
    await until(database, lambda records: found(records) == CASES)

    # When they have left, and the worker is killed as the first part has moved, and once more at once
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    wanted = WantedDeparture(MANAGER, yesterday, STAND_IN, look_again=timedelta(seconds=1), at_once=True)
    await declare(connected(client), database, wanted, HR, place.settings.task_queue, 30)
    await until(database, moves)
    place.kill(server=False)
    await place.up()
    await asyncio.sleep(1)
    place.kill(server=True)
    client = await place.up()

    # Then the departure goes on by itself, and each case has moved the part once and told the successor once
    handle = client.get_workflow_handle(f"departure-{MANAGER}", result_type=DepartureState)
    state: DepartureState = await handle.result()
    assert sorted((thing.case, thing.handed.to) for thing in state.handed) == [(case, STAND_IN) for case in cases]
    assert moves(database) == Counter(cases)
    assert found(database) == 0
    with database.reading() as session:
        told = Counter(session.scalars(select(MailRecord.case_id).where(MailRecord.template == "part_taken")))
    assert told == Counter(cases)
    await replayer().replay_workflow(await handle.fetch_history())
    assert await place.down() == 0
