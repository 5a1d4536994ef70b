"""A cohort that goes on in a new run at every quiet point there is: whatever is under way goes on in it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.cohort import PauseCohort, Rematch, ResumeCohort
from domain.questions import TaskKind
from tests.cohorts import answering, newcomers, policy_with, start_cohort
from tests.office import HR, Office, refusal
from tests.workflows.test_cohorts import replays


async def test_what_hr_agreed_to_in_a_pause_is_told_after_it_though_new_runs_came_between(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(), events_a_run=1)
    people = newcomers(office, 2)
    await cohort.enlist(people)
    review = await cohort.review()
    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))

    await cohort.answer(review, agree=True)
    before = len(await runs(cohort))
    await cohort.enlist(newcomers(office, 1))
    await cohort.until(lambda view: len(view["participants"]) == 3)
    assert await eventually_more_runs(cohort, before)
    assert await cohort.standings() != {"asked": 2, "started": 1}
    await cohort.ask("resume", ResumeCohort(actor=HR))

    view = await cohort.until(lambda view: all(view["participants"][one.case]["asked"] for one in people))
    agreed = [one for one in view["decisions"] if (one["what"], one["decided"]) == ("matching", "agreed")]
    assert [one["by"] for one in agreed] == [HR]
    await replays(cohort)


async def test_another_matching_asked_for_in_a_pause_comes_before_what_was_agreed_to_in_it(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(), events_a_run=1)
    (one,) = newcomers(office, 1)
    await cohort.enlist([one])
    review = await cohort.review()
    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
    await cohort.answer(review, agree=True)

    pin = f"{one.returner}={office.mentors[2]}"
    await cohort.ask("rematch", Rematch(actor=HR, reason="we know better now", pin=[pin]))
    await cohort.ask("resume", ResumeCohort(actor=HR))

    view = await cohort.until(lambda view: view["rounds"] == 2 and bool(view["proposal"]))
    assert view["participants"][one.case]["asked"] == []
    await cohort.until(lambda view: view["proposal"]["n"] == 2)
    await cohort.answer(await cohort.review(), agree=True)
    await cohort.until(lambda view: view["participants"][one.case]["asked"] == [office.mentors[2]])


async def test_a_review_of_an_earlier_run_still_refuses_pairs_that_can_not_be(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(), events_a_run=1)
    await cohort.enlist(newcomers(office, 1))
    review = await cohort.review()
    before = len(await runs(cohort))
    await cohort.enlist(newcomers(office, 1))
    assert await eventually_more_runs(cohort, before)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await cohort.answer(review, agree=False, pin=[f"P-NOBODY={office.mentors[0]}"])
    assert "does not take part" in refusal(refused.value)


@pytest.mark.long
async def test_from_the_first_day_to_the_report_in_as_many_runs_as_there_can_be(office: Office) -> None:
    # Given a cohort that goes on in a new run wherever it can, with a pause, a refusal, and pairs forbidden.
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=0.4, events_a_run=1)
    people = newcomers(office, 3)
    await cohort.enlist(people)
    first = await cohort.review()
    await cohort.answer(first, agree=False, forbid=[f"{people[0].returner}={office.mentors[0]}"])

    def reply(task: Any) -> dict[str, Any]:
        if task.assignee == office.mentors[1]:
            return {"yes": False, "reason": "no time before summer"}
        return {"yes": True}

    cohort.answers[TaskKind.MENTOR_REQUEST] = reply
    async with answering(cohort):
        await cohort.until(lambda view: view["stage"] == "running")
        await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
        await asyncio.sleep(1)
        await cohort.ask("resume", ResumeCohort(actor=HR))
        ending = await asyncio.wait_for(cohort.handle.result(), 200)

    # Then nothing of it is lost: all have come out, each has been asked once, and the report is there.
    view = await cohort.view()
    assert ending.figures is not None
    assert ending.figures.conversions == 3
    assert {one["standing"] for one in view["participants"].values()} == {"over"}
    assert office.mentors[0] not in view["participants"][people[0].case]["asked"]
    assert [one["state"] for one in view["dates"]] == ["over"] * 3
    assert len(await replays(cohort)) > 10
    reports = [mail for mail in office.mails(to=HR) if "What came of cohort" in mail["Subject"]]
    assert len(reports) == 2


async def runs(cohort: Any) -> list[str]:
    """The ids of all its runs."""
    found: list[str] = []
    run_id: str | None = (await cohort.handle.describe()).raw_description.workflow_execution_info.first_run_id
    while run_id:
        found.append(run_id)
        handle = cohort.office.client.get_workflow_handle(cohort.handle.id, run_id=run_id)
        last = (await handle.fetch_history()).events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


async def eventually_more_runs(cohort: Any, than: int) -> bool:
    """Wait until it has gone on in a new run."""
    async with asyncio.timeout(60):
        while len(await runs(cohort)) <= than:
            await asyncio.sleep(0.1)
    return True
