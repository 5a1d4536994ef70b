"""The end of a placement that is no employment, and of one that is: what is still to be done, by whom, by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.requests import PausePlacement
from domain.placement.stages import Outcome
from records.queries.core import cases as queries
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, ROLE, Office, has_ended, refusal
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

DAY = timedelta(days=1)
ITEM = TaskKind.OFFBOARDING_ITEM
ALL = ["access", "equipment", "last_pay", "handover", "reference", "exit_talk"]
RELEASE: dict[str, Any] = {"convert": False, "reasons": "below what the role asks"}


def asked(view: dict[str, Any], kind: TaskKind = ITEM) -> list[dict[str, Any]]:
    """The tasks of a checklist at the end, in the order in which they were asked."""
    return [task for task in view["tasks"] if task["kind"] == kind]


def on_list(view: dict[str, Any]) -> list[str]:
    """What is to be done because somebody leaves."""
    return [entry["key"] for entry in view["offboarding"]]


def day_of(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


# On the server


async def test_who_is_released_is_off_boarded_by_the_last_day_which_was_known(office: Office) -> None:
    # Given somebody who is released, three weeks before the last day
    case = await office.start()
    await case.answer(await case.next_task(TaskKind.PROPOSAL), **RELEASE)
    view = await case.go_on(until=lambda view: asked(view), unanswered=[ITEM])

    # Then whoever has to do something hears of it two weeks and one before the last day
    end = date.fromisoformat(view["plan"]["end"])
    assert view["stage"] == "closing"
    assert timedelta(weeks=2) <= end - day_of(view["now"]) <= timedelta(weeks=3)
    view = await case.go_on(until=lambda view: len(asked(view)) == len(ALL), unanswered=[ITEM])
    assert view["stage"] == "closing"
    owners = {task["subject"].split()[0]: task["assignee"] for task in asked(view)}
    assert (owners["Accounts"], owners["Laptop,"], owners["Payroll"]) == (ROLE.it, ROLE.facilities, HR)
    assert day_of(next(task["due_at"] for task in asked(view) if task["assignee"] == ROLE.it)) <= end
    assert "below what the role asks" not in str(asked(view)), "owners are told what they have to do, and not why"

    # When nobody does it, then it escalates, and the placement ends on its day, but not the case
    view = await case.go_on(
        until=lambda view: view["stage"] == "offboarding" and all(task["escalated"] for task in asked(view)),
        unanswered=[ITEM],
    )
    assert view["outcome"] == Outcome.RELEASED
    assert "mentor" not in view["parties"], "the mentor is free for somebody else"
    with office.database.reading() as records:
        row = queries.case(records, case.id)
        assert (row.stage, row.outcome) == ("offboarding", "released")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))
    assert refusal(refused.value) == f"{case.id} has ended already"
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("pause", PausePlacement(actor=HR))
    assert "has ended and can't be paused" in refusal(refused.value)

    # When IT closes the accounts, and HR says that there was no equipment, with a reason that goes on record
    by_subject = {task["subject"].split()[0]: task for task in asked(view)}
    await case.answer(by_subject["Accounts"])
    for who in (ROLE.facilities, MANAGER):
        with pytest.raises(WorkflowUpdateFailedError):
            await case.answer(by_subject["Laptop,"], by=who, waived_because="not needed")
    await case.answer(by_subject["Laptop,"], by=HR_LEAD, waived_because="worked on their own laptop")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.answer(by_subject["Reference"], by=RETURNER)
    assert "can't answer" in refusal(refused.value)

    # Then the case ends once all that is required is done; what is not, and is late, holds nothing up
    await case.answer(by_subject["Payroll"])
    await case.answer(by_subject["Reference"])
    assert (await case.handle.result()).outcome is Outcome.RELEASED
    ended = await case.view()
    states = {task["subject"].split()[0]: task["state"] for task in asked(ended)}
    assert (states["Work"], states["Exit"]) == ("closed", "closed")
    with office.database.reading() as records:
        waived = [decision for decision in queries.decisions(records, case.id) if decision.what == "offboarding"]
        assert [(decision.decided, decision.by_person, decision.reason) for decision in waived] == [
            ("equipment waived", HR_LEAD, "worked on their own laptop")
        ]
        assert queries.inbox(records, case=case.id) == []


async def test_who_withdraws_in_the_middle_has_the_last_day_today(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: (view["week"] or 0) >= 7)

    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="a post closer to home"))
    view = await case.go_on(until=lambda view: len(asked(view)) == len(ALL), unanswered=[ITEM])

    assert view["stage"] == "offboarding"
    assert view["left_on"] == view["now"][:10]
    assert all(
        timedelta(0) < day_of(task["due_at"]) - day_of(view["now"]) <= timedelta(days=14) for task in asked(view)
    )
    ended = await case.go_on(until=has_ended)
    assert ended["outcome"] == Outcome.WITHDRAWN
    assert all(entry["done_at"] for entry in ended["offboarding"])
    for owner in (ROLE.it, ROLE.facilities, MANAGER):
        assert not any(b"closer to home" in bytes(mail) for mail in office.mails(to=owner))


async def test_who_declines_is_off_boarded_and_who_accepts_is_changed_over(office: Office) -> None:
    declined, converted = await office.start(weeks=8), await office.start(weeks=8)

    await declined.answer(await declined.next_task(TaskKind.OFFER), accept=False, comment="another offer")
    ended = await declined.go_on(until=has_ended)
    assert (ended["outcome"], on_list(ended), ended["changeover"]) == (Outcome.DECLINED, ALL, [])
    assert [task["state"] for task in asked(ended)] == ["answered"] * len(ALL)

    late = TaskKind.CHANGEOVER_ITEM
    view = await converted.go_on(until=lambda view: len(view["follow_ups"]) == 4, unanswered=[late])
    assert view["offboarding"] == []
    assert {task["assignee"] for task in asked(view, late)} == {HR, ROLE.it, ROLE.facilities, office.mentors[0]}
    assert view["stage"] == "follow_up", "nobody has moved the payroll yet, and no time makes that good"
    ended = await converted.go_on(until=has_ended)
    assert ended["outcome"] == Outcome.CONVERTED


# Without a server: the other ways in which a placement ends


@pytest.fixture
def placement() -> Any:
    office = StandIns()
    with office.driver:
        yield PlacementByHand(office)


def test_before_anything_was_begun_there_is_nothing_to_undo(placement: PlacementByHand) -> None:
    placement.next_task(TaskKind.MENTOR_REQUEST)

    placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))

    assert placement.view()["stage"] == "ended"
    assert on_list(placement.view()) == []


def test_before_the_first_day_only_what_was_begun_is_undone(placement: PlacementByHand) -> None:
    placement.go_on(lambda view: view["stage"] == "preboarding")
    none_yet = placement.view()["checklist"]
    assert not any(entry["task"] for entry in none_yet)
    placement.next_task(TaskKind.CHECKLIST_ITEM)

    placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))

    view = placement.view()
    assert on_list(view) == ["access", "equipment", "last_pay"]
    assert view["stage"] == "offboarding"
    assert all(task["due_at"] > view["now"] for task in placement.open_tasks())


def test_who_withdraws_in_a_leave_is_off_boarded_although_the_clock_had_stood_still(
    placement: PlacementByHand,
) -> None:
    placement.go_on(lambda view: (view["week"] or 0) >= 4)
    placement.ask("pause", PausePlacement(actor=HR))
    placement.pass_time(20 * DAY)

    placement.ask("withdraw", Withdraw(actor=HR, reason="will not come back"))

    assert (on_list(placement.view()), len(placement.open_tasks(ITEM))) == (ALL, len(ALL))
    assert placement.view()["left_on"] == placement.today().isoformat()
    placement.pass_time(8 * DAY)
    assert all(task["reminded"] for task in placement.open_tasks(ITEM))


@pytest.mark.parametrize(
    "end",
    [
        lambda placement: placement.ask("withdraw", Withdraw(actor=HR, reason="does not come any more")),
        lambda placement: placement.driver.cancel(CASE),
    ],
    ids=["HR ends it", "an operator cancels it"],
)
def test_an_early_end_after_the_release_brings_nearer_what_was_asked_already(
    placement: PlacementByHand, end: Callable[[PlacementByHand], Any]
) -> None:
    # Given somebody who is released, and is to hand over within the next two weeks
    placement.answer(placement.next_task(TaskKind.PROPOSAL), **RELEASE)
    placement.go_on(lambda view: asked(view), unanswered=[ITEM])
    early = asked(placement.view())
    assert 0 < len(early) < len(ALL)
    task = early[0]
    someone = AnswerTask(actor=task["assignee"], task=task["id"], delegate_to="P-HELPER")
    placement.driver.update(CASE, "answer_task", someone)
    placement.driver.settle()

    # When the placement ends now
    end(placement)
    placement.driver.settle()

    # Then the same tasks, with whom they were handed to, are due nearer, and the others are open
    view = placement.view()
    assert (view["outcome"], view["stage"]) == (Outcome.RELEASED, "offboarding")
    assert len(asked(view)) == len(ALL), "nobody is asked twice"
    (moved,) = [found for found in asked(view) if found["id"] == task["id"]]
    assert moved["due_at"] < task["due_at"]
    assert moved["delegates"] == ["P-HELPER"]
    told = [letter["to"] for letter in moved["letters"] if letter["what"] == "task_brought_forward"]
    assert told == [task["assignee"], "P-HELPER"]

    # And an operator who cancels ends nothing that is still to be done
    placement.driver.cancel(CASE)
    placement.pass_time(400 * DAY)
    assert placement.view()["stage"] == "offboarding"
    placement.go_on(lambda view: view["stage"] == "ended")
    assert placement.view()["outcome"] == Outcome.RELEASED


def test_who_accepts_and_then_withdraws_is_off_boarded_instead(placement: PlacementByHand) -> None:
    kinds = [TaskKind.CHANGEOVER_ITEM, ITEM]
    placement.go_on(lambda view: asked(view, TaskKind.CHANGEOVER_ITEM), unanswered=kinds)

    placement.ask("withdraw", Withdraw(actor=RETURNER, reason="another offer"))

    view = placement.view()
    assert {task["state"] for task in asked(view, TaskKind.CHANGEOVER_ITEM)} == {"closed"}
    assert (view["outcome"], on_list(view)) == (Outcome.WITHDRAWN, ALL)


def test_who_is_employed_and_leaves_later_is_not_off_boarded_by_the_placement(placement: PlacementByHand) -> None:
    placement.go_on(
        lambda view: view["stage"] == "ended",
        unanswered=[TaskKind.CHANGEOVER_ITEM],
        answers={TaskKind.FOLLOW_UP: {"still_here": False, "comment": "moved abroad"}},
    )

    view = placement.view()
    assert (view["outcome"], on_list(view)) == (Outcome.CONVERTED, [])
    assert {task["state"] for task in asked(view, TaskKind.CHANGEOVER_ITEM)} == {"closed"}


def test_what_is_waived_needs_a_reason_of_hr_even_before_anybody_is_late(placement: PlacementByHand) -> None:
    placement.go_on(lambda view: (view["week"] or 0) >= 4)
    placement.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    task = next(task for task in placement.open_tasks(ITEM) if task["assignee"] == ROLE.it)

    refused: list[tuple[str, dict[str, Any], str]] = [
        (ROLE.it, {"waived_because": "no time"}, "no answer is for HR"),
        (HR, {"done": True}, "was not asked"),
        (ROLE.it, {"done": False}, "answer when the item is done"),
    ]
    for who, fields, why in refused:
        with pytest.raises(ApplicationError, match=why):
            placement.answer(task, by=who, **fields)
    placement.answer(task, by=HR, waived_because="the accounts were never made")

    entry = next(entry for entry in placement.view()["offboarding"] if entry["key"] == "access")
    assert (entry["done_by"], entry["waived_because"]) == (HR, "the accounts were never made")
