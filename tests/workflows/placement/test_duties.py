"""Who may answer what: nobody decides in two parts, and no task is left with people who may not answer it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.requests import DecideEarly
from tests.office import (
    BUDGET_OWNER,
    HR,
    HR_LEAD,
    MANAGER,
    ROLE,
    SECOND_MANAGER,
    STAND_IN,
    Office,
    has_ended,
    refusal,
)

DAY = timedelta(days=1)


async def test_nobody_stands_in_for_an_approver_who_has_another_part_in_the_decision(office: Office) -> None:
    case = await office.start()
    approval = await case.next_task(TaskKind.APPROVAL)
    assert approval["assignee"] == SECOND_MANAGER

    for other in (BUDGET_OWNER, HR, MANAGER):
        with pytest.raises(WorkflowUpdateFailedError) as handed_on:
            await case.send(AnswerTask(actor=SECOND_MANAGER, task=approval["id"], delegate_to=other))
        assert f"{other} can't answer" in refusal(handed_on.value)
    await case.pass_time(4 * DAY)
    (approval,) = await case.open_tasks(TaskKind.APPROVAL)
    assert (approval["escalated"], approval["escalation"]) == (True, HR_LEAD)

    # And whoever stood in once does not do so again
    await case.answer(approval, by=HR_LEAD, yes=True)
    confirmation = await case.next_task(TaskKind.CONFIRMATION)
    with pytest.raises(WorkflowUpdateFailedError) as twice:
        await case.answer(confirmation, by=HR_LEAD, yes=True)
    assert "or stands in beside a part of their own" in refusal(twice.value)


@pytest.mark.long
async def test_whom_the_duties_exclude_hands_the_task_on(office: Office) -> None:
    # Given a role in which one person is all of HR, who has proposed for the manager
    case = await office.start(role=ROLE.model_copy(update={"hr_lead": HR}))
    proposal = await case.next_task(TaskKind.PROPOSAL)
    await case.send(AnswerTask(actor=MANAGER, task=proposal["id"], delegate_to=HR))
    await case.answer(proposal, by=HR, convert=True, reasons="the manager is away; I know the work")

    # When it is for HR to confirm
    confirmation = await case.next_task(TaskKind.CONFIRMATION)
    assert (confirmation["assignee"], confirmation["escalation"]) == (HR, HR)
    with pytest.raises(WorkflowUpdateFailedError) as own:
        await case.answer(confirmation, by=HR, yes=True)
    assert "nobody decides on their own proposal" in refusal(own.value)
    await case.send(AnswerTask(actor=HR, task=confirmation["id"], delegate_to=STAND_IN))
    await case.answer(confirmation, by=STAND_IN, yes=True)

    # Then the case goes on
    assert (await case.go_on(until=has_ended))["outcome"] == "converted"


@pytest.mark.long
async def test_one_person_with_three_parts_acts_in_one_of_them(office: Office) -> None:
    # Given a role whose manager owns the budget and is HR too, and a review that a mentor has given
    case = await office.start(role=ROLE.model_copy(update={"budget_owner": MANAGER, "hr": MANAGER}))
    proposal = await case.next_task(TaskKind.PROPOSAL)
    mentor = (await case.view())["parties"]["mentor"]

    # When the manager hands the proposal on
    with pytest.raises(WorkflowUpdateFailedError) as evidence:
        await case.send(AnswerTask(actor=MANAGER, task=proposal["id"], delegate_to=mentor))
    assert f"{mentor} can't answer" in refusal(evidence.value)
    await case.send(AnswerTask(actor=MANAGER, task=proposal["id"], delegate_to=STAND_IN))
    await case.answer(proposal, by=STAND_IN, convert=True, reasons="I have seen the work")

    # Then neither they, nor the mentor, nor whoever proposed for them decides on it; the head of HR is asked
    second = await case.next_task(TaskKind.APPROVAL)
    for other in (mentor, STAND_IN, MANAGER):
        with pytest.raises(WorkflowUpdateFailedError) as handed_on:
            await case.send(AnswerTask(actor=SECOND_MANAGER, task=second["id"], delegate_to=other))
        assert f"{other} can't answer" in refusal(handed_on.value)
    await case.answer(second, by=SECOND_MANAGER, yes=True)
    budget = await case.next_task(TaskKind.APPROVAL)
    assert (budget["party"], budget["assignee"]) == ("budget_owner", HR_LEAD)
    with pytest.raises(WorkflowUpdateFailedError) as own:
        await case.answer(budget, by=MANAGER, yes=True)
    assert "nobody decides on their own proposal or evidence" in refusal(own.value)
    await case.answer(budget, by=HR_LEAD, yes=True)

    # And at the last step, where the head of HR has had a part too, they are told that they can only hand it on
    confirmation = await case.next_task(TaskKind.CONFIRMATION)
    assert confirmation["assignee"] == HR_LEAD
    assert [one["what"] for one in confirmation["told"]] == ["task_to_hand_on"]
    await case.send(AnswerTask(actor=HR_LEAD, task=confirmation["id"], delegate_to="P-IT1"))
    await case.answer(confirmation, by="P-IT1", yes=True)
    assert (await case.go_on(until=has_ended))["outcome"] == "converted"


@pytest.mark.long
async def test_who_approves_gives_no_review_any_more(office: Office) -> None:
    # Given a final review of the manager's that is late and has come to the second-level manager
    case = await office.start()
    review = await case.next_task(TaskKind.MANAGER_REVIEW)
    await case.pass_time(8 * DAY)
    approval = await case.next_task(TaskKind.APPROVAL, leaving=[TaskKind.MANAGER_REVIEW])

    # When they approve, then they can't give the evidence too, but say why there is none
    await case.answer(approval, by=SECOND_MANAGER, yes=True)
    with pytest.raises(WorkflowUpdateFailedError) as late:
        await case.answer(review, by=SECOND_MANAGER, score=5)
    assert "nobody decides on their own proposal or evidence" in refusal(late.value)
    await case.answer(review, by=SECOND_MANAGER, waived_because="the manager was away")


async def test_the_decision_is_asked_for_early_once(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: (view["week"] or 0) >= 8)

    asked = [
        case.ask("decide_early", DecideEarly(actor=who, reason="another team wants to hire her"))
        for who in (MANAGER, HR, MANAGER)
    ]
    replies = await asyncio.gather(*asked, return_exceptions=True)

    refused = [refusal(one) for one in replies if isinstance(one, WorkflowUpdateFailedError)]
    assert len(refused) == 2
    decided = [one for one in (await case.view())["decisions"] if one["what"] == "early_decision"]
    assert len(decided) == 1
