"""A worker that keeps nothing in memory: every workflow task replays its case from the start, and all comes out alike.

A certification of that kind goes through its years in ``test_certification``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import Client

from domain.cohort.requests import PauseCohort, ResumeCohort
from domain.core.case import Withdraw
from domain.learning.requests import PausePath, ResumePath
from domain.placement.stages import Outcome
from tests.cohorts import answering, newcomers, policy_with, start_cohort
from tests.office import HR, RETURNER, has_ended, open_office
from tests.school import LEARNER, e_learning, open_school, start_path, workshop


@pytest.mark.long
async def test_a_placement_gets_to_the_same_end(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=0) as office:
        case = await office.start(weeks=8)
        await case.go_on(until=lambda view: (view["week"] or 0) >= 3)
        await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))

        assert (await case.ended()).outcome is Outcome.WITHDRAWN
        assert [session["state"] for session in (await case.view())["sessions"][:2]] == ["held"] * 2


@pytest.mark.long
async def test_a_path_gets_to_the_same_end(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=0) as office:
        open_school(office, [e_learning(), workshop()])
        path = await start_path(office)
        await path.learn(until=lambda view: view["stage"] == "training")
        await path.ask("pause", PausePath(actor=LEARNER))
        await path.ask("resume", ResumePath(actor=LEARNER))

        ended = await path.learn(until=has_ended)

        assert {enrolment["training"]["id"]: enrolment["state"] for enrolment in ended["enrolments"]} == {
            "SQL-E": "passed",
            "PY-W": "passed",
        }
        assert (ended["outcome"], ended["held"]) == ("not_closed", [])


@pytest.mark.long
async def test_a_cohort_gets_to_the_same_end(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=0) as office:
        cohort = await start_cohort(office, policy=policy_with())
        await cohort.enlist(newcomers(office, 2))
        await cohort.answer(await cohort.review(), agree=True)
        async with answering(cohort):
            await cohort.until(
                lambda view: [participant["status"] for participant in view["participants"].values()] == ["matched"] * 2
            )

        await cohort.ask("pause", PauseCohort(actor=HR, reason="a strike"))
        await cohort.until(lambda view: view["pauses"][0]["pause_sent"])
        await cohort.ask("resume", ResumeCohort(actor=HR))
        await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))

        assert (await cohort.handle.result()).cohort == cohort.name
