"""What HR pins and forbids in a cohort holds for each placement.

(How the placements hear of it, whoever searches and when: ``test_rulings_in_placements``.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from domain.cohort.requests import Rematch
from domain.core.case import Withdraw
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from tests.cohorts import newcomers, policy_with, start_cohort
from tests.office import HR, PATIENCE_SECONDS, Office, refusal


async def view_once(handle: WorkflowHandle[Any, Any], true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true(view := await handle.query("view")):
            await asyncio.sleep(0.05)
        return dict(view)


def asked(view: dict[str, Any]) -> list[str]:
    return [mentorship["mentor"] for mentorship in view["mentorships"]]


async def answers(handle: WorkflowHandle[Any, Any], view: dict[str, Any], *, yes: bool) -> None:
    """Whoever is asked to be the mentor answers."""
    (task,) = [task for task in view["tasks"] if task["state"] == "open" and task["kind"] == TaskKind.MENTOR_REQUEST]
    answer = {"yes": yes} if yes else {"yes": False, "reason": "no time"}
    await handle.execute_update("answer_task", AnswerTask(actor=task["assignee"], task=task["id"], answer=answer))


async def test_who_is_forbidden_is_never_asked_and_who_is_pinned_first_also_once_the_cohort_is_closed(
    office: Office,
) -> None:
    # Given a cohort in which HR forbids the mentor who suits best, and pins somebody to each.
    cohort = await start_cohort(office, policy=policy_with())
    first, second = newcomers(office, 2)
    best, middle, last = office.mentors
    await cohort.enlist([first, second])
    review = await cohort.review()
    await cohort.answer(
        review, agree=False, forbid=[f"{first.returner}={best}"], pin=[f"{second.returner}={office.outsider}"]
    )
    await cohort.until(lambda view: view["rounds"] == 2 and view["proposal"]["n"] == 2)

    # When the cohort is closed, and each looks alone.
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))
    await cohort.handle.result()
    alone, pinned = (
        office.client.get_workflow_handle(workflow_id(participant.case)) for participant in (first, second)
    )

    # Then the one who was pinned is asked first, though they have not offered; the forbidden one is not asked.
    assert asked(await view_once(pinned, lambda view: bool(view["mentorships"]))) == [office.outsider]
    view = await view_once(alone, lambda view: bool(view["mentorships"]))
    assert asked(view) == [middle]
    await answers(alone, view, yes=True)
    await view_once(alone, lambda view: view["stage"] == "preboarding")
    reassign = {"actor": HR, "reason": "it does not work", "mentor": best}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await alone.execute_update("reassign_mentor", reassign)
    assert f"{best} was forbidden by HR" in refusal(refused.value)
    await alone.execute_update("reassign_mentor", {"actor": HR, "reason": "it does not work"})
    assert asked(await view_once(alone, lambda view: len(view["mentorships"]) == 2)) == [middle, last]

    # Unless HR means it.
    view = await alone.query("view")
    await answers(alone, view, yes=True)
    await view_once(alone, lambda view: view["mentorships"][-1]["state"] == "held")
    await alone.execute_update("reassign_mentor", {**reassign, "although_forbidden": True})
    assert asked(await view_once(alone, lambda view: len(view["mentorships"]) == 3))[-1] == best


async def test_who_is_forbidden_before_a_placement_could_be_started_is_forbidden_in_it_too(office: Office) -> None:
    # Given a returner whose second placement could not be started, and whom HR forbids a mentor meanwhile.
    cohort = await start_cohort(office, policy=policy_with())
    (first,) = newcomers(office, 1)
    second = first.model_copy(update={"case": f"{first.case}-2"})
    await cohort.enlist([first])
    await cohort.until(lambda view: view["participants"][first.case]["status"] != "enlisted")
    await cohort.enlist([second])
    await cohort.until(lambda view: view["participants"][second.case]["status"] == "not_started")
    forbid = [f"{first.returner}={office.mentors[0]}"]
    await cohort.ask("rematch", Rematch(actor=HR, reason="they are a couple", forbid=forbid))

    # When it is enlisted once more, so that it can be started.
    await cohort.enlist([second.model_copy(update={"beside": "half a week in each"})])

    # Then its placement knows whom not to ask.
    await cohort.until(lambda view: view["participants"][second.case].get("ruled") == 1)
    placement = office.client.get_workflow_handle(workflow_id(second.case))
    view = await view_once(placement, lambda view: view["ruling"] is not None)
    assert view["ruling"]["forbidden"] == [office.mentors[0]]
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))
    await cohort.handle.result()
