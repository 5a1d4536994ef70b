"""A launch of fifty in which workers are killed again and again: fifty placements in the end, no more and no fewer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from domain.cohort.participants import Enlisting, Participant
from domain.cohort.requests import Enlist
from domain.cohort.state import CohortStart
from domain.core.naming import workflow_id
from records.database import Database
from records.tables.core import CaseRecord
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, ROLE, person
from tests.replaying import replayer
from tests.test_restart import Site, furnish, site
from workflows.cohort.workflow import Cohort

__all__ = ["site"]

FIFTY = 50
KILLS = 2


def enlisted(database: Database) -> list[Participant]:
    """Fifty returners, who are in the records."""
    ids = [f"P-R{n:04}" for n in range(FIFTY)]
    with database.session() as session:
        session.add_all(person(returner, skills=["sql"]) for returner in ids)
    return [
        Participant(
            case=f"R-{returner.removeprefix('P-')}-{ROLE.id}", returner=returner, role=ROLE.id, application=ELIGIBLE
        )
        for returner in ids
    ]


async def begun(client: Client) -> int:
    """How many placements Temporal has."""
    return (await client.count_workflows("WorkflowType = 'Placement'")).count


@pytest.mark.timeout(240)
@pytest.mark.long
async def test_a_worker_killed_during_a_launch_of_fifty_leaves_fifty_placements(site: Site) -> None:
    # Given a cohort, and fifty people to be enlisted
    database = furnish(site.settings)
    people = enlisted(database)
    client = await site.up()
    start = CohortStart(
        cohort="SPRING",
        title="Spring cohort",
        policy=shipped_policy(),
        starts_on=date.today() + timedelta(weeks=8),  # noqa: DTZ011 - any day will do
        weeks=16,
        country=ROLE.country,
        time_zone=ROLE.time_zone,
        led_by=HR,
        hr_lead=HR_LEAD,
    )
    cohort = await client.start_workflow(Cohort.run, start, id="cohort-SPRING", task_queue=site.settings.task_queue)
    enlist = Enlist(actor=HR, enlisting=Enlisting(participants=people, roles={ROLE.id: ROLE}))

    # When they are launched, and the worker is killed each time some more placements have begun
    launching = asyncio.create_task(cohort.execute_update("enlist", enlist, id="launch"))
    killed_at: list[int] = []
    async with asyncio.timeout(150):
        for n in range(1, KILLS + 1):
            while await begun(client) < n * FIFTY // (KILLS + 2):
                await asyncio.sleep(0.02)
            site.kill(server=False)
            killed_at.append(await begun(client))
            client = await site.up()
        with suppress(WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
            await launching

        # Then the launch goes on by itself, to its end
        view: dict[str, Any] = {}
        matched = {"proposed", "unmatched"}
        while not view or {participant["status"] for participant in view["participants"].values()} - matched:
            await asyncio.sleep(0.2)
            with suppress(RPCError):
                view = await cohort.query(Cohort.view)

    # And there are fifty placements, each once; a second launch changes nothing
    assert killed_at[0] < FIFTY, "the first kill came in the middle"
    assert len(view["participants"]) == FIFTY
    again = await cohort.execute_update("enlist", enlist)
    assert again["new"] == []
    await asyncio.sleep(1)
    ids = [placement.id async for placement in client.list_workflows("WorkflowType = 'Placement'")]
    assert sorted(ids) == sorted(workflow_id(participant.case) for participant in people)
    with database.reading() as records:
        assert records.query(CaseRecord).count() == FIFTY
    a_replayer = replayer()
    await a_replayer.replay_workflow(await cohort.fetch_history())
    assert await site.down() == 0
