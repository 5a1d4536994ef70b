"""Pay that turns out to have been too much is taken back, to the day. Without a server."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from temporalio.exceptions import ApplicationError

from domain.placement.requests import PausePlacement, WithdrawPlacement
from domain.placement.stipend import days_worked, earned
from tests.office import HR, RETURNER, ROLE
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

DAY = timedelta(days=1)


def test_who_had_stopped_working_before_is_paid_up_to_that_day(stand_ins: StandIns) -> None:
    # Given a placement of which two months were paid
    case = PlacementByHand(stand_ins)
    paid = case.go_on(lambda view: len(view["stipends"]) == 2)["stipends"]
    start, first_pay_day = (date.fromisoformat(case.view()["plan"]["start"]), date.fromisoformat(paid[0]["due_on"]))
    worked_until = first_pay_day - 3 * DAY

    # When the returner, who does not come any more, withdraws: the day that was the last one HR says alone
    with pytest.raises(ApplicationError, match="it is for HR, head of HR"):
        case.ask("withdraw", WithdrawPlacement(actor=RETURNER, reason="x", worked_until=worked_until))
    for wrong in (case.today() + DAY, start - 2 * DAY):
        with pytest.raises(ApplicationError, match=f"worked_until: {wrong} must not be after today"):
            case.ask("withdraw", WithdrawPlacement(actor=HR, reason="x", worked_until=wrong))
    done = case.ask("withdraw", WithdrawPlacement(actor=HR, reason="x", worked_until=worked_until))

    # Then both instructions are corrected, each by one of its own, and what is left is what was earned
    assert done.sentence.endswith(f"what was paid for days after {worked_until} is taken back")
    view = case.view()
    corrections = view["stipends"][2:]
    assert [entry["corrects"] for entry in corrections] == [1, 2]
    assert [entry["days"] for entry in corrections] == [-3, -paid[1]["days"]]
    assert {entry["due_on"] for entry in corrections} == {case.today().isoformat()}
    due = earned(ROLE.stipend, days_worked(start, worked_until, [], paid_leave=False)).amount
    assert sum(Decimal(entry["amount"]["amount"]) for entry in view["stipends"]) == due
    rows = [row for delivery in stand_ins.delivered for row in delivery.rows if row.table == "pay"]
    assert [(row.n, row.corrects) for row in rows] == [(1, None), (2, None), (3, 1), (4, 2)]


def test_who_was_on_leave_and_had_stopped_working_before_it_is_paid_up_to_that_day(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 2)
    case.ask("pause", PausePlacement(actor=HR))
    start = date.fromisoformat(case.view()["plan"]["start"])
    assert case.view()["stipends"]

    case.ask("withdraw", WithdrawPlacement(actor=HR, reason="never came", worked_until=start - DAY))

    assert sum(Decimal(entry["amount"]["amount"]) for entry in case.view()["stipends"]) == 0
    assert sum(entry["days"] for entry in case.view()["stipends"]) == 0


def test_a_last_day_worked_needs_a_placement_that_has_begun(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)

    with pytest.raises(ApplicationError, match=r"worked_until: no stipend of .* is being paid now"):
        case.ask("withdraw", WithdrawPlacement(actor=HR, reason="x", worked_until=case.today()))
