"""A cohort starts, tells and asks its placements: each exactly once, and none stands in the way of the others."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, RPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.cohort import placements as under_test
from activities.cohort.placements import CohortActivities
from domain.cohort.calls import MessagesToPlacements, PlacementsToAsk, PlacementsToStart
from domain.cohort.participants import Enlisting, Participant
from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.naming import workflow_id
from domain.core.people import Role
from domain.placement.beginning import placement_beginning
from domain.placement.cohort_messages import CohortMessage
from domain.placement.requests import LeaveType
from domain.placement.start import PlacementStart
from records.database import Database
from records.journal import write
from service.core.starting import start_once
from tests.activities.placement.placement_probe import PlacementProbe
from tests.domain.factories import shipped_policy
from tests.migrated import new_records
from tests.office import ELIGIBLE, HR, ROLE, STAND_IN
from tests.records.rows import case_row

STARTS_ON = date(2027, 3, 1)
UNPAID = ROLE.model_copy(update={"id": "UNPAID", "stipend": Money(amount=Decimal(0), currency="GBP")})
OF_OTHERS = ROLE.model_copy(update={"id": "OTHERS", "hr": "P-HR2", "hr_lead": "P-HRLEAD2"})
ROLES = {role.id: role for role in (ROLE, UNPAID, OF_OTHERS)}


@dataclass
class Run:
    """The activities of a cohort, and what its placements were told and asked."""

    client: Client
    database: Database
    queue: str
    cohort: str
    activities: CohortActivities

    async def __call__(self, activity: Any, call: Any, *, attempt: int = 1) -> Any:
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, attempt=attempt)
        return await environment.run(activity, call)

    def who(self, n: int, role: Role = ROLE, **more: Any) -> Participant:
        case = f"R-{self.cohort}-{n}"
        return Participant(case=case, returner=f"P-RET{n}", role=role.id, application=ELIGIBLE, **more)

    def call(self, *participants: Participant) -> PlacementsToStart:
        return PlacementsToStart(
            cohort=self.cohort,
            policy=shipped_policy(),
            starts_on=STARTS_ON,
            weeks=16,
            started_by=HR,
            seconds_per_day=86_400,
            enlisting=Enlisting(
                participants=list(participants), roles={role.id: role for role in (ROLE, UNPAID, OF_OTHERS)}
            ),
        )

    async def start(self, *participants: Participant) -> dict[str, str | None]:
        """Start their placements; what was refused, by case."""
        found = await self(self.activities.start_placements, self.call(*participants))
        return {result.case: result.refused for result in found}

    async def ask(self, n: int, *cases: str, pause: bool, attempt: int = 1) -> dict[str, tuple[bool, str]]:
        """Ask placements; what was refused and said, by case."""
        call = PlacementsToAsk(cohort=self.cohort, n=n, cases=list(cases), pause=pause, actor=HR)
        found = await self(self.activities.ask_placements, call, attempt=attempt)
        return {reply.case: (reply.refused, reply.sentence) for reply in found}

    async def query(self, case: str, query: Any) -> Any:
        return await self.client.get_workflow_handle(workflow_id(case)).query(query)

    async def run_id(self, case: str) -> str:
        return (await self.client.get_workflow_handle(workflow_id(case)).describe()).run_id

    async def end(self, case: str) -> None:
        handle = self.client.get_workflow_handle(workflow_id(case))
        await handle.signal(PlacementProbe.end)
        await handle.result()


@pytest.fixture
async def run(client: Client, tmp_path: Path) -> AsyncIterator[Run]:
    database = new_records(tmp_path / "records.db")
    queue = f"probe-{uuid.uuid4()}"
    cohort = f"K{uuid.uuid4().hex[:8].upper()}"
    async with Worker(client, task_queue=queue, workflows=[PlacementProbe]):
        yield Run(client, database, queue, cohort, CohortActivities(client, database, queue))
    database.close()


async def test_each_placement_starts_once_however_often_that_is_tried(run: Run) -> None:
    twelve = [run.who(n) for n in range(12)]

    # given a first try whose worker was killed after five
    await run.start(*twelve[:5])
    before = [await run.run_id(participant.case) for participant in twelve[:5]]
    # when all are tried again
    again = await run.start(*twelve)

    # then nobody is refused, and nobody's placement is another than at first
    assert again == dict.fromkeys((participant.case for participant in twelve), None)
    start: PlacementStart = await run.query(twelve[0].case, PlacementProbe.started_with)
    assert (start.cohort, start.matched_by, start.started_by) == (run.cohort, run.cohort, HR)
    assert (start.starts_on, start.weeks) == (STARTS_ON, 16)
    assert [await run.run_id(participant.case) for participant in twelve[:5]] == before


async def test_a_participants_own_dates_come_before_the_cohorts(run: Run) -> None:
    late = run.who(1, starts_on=STARTS_ON + timedelta(days=14), weeks=20)

    await run.start(late)

    start: PlacementStart = await run.query(late.case, PlacementProbe.started_with)
    assert (start.starts_on, start.weeks) == (late.starts_on, 20)


async def test_what_cannot_be_started_is_told_and_stops_nobody_else(run: Run) -> None:
    fine, outside, over = run.who(1), run.who(2), run.who(3)
    # given one whose placement runs already, outside the cohort, and one whose has ended
    alone = PlacementStart(
        case=outside.case,
        returner=outside.returner,
        application=ELIGIBLE,
        role=ROLE,
        starts_on=STARTS_ON,
        weeks=16,
        policy=shipped_policy(),
        started_by=HR,
    )
    await start_once(run.client, run.database, placement_beginning(alone), run.queue)
    with run.database.session() as records:
        write(records, JournalBatch(case=over.case, rows=[case_row(stage="ended")]))

    refused = await run.start(
        fine,
        outside,
        over,
        run.who(4, UNPAID),
        run.who(5, OF_OTHERS),
        run.who(6).model_copy(update={"returner": ROLE.manager}),
        run.who(7).model_copy(update={"case": "K-NO-PLACEMENT"}),
    )

    said = dict(zip("abcdefg", refused.values(), strict=True))
    assert said["a"] is None
    assert said["b"] == f"{outside.case} is already running, and not in {run.cohort}"
    assert said["c"] is not None
    assert said["c"].startswith(f"{over.case} has ended and can't be started again; start it by itself")
    assert "an unpaid placement is refused" in str(said["d"])
    assert "it is for HR (P-HR2)" in str(said["e"])
    assert "is the manager of DATA1" in str(said["f"])
    assert "must not begin with" in str(said["g"])


async def test_one_that_is_over_before_the_try_is_repeated_was_started_all_the_same(run: Run) -> None:
    soon_over = run.who(1)
    await run.start(soon_over)
    await run.end(soon_over.case)

    assert await run.start(soon_over) == {soon_over.case: None}


async def test_records_that_cant_be_reached_fail_the_activity_and_not_the_placements(run: Run, tmp_path: Path) -> None:
    unreachable = Database("postgresql://nobody@127.0.0.1:9/none")
    activities = CohortActivities(run.client, unreachable, run.queue)

    with pytest.raises(ApplicationError) as error:
        await run(activities.start_placements, run.call(run.who(1)))

    assert error.value.type == "RecordsUnreachable"
    unreachable.close()


async def test_proposals_reach_those_who_are_there(run: Run) -> None:
    here, gone = run.who(1), run.who(2)
    await run.start(here, gone)
    await run.end(gone.case)
    proposed = CohortMessage(n=1, mentor=STAND_IN, score=0.8, reasons=["skills"])
    never = f"R-{run.cohort}-NEVER"

    await run(
        run.activities.tell_proposals,
        MessagesToPlacements(cohort=run.cohort, proposals=dict.fromkeys((never, gone.case, here.case), proposed)),
    )

    assert await run.query(here.case, PlacementProbe.told) == [proposed]


async def test_a_pause_is_asked_once_and_what_is_refused_is_told(run: Run) -> None:
    running, on_leave, gone = run.who(1), run.who(2), run.who(3)
    await run.start(running, on_leave, gone)
    await run.end(gone.case)
    await run.ask(9, on_leave.case, pause=True)

    first = await run.ask(1, running.case, on_leave.case, gone.case, pause=True)
    again = await run.ask(1, running.case, on_leave.case, gone.case, pause=True)

    # a second try gets the first one's answers: it does not find its own pause in the way
    assert first == again
    assert first == {
        running.case: (False, "paused"),
        on_leave.case: (True, "it is paused already"),
        gone.case: (True, "has ended"),
    }
    (pause,) = await run.query(running.case, PlacementProbe.paused_by)
    assert (pause.actor, pause.leave_type) == (HR, LeaveType.OTHER)
    assert await run.ask(2, running.case, pause=False) == {running.case: (False, "goes on")}


async def test_one_that_never_answers_does_not_hold_up_the_others_for_ever(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "ANSWERS_WITHIN", timedelta(seconds=1))
    running, stuck = run.who(1), run.who(2)
    await run.start(running)
    nobody = CohortActivities(run.client, run.database, f"nobody-{run.queue}")
    await run(nobody.start_placements, run.call(stuck))

    with pytest.raises(RPCTimeoutOrCancelledError):
        await run.ask(1, running.case, stuck.case, pause=True)
    said = await run.ask(1, running.case, stuck.case, pause=True, attempt=5)

    assert said[running.case] == (False, "paused")
    refused, sentence = said[stuck.case]
    assert refused
    assert sentence.startswith("did not answer")


def test_a_placement_is_started_with_the_day_on_which_it_begins_and_not_with_a_holiday() -> None:
    who = Participant(
        case="R-ANN-DATA1", returner="P-ANN", role=ROLE.id, application=ELIGIBLE, starts_on=date(2026, 12, 25)
    )
    call = PlacementsToStart(
        cohort="WINTER",
        enlisting=Enlisting(participants=[who], roles=ROLES),
        starts_on=STARTS_ON,
        weeks=16,
        policy=shipped_policy(),
        started_by=HR,
        seconds_per_day=86_400,
    )
    assert ROLE.country == "GB-ENG"
    assert under_test.placement_start(call, who).starts_on == date(2026, 12, 29)
