"""Leave: everything that is still to come waits and moves, pay and offers included. Without a server."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Withdraw
from domain.core.placement_rows import LeaveRow
from domain.core.questions import TaskKind
from domain.placement.policy import Policy
from domain.placement.requests import ExtendPlacement, LeaveType, PausePlacement, ReassignMentor, ResumePlacement
from tests.domain.factories import shipped_policy
from tests.office import HR, HR_LEAD, RETURNER, has_ended
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

DAY = timedelta(days=1)


def on_working_day(at: datetime) -> datetime:
    while at.weekday() in (5, 6):
        at += DAY
    return at


def test_what_is_asked_during_a_leave_keeps_its_time_and_no_more(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    case.ask("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish"))
    case.ask("pause", PausePlacement(actor=HR))
    before = case.open_tasks(TaskKind.EXTENSION_CONSENT)[0]
    case.pass_time(20 * DAY)
    case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="a matter of trust"))
    (request,) = case.open_tasks(TaskKind.MENTOR_REQUEST)
    case.pass_time(4 * DAY)

    case.ask("resume", ResumePlacement(actor=HR))

    view = case.view()
    now = datetime.fromisoformat(view["now"])
    due = {task["id"]: datetime.fromisoformat(task["due_at"]) for task in case.open_tasks()}
    asked_for = on_working_day(now - 4 * DAY + 10 * DAY)
    asked_before = on_working_day(datetime.fromisoformat(before["due_at"]) + 24 * DAY)
    assert abs(due[request["id"]] - on_working_day(asked_for + 4 * DAY)) <= timedelta(hours=1)
    assert abs(due[before["id"]] - asked_before) <= timedelta(hours=1)
    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters if letter.to == RETURNER]
    assert letters
    assert not [letter for letter in letters if "matter of trust" in letter.model_dump_json()]


def test_paid_leave_is_paid_while_it_lasts(stand_ins: StandIns) -> None:
    policy = shipped_policy()
    paid = policy.model_copy(update={"stipend": policy.stipend.model_copy(update={"paid_leave": True})})
    case = PlacementByHand(stand_ins, paid)
    case.go_on(lambda view: (view["week"] or 0) >= 2)
    case.ask("pause", PausePlacement(actor=HR))
    before = len(case.view()["stipends"])
    for _ in range(7):
        case.pass_time(6 * DAY)

    assert len(case.view()["stipends"]) > before
    case.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))
    view = case.view()
    first, last = date.fromisoformat(view["plan"]["start"]), date.fromisoformat(view["stipends"][-1]["last"])
    assert sum(stipend["days"] for stipend in view["stipends"]) == (last - first).days + 1
    assert view["clock"]["paused_since"] is None


def test_a_paid_leave_is_paid_also_beyond_the_day_the_placement_would_have_ended(stand_ins: StandIns) -> None:
    # Given a paid leave that lasts longer than the placement had left
    case = PlacementByHand(stand_ins, with_paid_leave())
    before = case.go_on(lambda view: (view["week"] or 0) >= 10)
    planned_end = date.fromisoformat(before["plan"]["end"])
    case.ask("pause", PausePlacement(actor=HR))
    while case.today() < planned_end + 50 * DAY:
        case.pass_time(6 * DAY)

    # Then it is paid each month
    during = case.view()
    assert sum(date.fromisoformat(stipend["due_on"]) > planned_end for stipend in during["stipends"]) >= 1

    # And at the end every day has been paid, once
    case.ask("resume", ResumePlacement(actor=HR))
    ended = case.go_on(has_ended)
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert end > planned_end + 50 * DAY
    assert ended["stipends"][-1]["last"] == ended["plan"]["end"]
    assert sum(stipend["days"] for stipend in ended["stipends"]) == (end - start).days + 1


def test_a_paid_leave_before_the_first_day_pays_nothing_that_is_not_worked_or_left(stand_ins: StandIns) -> None:
    # Given a leave that begins before the placement does, and moves its first day
    case = PlacementByHand(stand_ins, with_paid_leave())
    before = case.go_on(lambda view: view["stage"] == "preboarding")
    case.ask("pause", PausePlacement(actor=HR))
    while case.today() < date.fromisoformat(before["plan"]["start"]) + 70 * DAY:
        case.pass_time(10 * DAY)

    # Then no day of it is paid
    assert case.view()["stipends"] == []

    # And the placement is paid from its first day to its last
    case.ask("resume", ResumePlacement(actor=HR))
    ended = case.go_on(has_ended)
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert start > date.fromisoformat(before["plan"]["start"]) + 69 * DAY
    assert ended["stipends"][0]["first"] == ended["plan"]["start"]
    assert sum(stipend["days"] for stipend in ended["stipends"]) == (end - start).days + 1


def with_paid_leave() -> Policy:
    """The policy that comes with Waymark, with paid leave."""
    policy = shipped_policy()
    return policy.model_copy(update={"stipend": policy.stipend.model_copy(update={"paid_leave": True})})


# Offers


def test_an_offer_open_when_a_leave_begins_comes_anew_with_the_first_day_it_was_moved_to(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    offer = case.next_task(TaskKind.OFFER)
    case.ask("pause", PausePlacement(actor=HR))

    with pytest.raises(ApplicationError) as early:
        case.answer(offer, accept=True)
    assert "the leave moves the first day of employment" in str(early.value)
    case.pass_time(28 * DAY)
    case.ask("resume", ResumePlacement(actor=HR))
    (anew,) = case.open_tasks(TaskKind.OFFER)
    assert first_day(anew) - first_day(offer) == 28 * DAY
    with pytest.raises(ApplicationError) as taken_back:
        case.answer(offer, accept=True)
    assert "closed since" in str(taken_back.value)

    ended = case.go_on(has_ended)
    assert (ended["outcome"], ended["employed_from"]) == ("converted", anew["facts"]["starts_on"])
    start, end = date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"])
    assert end < first_day(anew)
    assert sum(stipend["days"] for stipend in ended["stipends"]) == (end - start).days + 1 - 28


def test_what_is_decided_during_a_leave_is_offered_after_it(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.next_task(TaskKind.APPROVAL)
    case.ask("pause", PausePlacement(actor=HR))
    for kind in (TaskKind.APPROVAL, TaskKind.APPROVAL, TaskKind.CONFIRMATION):
        case.answer(case.open_tasks(kind)[0])

    assert case.view()["stage"] == "offer"
    case.pass_time(40 * DAY)
    assert not case.open_tasks(TaskKind.OFFER)
    case.ask("resume", ResumePlacement(actor=HR))

    (offer,) = case.open_tasks(TaskKind.OFFER)
    view = case.view()
    assert first_day(offer) == date.fromisoformat(view["plan"]["next_working_day"])
    assert first_day(offer) > date.fromisoformat(view["plan"]["end"]) > case.today()


def test_a_first_day_that_is_near_is_a_working_day_after_the_answer(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    view = case.go_on(
        until=lambda view: view["plan"] and view["now"] >= view["plan"]["ends_at"], unanswered=[TaskKind.PROPOSAL]
    )
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    assert confirmation["facts"]["starts_on"].startswith("the first working day from")

    offer = case.next_task(TaskKind.OFFER)

    assert first_day(offer).weekday() < 5
    assert first_day(offer) > datetime.fromisoformat(offer["due_at"]).date()
    assert first_day(offer) > date.fromisoformat(view["plan"]["next_working_day"])


def first_day(offer: dict[str, Any]) -> date:
    """The first day of employment in an offer."""
    return date.fromisoformat(offer["facts"]["starts_on"])


def test_who_paused_and_resumed_stands_among_the_decisions_and_why_with_the_leave(stand_ins: StandIns) -> None:
    """Neither the type of a leave nor why it is taken is the business of those who decide on a conversion."""
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")

    case.ask("pause", PausePlacement(actor=HR, leave_type=LeaveType.SICK, reason="her chemotherapy"))
    case.pass_time(3 * DAY)
    case.ask("resume", ResumePlacement(actor=HR_LEAD, reason="fit again"))

    said = [decision for decision in case.view()["decisions"] if decision["what"] == "pause"]
    assert [(decision["decided"], decision["by"], decision["reason"]) for decision in said] == [
        ("paused", HR, None),
        ("over", HR_LEAD, None),
    ]
    assert "sick" not in str(said)
    leaves = [row for delivery in stand_ins.delivered for row in delivery.rows if isinstance(row, LeaveRow)]
    assert [(row.leave_type, row.reason, row.ended_because) for row in leaves] == [
        ("sick", "her chemotherapy", None),
        ("", None, "fit again"),
    ]
    tellers = [*(row for delivery in stand_ins.delivered for row in delivery.rows if row not in leaves)]
    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters]
    assert "chemotherapy" not in f"{tellers} {letters} {case.view()}"
