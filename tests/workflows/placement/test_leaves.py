"""Leave: everything that is still to come waits and moves, pay and offers included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.placement.policy import Policy
from domain.placement.requests import ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from tests.domain.factories import shipped_policy
from tests.office import HR, RETURNER, Case, Office, has_ended, refusal

DAY = timedelta(days=1)


async def test_what_is_asked_during_a_leave_keeps_its_time_and_no_more(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await case.ask("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish"))
    await case.ask("pause", PausePlacement(actor=HR))
    before = (await case.open_tasks(TaskKind.EXTENSION_CONSENT))[0]
    await case.pass_time(20 * DAY)
    await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="private"))
    await case.settled()
    (request,) = await case.open_tasks(TaskKind.MENTOR_REQUEST)
    await case.pass_time(4 * DAY)

    await case.ask("resume", ResumePlacement(actor=HR))

    view = await case.view()
    now = datetime.fromisoformat(view["now"])
    left = {one["id"]: datetime.fromisoformat(one["due_at"]) - now for one in await case.open_tasks()}
    assert left[request["id"]] == pytest.approx(10 * DAY, abs=timedelta(hours=1))
    assert datetime.fromisoformat(before["due_at"]) + 24 * DAY - now == pytest.approx(
        left[before["id"]], abs=timedelta(hours=1)
    )
    assert not any(b"private" in bytes(mail) for mail in office.mails(to=RETURNER))


async def test_paid_leave_is_paid_while_it_lasts(office: Office) -> None:
    policy = shipped_policy()
    paid = policy.model_copy(update={"stipend": policy.stipend.model_copy(update={"paid_leave": True})})
    case = await office.start(policy=paid)
    await case.go_on(until=lambda view: (view["week"] or 0) >= 2)
    await case.ask("pause", PausePlacement(actor=HR))
    before = len((await case.view())["stipends"])
    for _ in range(7):
        await case.pass_time(6 * DAY)
    await case.settled()

    assert len((await case.view())["stipends"]) > before
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))
    await case.ended()
    view = await case.view()
    first, last = date.fromisoformat(view["plan"]["start"]), date.fromisoformat(view["stipends"][-1]["last"])
    assert sum(one["days"] for one in view["stipends"]) == (last - first).days + 1
    assert view["clock"]["paused_since"] is None


@pytest.mark.long
async def test_a_paid_leave_is_paid_also_beyond_the_day_the_placement_would_have_ended(office: Office) -> None:
    # Given a paid leave that lasts longer than the placement had left
    case = await office.start(policy=with_paid_leave())
    before = await case.go_on(until=lambda view: (view["week"] or 0) >= 10)
    planned_end = date.fromisoformat(before["plan"]["end"])
    await case.ask("pause", PausePlacement(actor=HR))
    while (await today(case)) < planned_end + 50 * DAY:
        await case.pass_time(6 * DAY)
    await case.settled()

    # Then it is paid each month
    during = await case.view()
    assert sum(date.fromisoformat(one["due_on"]) > planned_end for one in during["stipends"]) >= 1

    # And at the end every day has been paid, once
    await case.ask("resume", ResumePlacement(actor=HR))
    ended = await case.go_on(until=has_ended)
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert end > planned_end + 50 * DAY
    assert ended["stipends"][-1]["last"] == ended["plan"]["end"]
    assert sum(one["days"] for one in ended["stipends"]) == (end - start).days + 1


async def test_a_paid_leave_before_the_first_day_pays_nothing_that_is_not_worked_or_left(office: Office) -> None:
    # Given a leave that begins before the placement does, and moves its first day
    case = await office.start(policy=with_paid_leave())
    before = await case.go_on(until=lambda view: view["stage"] == "preboarding")
    await case.ask("pause", PausePlacement(actor=HR))
    while (await today(case)) < date.fromisoformat(before["plan"]["start"]) + 70 * DAY:
        await case.pass_time(10 * DAY)
    await case.settled()

    # Then no day of it is paid
    assert (await case.view())["stipends"] == []

    # And the placement is paid from its first day to its last
    await case.ask("resume", ResumePlacement(actor=HR))
    ended = await case.go_on(until=has_ended)
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert start > date.fromisoformat(before["plan"]["start"]) + 69 * DAY
    assert ended["stipends"][0]["first"] == ended["plan"]["start"]
    assert sum(one["days"] for one in ended["stipends"]) == (end - start).days + 1


def with_paid_leave() -> Policy:
    """The policy that comes with Waymark, with paid leave."""
    policy = shipped_policy()
    return policy.model_copy(update={"stipend": policy.stipend.model_copy(update={"paid_leave": True})})


async def today(case: Case) -> date:
    """The date on the case's clock."""
    return datetime.fromisoformat((await case.view())["now"]).date()


# Offers


@pytest.mark.long
async def test_an_offer_open_when_a_leave_begins_comes_anew_with_the_first_day_it_was_moved_to(office: Office) -> None:
    case = await office.start()
    offer = await case.next_task(TaskKind.OFFER)
    await case.ask("pause", PausePlacement(actor=HR))

    with pytest.raises(WorkflowUpdateFailedError) as early:
        await case.answer(offer, accept=True)
    assert "the leave moves the first day of employment" in refusal(early.value)
    await case.pass_time(28 * DAY)
    await case.ask("resume", ResumePlacement(actor=HR))
    await case.settled()
    (anew,) = await case.open_tasks(TaskKind.OFFER)
    assert first_day(anew) - first_day(offer) == 28 * DAY
    with pytest.raises(WorkflowUpdateFailedError) as taken_back:
        await case.answer(offer, accept=True)
    assert "closed since" in refusal(taken_back.value)

    ended = await case.go_on(until=has_ended)
    assert (ended["outcome"], ended["employed_from"]) == ("converted", anew["facts"]["starts_on"])
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert end < first_day(anew)
    assert sum(one["days"] for one in ended["stipends"]) == (end - start).days + 1 - 28


async def test_what_is_decided_during_a_leave_is_offered_after_it(office: Office) -> None:
    case = await office.start()
    await case.next_task(TaskKind.APPROVAL)
    await case.ask("pause", PausePlacement(actor=HR))
    for kind in (TaskKind.APPROVAL, TaskKind.APPROVAL, TaskKind.CONFIRMATION):
        await case.answer((await case.open_tasks(kind))[0])
        await case.settled()

    assert (await case.view())["stage"] == "offer"
    await case.pass_time(40 * DAY)
    assert not await case.open_tasks(TaskKind.OFFER)
    await case.ask("resume", ResumePlacement(actor=HR))
    await case.settled()

    (offer,) = await case.open_tasks(TaskKind.OFFER)
    view = await case.view()
    assert first_day(offer) == date.fromisoformat(view["plan"]["next_working_day"])
    assert first_day(offer) > date.fromisoformat(view["plan"]["end"]) > await today(case)


async def test_a_first_day_that_is_near_is_a_working_day_after_the_answer(office: Office) -> None:
    case = await office.start()
    view = await case.go_on(
        until=lambda view: view["plan"] and view["now"] >= view["plan"]["ends_at"], leaving=[TaskKind.PROPOSAL]
    )
    confirmation = await case.next_task(TaskKind.CONFIRMATION)
    assert confirmation["facts"]["starts_on"].startswith("the first working day from")

    offer = await case.next_task(TaskKind.OFFER)

    assert first_day(offer).weekday() < 5
    assert first_day(offer) > datetime.fromisoformat(offer["due_at"]).date()
    assert first_day(offer) > date.fromisoformat(view["plan"]["next_working_day"])


def first_day(offer: dict[str, Any]) -> date:
    """The first day of employment in an offer."""
    return date.fromisoformat(offer["facts"]["starts_on"])
