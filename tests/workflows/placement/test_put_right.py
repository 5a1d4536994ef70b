"""Mistakes that are put right, as whole cases on the real server."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.case import Done
from domain.core.not_mine import NotMine
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from records.queries.core import cases as queries
from records.tampering import problems_of
from tests.office import HR, MANAGER, STAND_IN, Office, has_ended, open_of, refusal

REVIEW, RIGHT_PERSON = TaskKind.MANAGER_REVIEW, TaskKind.RIGHT_PERSON


async def test_story_a_review_asked_of_the_wrong_manager_and_a_score_that_was_a_slip(office: Office) -> None:
    """Given a review asked of somebody who is not the manager any more: they say so, while no worker is there, and HR
    names the right one. Their 1 was a slip for a 4, and a plan for improvement follows from it; HR reopens the review,
    no plan is left, and the decision rests on the new score. After that it can't be reopened any more."""
    case = await office.start()
    review = await case.next_task(REVIEW)
    async with office.worker_stopped():
        said = asyncio.create_task(
            case.handle.execute_update(
                "not_mine", NotMine(actor=MANAGER, task=review["id"], note="I left the team"), result_type=Done
            )
        )
        await asyncio.sleep(1)
    assert HR in (await said).sentence
    (asked,) = await case.open_tasks(RIGHT_PERSON)
    await case.settled()
    with office.database.reading() as records:
        assert [row.kind for row in queries.inbox(records, HR, case.id)] == [RIGHT_PERSON]
        (row,) = [row for row in queries.inbox(records, MANAGER, case.id) if row.kind == REVIEW]
        assert row.not_theirs == [MANAGER]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.answer(asked, person="P-NOBODY")
    assert "P-NOBODY is not in the records" in refusal(refused.value)
    await case.answer(asked, person=STAND_IN)

    (moved,) = await case.open_tasks(REVIEW)
    assert (moved["id"], moved["assignee"]) == (review["id"], STAND_IN)
    await case.answer(moved, score=1, comment="not yet")
    view = await case.go_on(
        until=lambda view: open_of(view, TaskKind.IMPROVEMENT_PLAN), unanswered=[TaskKind.IMPROVEMENT_PLAN]
    )
    assert view["reviews"][0]["below_threshold"]
    async with office.worker_stopped():
        reopened = asyncio.create_task(
            case.handle.execute_update(
                "reopen_task",
                ReopenTask(actor=HR, task=review["id"], reason="a slip: it was to be a 4"),
                result_type=Done,
            )
        )
        await asyncio.sleep(1)
    assert "the first answer counts" in (await reopened).sentence
    (again,) = await case.open_tasks(REVIEW)
    assert (again["assignee"], again["reopens"]) == (STAND_IN, review["id"])
    await case.answer(again, score=4)

    proposal = await case.next_task(TaskKind.PROPOSAL)
    assert "review week 4: 4.00" in proposal["facts"]["evidence"]
    assert not any("improvement" in line for line in proposal["facts"]["evidence"])
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("reopen_task", ReopenTask(actor=HR, task=again["id"], reason="better still"))
    assert "the conversion decision has begun, and the reviews are its evidence" in refusal(refused.value)
    view = await case.go_on(until=has_ended)

    assert view["outcome"] == "converted"
    with office.database.reading() as records:
        first, second = (queries.task(records, task["id"]) for task in (review, again))
        assert (first.state, second.state, second.reopens) == ("replaced", "answered", review["id"])
        assert (first.answer or {})["score"] == 1
        decided = [said for said in queries.decisions(records, case.id) if said.what == "correction"]
        assert [said.by_person for said in decided] == [HR, STAND_IN]
        assert problems_of(records, case.id) == []
    subjects = [str(mail["Subject"]) for mail in office.mails(to=STAND_IN)]
    assert any(subject.startswith("Asked once more: week 4 review") for subject in subjects)
    assert any("No longer needed: week 4 review" in str(mail["Subject"]) for mail in office.mails(to=MANAGER))
