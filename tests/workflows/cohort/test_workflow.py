"""Cohorts on the real server: enlisted, matched together, followed to the end; on a real clock at a fast pace."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError

from domain.cohort.participants import ENLISTED_AT_ONCE
from domain.cohort.requests import PauseCohort, Rematch, ResumeCohort
from domain.core.case import Withdraw
from domain.core.naming import mentor_capacity, workflow_id
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.cohort_messages import CohortMessage
from records.tables.cohort import CohortRecord
from tests.cohorts import CohortUnderTest, answering, more_mentors, newcomers, policy_with, start_cohort
from tests.office import HR, MANAGER, Office, open_office, refusal
from tests.replaying import replayer


async def replays(cohort: CohortUnderTest) -> list[Any]:
    """Replay every run of the cohort; their events."""
    a_replayer = replayer()
    runs: list[Any] = []
    async for run in cohort.office.client.list_workflows(f'WorkflowId = "{cohort.handle.id}"'):
        history = await cohort.office.client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        await a_replayer.replay_workflow(history)
        runs.append(history.events)
    return runs


async def placement_view(office: Office, case: str) -> dict[str, Any]:
    view: dict[str, Any] = await office.client.get_workflow_handle(workflow_id(case)).query("view")
    return view


@pytest.mark.long
async def test_a_cohort_from_the_first_day_to_the_report(office: Office) -> None:
    # Given six people, of whom one will withdraw, and a cohort with its dates.
    cohort = await start_cohort(office, policy=policy_with(rematch_after_days=10), seconds_per_day=0.25)
    people = newcomers(office, 6)

    # When they are enlisted, and twice.
    (enlisted,) = await cohort.enlist(people)
    (again,) = await cohort.enlist(people[:2])
    assert (len(enlisted.new), len(again.new), len(again.there)) == (6, 0, 2)

    # Then HR sees whom each would be with before anybody is asked.
    review = await cohort.review()
    assert review["assignee"] == HR
    assert len(review["facts"]["pairs"]) == 6
    for participant in people:
        assert (await placement_view(office, participant.case))["mentorships"] == []

    async with answering(cohort):
        await cohort.until(lambda view: view["stage"] == "running")
        leaver = office.client.get_workflow_handle(workflow_id(people[0].case))
        await leaver.execute_update("withdraw", Withdraw(actor=HR, reason="a post closer to home"))
        ending = await asyncio.wait_for(cohort.handle.result(), 270)

    # And one participant's failure is not the cohort's: it ends when the last follow-up is over, with its report.
    view = await cohort.view()
    figures = ending.figures
    assert figures is not None
    assert (figures.participants, figures.conversions, figures.withdrawn) == (6, 5, 1)
    assert {participant["status"] for participant in view["participants"].values()} == {"over"}
    assert [cohort_date["state"] for cohort_date in view["dates"]] == ["over"] * 3
    invited = [mail for mail in office.mails(to=people[1].returner) if b"Spring cohort" in bytes(mail)]
    assert len(invited) >= 3
    reports = [mail for mail in office.mails(to=HR) if "What came of cohort" in mail["Subject"]]
    assert len(reports) == 2, "once when it is known how all came out, and at the end"
    with office.database.reading() as records:
        row = records.get(CohortRecord, cohort.name)
        assert row is not None
        assert (row.stage, row.participants, row.ended) == ("ended", 6, 6)
    await replays(cohort)


async def test_twenty_people_fifteen_places_and_five_are_listed_with_reasons(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(max_mentees=3))
    more_mentors(office, 2)  # and three of the office: fifteen places
    people = newcomers(office, 20)
    await cohort.enlist(people)

    review = await cohort.review()
    assert len(review["facts"]["pairs"]) == 15
    assert len(review["facts"]["without_a_mentor"]) == 5
    await cohort.answer(review, agree=True)
    async with answering(cohort):
        view = await cohort.until(lambda view: _count(view, "matched") == 15)

    unmatched = [participant for participant in view["participants"].values() if participant["status"] == "unmatched"]
    assert len(unmatched) == 5
    assert all("no place left" in participant["why"] for participant in unmatched)
    assert view["at_risk"] == {"mentors": "5 returners have no mentor"}
    holders: dict[str, int] = {}
    for participant in view["participants"].values():
        if participant["mentor"]:
            holders[participant["mentor"]] = holders.get(participant["mentor"], 0) + 1
    assert set(holders.values()) == {3}
    for mentor in holders:
        places = office.client.get_workflow_handle(f"capacity-{mentor_capacity(mentor)}")
        assert len((await places.query("view"))["holders"]) == 3

    # HR finds more mentors, and matches again; nobody who has agreed is disturbed.
    more_mentors(office, 2)
    before = {
        case: participant["mentor"] for case, participant in view["participants"].items() if participant["mentor"]
    }
    async with answering(cohort):
        await cohort.ask("rematch", Rematch(actor=HR, reason="two more mentors were found"))
        view = await cohort.until(lambda view: _count(view, "matched") == 20)
    assert {case: view["participants"][case]["mentor"] for case in before} == before
    assert view["at_risk"] == {}


async def test_hr_pins_and_forbids_and_who_refuses_is_matched_again_without_disturbing_the_others(
    office: Office,
) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    people = newcomers(office, 4)
    await cohort.enlist(people)
    best, _, third = office.mentors
    pinned, forbidden = people[0].returner, people[1].returner

    # HR pins one pair and forbids another, and sees the matching again.
    first = await cohort.review()
    await cohort.answer(first, agree=False, pin=[f"{pinned}={third}"], forbid=[f"{forbidden}={best}"])
    again = await cohort.until(lambda view: view["proposal"]["n"] == 2)
    pairs = {pair["returner"]: pair["mentor"] for pair in again["proposal"]["pairs"]}
    assert pairs[pinned] == third
    assert pairs[forbidden] != best

    # One mentor refuses; everybody else agrees.
    def reply(task: Any) -> dict[str, Any]:
        if task.assignee == third:
            return {"yes": False, "reason": "no time before summer"}
        return {"yes": True}

    cohort.answers[TaskKind.MENTOR_REQUEST] = reply
    async with answering(cohort):
        view = await cohort.until(lambda view: _count(view, "matched") == 4)

    asked = {participant["who"]["returner"]: participant["asked"] for participant in view["participants"].values()}
    assert asked[pinned][0] == third
    assert len(asked[pinned]) == 2
    assert asked[forbidden][0] == pairs[forbidden]
    others = [participant.returner for participant in people if pairs[participant.returner] != third]
    assert all(len(asked[returner]) == 1 for returner in others), "who has agreed was not disturbed"
    assert view["rounds"] == 3


async def test_a_cohort_that_is_paused_pauses_its_placements_and_moves_its_dates(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=0.2)
    people = newcomers(office, 3)
    await cohort.enlist(people)

    async with answering(cohort):
        running = await cohort.until(lambda view: view["stage"] == "running" and _count(view, "matched") == 3)
        await asyncio.sleep(1)
        await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed for a week"))
        paused = await cohort.until(lambda view: view["pauses"] and view["pauses"][0]["pause_sent"])
        assert len(paused["pauses"][0]["cases"]) == 3
        for participant in people:
            assert (await placement_view(office, participant.case))["clock"]["paused_since"]
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await cohort.ask("pause", PauseCohort(actor=HR, reason="twice"))
        assert "is paused already" in refusal(refused.value)
        await asyncio.sleep(2)
        await cohort.ask("resume", ResumeCohort(actor=HR))
        resumed = await cohort.until(
            lambda view: view["pauses"][0]["resume_sent"] and _showcase(view) > _showcase(running)
        )

    assert resumed["ends_on"] > running["ends_on"]
    for participant in people:
        assert not (await placement_view(office, participant.case))["clock"].get("paused_since")
    await replays(cohort)


async def test_closing_a_cohort_lets_its_placements_go_on_by_themselves(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    people = newcomers(office, 2)
    await cohort.enlist(people)
    await cohort.review()

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await cohort.ask("withdraw", Withdraw(actor=MANAGER, reason="why not"))
    assert "it is for HR" in refusal(refused.value)
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="we do it without"))

    assert (await cohort.handle.result()).outcome == "closed"
    async with answering(cohort):
        for participant in people:
            async with asyncio.timeout(60):
                while (await placement_view(office, participant.case))["stage"] in ("intake", "matching"):
                    await asyncio.sleep(0.1)
    await replays(cohort)


@pytest.mark.long
async def test_closed_while_placements_are_being_started_nobody_waits_for_ever(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    people = newcomers(office, 40)
    await cohort.enlist(people)

    await cohort.ask("withdraw", Withdraw(actor=HR, reason="the wrong file"))
    await cohort.handle.result()

    view = await cohort.view()
    statuses = {case: participant["status"] for case, participant in view["participants"].items()}
    started = [case for case, status in statuses.items() if status != "not_started"]
    assert started, "what was asked of the placements is not broken off"
    for case in started:
        async with asyncio.timeout(60):
            while (await placement_view(office, case))["matched_by"]:
                await asyncio.sleep(0.1)


async def test_closing_a_paused_cohort_lets_its_placements_go_on(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    people = newcomers(office, 2)
    await cohort.enlist(people)
    async with answering(cohort):
        await cohort.until(lambda view: _count(view, "matched") == 2)
        await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
        await cohort.until(lambda view: view["pauses"][0]["pause_sent"] and len(view["pauses"][0]["cases"]) == 2)
        await cohort.ask("withdraw", Withdraw(actor=HR, reason="we do it without"))
        await cohort.handle.result()

    for participant in people:
        assert not (await placement_view(office, participant.case))["clock"].get("paused_since")


async def test_whoever_finds_a_mentor_during_a_pause_is_paused_then_and_the_first_day_moves_for_all(
    office: Office,
) -> None:
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=3)
    people = newcomers(office, 2)
    await cohort.enlist(people)
    await cohort.answer(await cohort.review(), agree=True)
    await cohort.until(lambda view: _count(view, "asked") == 2)
    planned = (await cohort.view())["first_day"]

    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
    await cohort.until(lambda view: view["pauses"][0]["pause_sent"])
    first, second = people
    request = (await placement_view(office, first.case))["tasks"][0]
    placement = office.client.get_workflow_handle(workflow_id(first.case))
    answer = AnswerTask(actor=request["assignee"], task=request["id"], answer={"yes": True})
    await placement.execute_update("answer_task", answer)
    await cohort.until(lambda view: view["pauses"][0]["cases"] == [first.case])
    await asyncio.sleep(9)
    await cohort.ask("resume", ResumeCohort(actor=HR))
    view = await cohort.until(lambda view: view["pauses"][0]["resume_sent"])

    assert view["first_day"] > planned
    assert (await placement_view(office, second.case))["starts_on"] == view["first_day"]
    # The placement's own leave may begin later than the cohort's pause: as soon as it hears of it.
    paused = await placement_view(office, first.case)
    (leave,) = paused["leaves"]
    away = date.fromisoformat(leave["back_on"]) - date.fromisoformat(leave["first"])
    assert date.fromisoformat(paused["plan"]["start"]) >= date.fromisoformat(planned) + away


async def test_pairs_that_can_not_be_are_refused(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    (participant,) = newcomers(office, 1)
    await cohort.enlist([participant])
    review = await cohort.review()
    mentor = office.mentors[0]
    for fields, sentence in (
        ({"pin": [f"{participant.returner}={MANAGER}"]}, "leads"),
        ({"pin": [f"{participant.returner}={participant.returner}"]}, "or is them"),
        ({"pin": [f"{mentor}={participant.returner}"]}, "does not take part"),
        (
            {"pin": [f"{participant.returner}={mentor}"], "forbid": [f"{participant.returner}={mentor}"]},
            "can't be both",
        ),
        (
            {"pin": [f"{participant.returner}={mentor}", f"{participant.returner}={office.mentors[1]}"]},
            "only one mentor",
        ),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await cohort.answer(review, agree=False, **fields)
        assert sentence in refusal(refused.value)


async def test_a_placement_ended_by_an_operator_does_not_keep_the_cohort_waiting(office: Office) -> None:
    policy = policy_with()
    policy = policy.model_copy(update={"pause": policy.pause.model_copy(update={"remind_every_days": 2})})
    cohort = await start_cohort(office, policy=policy)
    (participant,) = newcomers(office, 1)
    await cohort.enlist([participant])
    await cohort.review()

    await office.client.get_workflow_handle(workflow_id(participant.case)).terminate("by hand")

    view = await cohort.until(lambda view: _count(view, "over") == 1)
    assert "by an operator" in view["at_risk"]["gone"]


async def test_hr_names_a_mentor_for_somebody_whom_the_matching_left_without(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with(max_mentees=1))
    people = newcomers(office, 4)
    await cohort.enlist(people)
    await cohort.answer(await cohort.review(), agree=True)
    view = await cohort.until(lambda view: _count(view, "unmatched") == 1)
    (left,) = [case for case, participant in view["participants"].items() if participant["status"] == "unmatched"]

    placement = office.client.get_workflow_handle(workflow_id(left))
    named = {"actor": HR, "reason": "she has offered", "mentor": office.outsider}
    await placement.execute_update("reassign_mentor", named)
    async with answering(cohort):
        view = await cohort.until(lambda view: _count(view, "matched") == 4)

    assert view["participants"][left]["mentor"] == office.outsider
    assert view["at_risk"] == {}


async def test_what_a_cohort_says_twice_or_about_somebody_else_changes_nothing(office: Office) -> None:
    cohort = await start_cohort(office, policy=policy_with())
    people = newcomers(office, 1)
    await cohort.enlist(people)
    await cohort.answer(await cohort.review(), agree=True)
    placement = office.client.get_workflow_handle(workflow_id(people[0].case))
    async with asyncio.timeout(60):
        while not (await placement_view(office, people[0].case))["mentorships"]:
            await asyncio.sleep(0.05)
    before = await placement_view(office, people[0].case)

    asked = before["mentorships"][0]
    again = CohortMessage(n=before["proposals"], mentor=asked["mentor"], score=asked["score"], reasons=[])
    await placement.signal("mentor_proposed", again)
    stranger = {"case": "R-NOBODY-DATA1", "at": before["now"], "kind": "ended", "outcome": "converted"}
    await cohort.handle.signal("participant_news", stranger)

    assert (await placement_view(office, people[0].case))["mentorships"] == before["mentorships"]
    assert await cohort.statuses() == {"asked": 1}


@pytest.mark.long
async def test_a_cohort_of_two_batches_is_launched_and_its_history_stays_short(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path, max_cached_workflows=400) as office:
        cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=60)
        more_mentors(office, 40)
        people = newcomers(office, ENLISTED_AT_ONCE + 20)

        await cohort.enlist(people)
        review = await cohort.review()
        assert len(review["facts"]["pairs"]) + review["facts"].get("more_pairs", 0) == len(people)
        await cohort.answer(review, agree=True)
        async with answering(cohort):
            await cohort.until(lambda view: _count(view, "matched") == len(people), patience=250)

        started = [execution async for execution in client.list_workflows(f'TaskQueue = "{office.queue}"')]
        placements = {execution.id for execution in started if execution.id.startswith("placement-")}
        assert placements == {workflow_id(participant.case) for participant in people}
        assert all(len(events) < 10 * len(people) for events in await replays(cohort))


def _count(view: dict[str, Any], status: str) -> int:
    return sum(participant["status"] == status for participant in view["participants"].values())


def _showcase(view: dict[str, Any]) -> str:
    return next(str(cohort_date["starts"]) for cohort_date in view["dates"] if cohort_date["key"] == "showcase")
