"""Who may answer what: nobody decides in two parts, and no task is left with people who may not answer it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.questions import TaskKind
from domain.tasks import AnswerTask
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
