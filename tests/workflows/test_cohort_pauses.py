"""A cohort that pauses, goes on and closes faster than its placements can be told: the last word holds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from activities import cohorts
from domain.case import Withdraw
from domain.cohort import PauseCohort, ResumeCohort
from domain.cohort_calls import AskedPlacement, PlacementsToAsk
from domain.naming import workflow_id
from domain.placement_requests import PausePlacement
from tests.cohorts import CohortUnderTest, answering, newcomers, policy_with, start_cohort
from tests.office import HR, HR_LEAD, ROLE, Office, person

OTHER_HR = "P-HR2"


@pytest.fixture(params=range(3))
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placements are asked after a while, in any order; now and then one is asked once more, much later."""
    chance = random.Random(request.param)
    ask = cohorts.CohortActivities._ask
    late: list[asyncio.Task[Any]] = []

    async def asked(self: Any, call: PlacementsToAsk, case: str) -> AskedPlacement:
        await asyncio.sleep(chance.uniform(0, 0.8))
        if chance.random() < 0.5:
            late.append(asyncio.create_task(again(self, call, case)))
        return await ask(self, call, case)

    async def again(self: Any, call: PlacementsToAsk, case: str) -> None:
        """By a worker that had been given up."""
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        await ask(self, call, case)

    monkeypatch.setattr(cohorts.CohortActivities, "_ask", asked)


async def matched(office: Office, number: int, **policy: Any) -> tuple[CohortUnderTest, list[str]]:
    """A cohort whose placements all have mentors, and their cases."""
    cohort = await start_cohort(office, policy=policy_with(**policy), seconds_per_day=2)
    people = newcomers(office, number)
    await cohort.enlist(people)
    async with answering(cohort):
        await cohort.until(
            lambda view: sum(one["standing"] == "matched" for one in view["participants"].values()) == number
        )
    return cohort, [one.case for one in people]


async def paused(office: Office, cases: Sequence[str]) -> list[bool]:
    views = [await office.client.get_workflow_handle(workflow_id(case)).query("view") for case in cases]
    return [bool(view["clock"]["paused_since"]) for view in views]


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("ends", ["paused", "going on", "closed", "closed while paused"])
async def test_the_last_word_holds_however_fast_it_follows_the_one_before(office: Office, ends: str) -> None:
    cohort, cases = await matched(office, 3)
    own = office.client.get_workflow_handle(workflow_id(cases[0]))
    await own.execute_update("pause", PausePlacement(actor=HR))

    # When HR changes its mind while placements are still being told.
    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
    await asyncio.sleep(0.3)
    await cohort.ask("resume", ResumeCohort(actor=HR))
    if ends in ("paused", "closed while paused"):
        await cohort.ask("pause", PauseCohort(actor=HR_LEAD, reason="it is not over"))
    if ends.startswith("closed"):
        await cohort.ask("withdraw", Withdraw(actor=HR, reason="we do it without"))
        await asyncio.wait_for(cohort.handle.result(), 60)
    else:
        await cohort.until(lambda view: view["pauses"][-1]["told"] and all(_heard(view)))
    await asyncio.sleep(3)  # what is asked late arrives

    # Then they do as it was said last, but for the one that HR has paused on its own.
    assert await paused(office, cases) == [True, *([ends == "paused"] * 2)]


def _heard(view: dict[str, Any]) -> list[bool]:
    last = 2 * len(view["pauses"]) - (view["pauses"][-1]["back_on"] is None)
    return [one["heard"] == last for one in view["participants"].values()]


async def test_whoever_leads_the_cohort_pauses_also_placements_of_other_hr_partners(office: Office) -> None:
    # Given a cohort one of whose placements is another HR partner's.
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=2)
    (one,) = newcomers(office, 1)
    with office.database.session() as records:
        records.add(person(OTHER_HR))
    await cohort.enlist([one], ROLE.model_copy(update={"hr": OTHER_HR}), by=HR_LEAD)
    async with answering(cohort):
        await cohort.until(lambda view: view["participants"][one.case]["standing"] == "matched")

    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
    view = await cohort.until(lambda view: view["pauses"][0]["told"])

    assert view["pauses"][0]["refused"] == {}
    assert await paused(office, [one.case]) == [True]
    await cohort.ask("resume", ResumeCohort(actor=HR))
    await cohort.until(lambda view: view["pauses"][0]["told_to_go_on"])
    assert await paused(office, [one.case]) == [False]
