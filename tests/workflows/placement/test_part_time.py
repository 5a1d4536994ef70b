"""Working patterns in whole cases: a part-timer from application to end, a phased return, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.model import Money
from domain.core.questions import TaskKind
from domain.core.working_pattern import WorkingPattern, WorkingTime, read_patterns
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave
from domain.placement.requests import (
    ChangePattern,
    DecideEarly,
    ExtendPlacement,
    PausePlacement,
    ReassignMentor,
    ResumePlacement,
    WithdrawPlacement,
)
from domain.placement.stages import Outcome
from domain.placement.stipend import days_worked, earned
from records.tables.core import PersonRecord
from tests.domain.factories import shipped_policy
from tests.office import HR, MANAGER, RETURNER, ROLE, Office, has_ended
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

DAY = timedelta(days=1)
LONDON = ZoneInfo(ROLE.time_zone)


def local_day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(LONDON).date()


def change(since: date, what: str, by: str = HR) -> ChangePattern:
    return ChangePattern(actor=by, patterns=read_patterns(f"from {since} {what}"), reason="school hours")


def time_of(view: dict[str, Any]) -> WorkingTime:
    return WorkingTime([WorkingPattern.model_validate(pattern) for pattern in view["patterns"]])


def paid(view: dict[str, Any]) -> Decimal:
    return sum((Decimal(stipend["amount"]["amount"]) for stipend in view["stipends"]), Decimal(0))


def due_of(view: dict[str, Any], person: str) -> list[date]:
    return [local_day(task["due_at"]) for task in view["tasks"] if task["assignee"] == person and task["opened_at"]]


async def test_a_part_timer_meets_her_mentor_on_common_days_and_earns_by_her_hours_to_the_penny(office: Office) -> None:
    # Given somebody who works from Monday to Wednesday, and a mentor who does from Tuesday to Thursday
    with office.database.session() as session:
        session.get_one(PersonRecord, office.mentors[0]).working_pattern = ["tue-thu 8"]
    case = await office.start(patterns="mon-wed 8")
    view = await case.go_on(until=lambda view: view["stage"] == "placement" and len(view["sessions"]) == 10)
    assert {f"{local_day(session['starts']):%a}" for session in view["sessions"]} <= {"Tue", "Wed"}

    # When she and her manager agree in the fifth week that from the middle of a month on she works full time
    view = await case.go_on(until=lambda view: (view["week"] or 0) >= 5)
    since = (local_day(view["now"]) + 9 * DAY).replace(day=16)
    since = since if since > local_day(view["now"]) + 8 * DAY else (since + 31 * DAY).replace(day=16)
    done = await case.ask("change_pattern", change(since, "mon-fri 8", by=RETURNER))
    assert done.sentence == f"manager is asked to agree to working from {since} mon-fri 8"
    ended = await case.go_on(until=has_ended)

    # Then each day is paid by what she worked on it, nobody was asked for anything on a day off, and it is on record
    assert (await case.ended()).outcome is Outcome.CONVERTED
    worked = days_worked(
        date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"]), [], paid_leave=False
    )
    time = WorkingTime(read_patterns(f"mon-wed 8; from {since} mon-fri 8"))
    assert paid(ended) == earned(ROLE.stipend, worked, time.share_on).amount
    assert paid(ended) < earned(ROLE.stipend, worked).amount
    assert all(time.works_on(day) for day in due_of(ended, RETURNER) if day <= date.fromisoformat(ended["plan"]["end"]))
    sessions = [local_day(session["starts"]) for session in ended["sessions"]]
    assert all(time.works_on(day) and day.weekday() in (1, 2, 3) for day in sessions)
    assert [session["state"] for session in ended["sessions"]] == ["held"] * 10
    agreed = next(decision for decision in ended["decisions"] if decision["what"] == "working pattern")
    assert (agreed["decided"], agreed["by"], agreed["reason"]) == ("agreed", RETURNER, "school hours")
    assert agreed["evidence"]["holds_from"] == since.isoformat()
    assert any("Another working pattern" in mail["Subject"] for mail in office.mails(to=office.mentors[0]))
    assert not any(b"school hours" in bytes(mail) for mail in office.mails(to=office.mentors[0]))


def test_a_phased_return_with_a_leave_in_it_is_paid_day_for_day_and_its_money_is_taken_and_given_back(
    stand_ins: StandIns,
) -> None:
    # Given half days for some weeks, then full ones; and a budget
    case = PlacementByHand(stand_ins, policy=with_budget(), patterns="mon-fri 4")
    view = case.go_on(lambda view: (view["week"] or 0) >= 2)
    half = earned(ROLE.stipend, days_of(view), time_of(view).share_on)
    assert held(view) == half.amount

    # When the half days are to end, by what HR asks and both agree to
    since = case.today() + 20 * DAY
    case.ask("change_pattern", change(since, "100%"))
    assert {task["assignee"] for task in case.open_tasks(TaskKind.PATTERN_CONSENT)} == {RETURNER, MANAGER}
    view = case.go_on(lambda view: view["pattern_changes"][0]["agreed"])

    # Then as much more is taken as the full days cost
    more = earned(ROLE.stipend, days_of(view), time_of(view).share_on)
    assert held(view) == more.amount > half.amount

    # And when she is away meanwhile, the sum is what was worked, and all else comes back
    case.go_on(lambda view: (view["week"] or 0) >= 4)
    case.ask("pause", PausePlacement(actor=HR))
    case.pass_time(10 * DAY)
    case.ask("resume", ResumePlacement(actor=HR))
    ended = case.go_on(lambda view: view["outcome"] and view["stage"] == "follow_up")
    leaves = [Leave.model_validate(leave) for leave in ended["leaves"]]
    worked = days_worked(
        date.fromisoformat(ended["plan"]["start"]), date.fromisoformat(ended["plan"]["end"]), leaves, paid_leave=False
    )
    assert paid(ended) == earned(ROLE.stipend, worked, time_of(ended).share_on).amount
    assert held(ended) == paid(ended)


def test_less_work_gives_money_back_at_once(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins, policy=with_budget())
    before = case.go_on(lambda view: (view["week"] or 0) >= 2)
    case.ask("change_pattern", change(case.today() + DAY, "mon-tue 8"))

    view = case.go_on(lambda view: view["pattern_changes"][0]["agreed"] and held(view) < held(before))

    assert held(view) == earned(ROLE.stipend, days_of(view), time_of(view).share_on).amount
    # what is due is due on her days now, and the coming sessions are on them
    assert {f"{local_day(each['starts']):%a}" for each in view["plan"]["sessions"][2:]} <= {"Mon", "Tue"}
    assert view["plan"]["sessions"][0] == before["plan"]["sessions"][0]


@pytest.mark.parametrize("paid_leave", [False, True])
def test_a_leave_that_lasts_takes_nothing_from_a_budget_and_once_it_is_over_the_money_fits(
    stand_ins: StandIns, paid_leave: bool
) -> None:
    # Given somebody who is away, nobody knows how long
    case = PlacementByHand(stand_ins, policy=with_budget(paid_leave=paid_leave))
    case.go_on(lambda view: (view["week"] or 0) >= 3)
    case.ask("pause", PausePlacement(actor=HR))
    case.pass_time(5 * DAY)

    # When returner and manager agree meanwhile that she works less afterwards
    agree(case, change(case.today() + 10 * DAY, "60%", by=RETURNER))

    # Then only what she works less is given back, and none of what she works later than planned
    view = case.view()
    assert held(view) == earned(ROLE.stipend, days_of(view), time_of(view).share_on).amount

    # And when she is back, what is held is for the days as they are now: later, and so fewer of them full
    case.pass_time(20 * DAY)
    case.ask("resume", ResumePlacement(actor=HR))
    view = case.go_on(lambda view: held(view) == held(view, granted=True) and not view["clock"].get("paused_since"))
    assert held(view) == earned(ROLE.stipend, days_of(view, paid_leave), time_of(view).share_on).amount
    ended = case.go_on(lambda view: view["stage"] == "follow_up")
    assert paid(ended) == held(ended) == held(view)


def test_what_the_next_change_needs_takes_the_place_of_what_still_waits_for_money(stand_ins: StandIns) -> None:
    # Given half days, and a change to full ones for which there is no money yet
    case = PlacementByHand(stand_ins, policy=with_budget(), patterns="mon-fri 4")
    view = case.go_on(lambda view: (view["week"] or 0) >= 2)
    half, since = held(view), case.today() + 7 * DAY
    agree(case, change(since, "100%", by=RETURNER))
    view = case.view()
    assert (held(view, granted=True), held(view)) == (half, needed(view))
    assert len(view["at_risk"]) == 1

    # When they agree on something between both, then only that is waited for, and what was held stays
    agree(case, change(since, "80%", by=RETURNER))
    view = case.view()
    assert (held(view, granted=True), held(view)) == (half, needed(view))
    assert len(view["at_risk"]) == 1

    # And when they agree on less, nothing is waited for any more, and what is too much is given back
    agree(case, change(since, "20%", by=RETURNER))
    view = case.view()
    assert held(view, granted=True) == held(view) == needed(view) < half
    assert not view["at_risk"]


def test_what_is_being_agreed_when_a_placement_ends_lapses_and_that_is_on_record(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 2)
    since = case.today() + 7 * DAY
    case.ask("change_pattern", change(since, "60%", by=RETURNER))
    case.ask("extend", ExtendPlacement(actor=RETURNER, weeks=2, reason="more time"))

    case.ask("withdraw", WithdrawPlacement(actor=RETURNER, reason="another plan"))

    view = case.view()
    assert (view["pattern_changes"][0]["agreed"], view["extensions"][0]["agreed"]) == (False, False)
    lapsed = {entry["what"]: entry for entry in view["decisions"] if entry["decided"] == "lapsed"}
    assert {what: entry["reason"] for what, entry in lapsed.items()} == dict.fromkeys(
        ("working pattern", "extension"), "the placement has ended in the meantime"
    )
    assert lapsed["working pattern"]["evidence"]["patterns"][0]["since"] == since.isoformat()
    assert lapsed["extension"]["evidence"] == {"weeks": 2, "asked_by": RETURNER, "asked_because": "more time"}


def with_budget(**more: Any) -> Policy:
    """The policy that comes with Waymark, whose stipends are paid from a budget."""
    policy = shipped_policy()
    return policy.model_copy(
        update={"stipend": policy.stipend.model_copy(update={"budget_from": "budget-RETURN", **more})}
    )


def agree(case: PlacementByHand, request: ChangePattern) -> None:
    """The returner asks for a change, and the manager agrees."""
    case.ask("change_pattern", request)
    (asked,) = case.open_tasks(TaskKind.PATTERN_CONSENT)
    case.answer(asked)


def days_of(view: dict[str, Any], paid_leave: bool = False) -> list[date]:
    """The days that are paid, as it is planned: those of a leave that is over are not, unless it is paid."""
    start, end = (date.fromisoformat(view["plan"][name]) for name in ("start", "end"))
    leaves = [Leave.model_validate(leave) for leave in view["leaves"] if leave["back_on"]]
    return days_worked(start, end, leaves, paid_leave=paid_leave)


def needed(view: dict[str, Any]) -> Decimal:
    """What all stipends come to, as it is planned."""
    return earned(ROLE.stipend, days_of(view), time_of(view).share_on).amount


def held(view: dict[str, Any], *, granted: bool = False) -> Decimal:
    """What the case has of the budget, or waits for (without that, where it says so)."""
    of_budget = [holding for holding in view["held"] if holding["capacity"] == "budget-RETURN"]
    return sum((Decimal(holding["amount"]) for holding in of_budget if holding["granted"] or not granted), Decimal(0))


def test_an_early_conversion_frees_at_once_what_no_stipend_needs_any_more(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins, with_budget())
    before = case.go_on(lambda view: (view["week"] or 0) >= 8)
    case.ask("decide_early", DecideEarly(actor=MANAGER, reason="another team wants to hire her"))
    first_day = case.today() + timedelta(days=14)
    case.answer(case.next_task(TaskKind.PROPOSAL), convert=True, reasons="ready", starts_on=first_day.isoformat())
    case.answer(case.next_task(TaskKind.OFFER), accept=True)

    case.driver.settle()

    view = case.view()
    assert (view["outcome"], view["stage"]) == ("converted", "closing")
    assert view["plan"]["end"] < before["plan"]["end"]
    assert held(view, granted=True) == needed(view) < held(before)


def test_without_pro_rata_a_part_timer_is_paid_the_whole(stand_ins: StandIns) -> None:
    policy = shipped_policy()
    policy = policy.model_copy(update={"stipend": policy.stipend.model_copy(update={"pro_rata": False})})
    case = PlacementByHand(stand_ins, policy=policy, patterns="50%")

    view = case.go_on(lambda view: view["stage"] == "follow_up")

    assert Money(amount=paid(view), currency="GBP") == earned(ROLE.stipend, days_of(view))


def test_another_mentor_means_other_days(stand_ins: StandIns) -> None:
    stand_ins.working = {MENTORS[0]: read_patterns("mon 8"), MENTORS[1]: read_patterns("thu-fri 8")}
    case = PlacementByHand(stand_ins)
    view = case.go_on(lambda view: (view["week"] or 0) >= 2)
    assert {f"{local_day(each['starts']):%a}" for each in view["plan"]["sessions"]} == {"Mon"}

    case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))
    view = case.go_on(lambda view: view["parties"].get("mentor") == MENTORS[1] and view["sessions"][-1]["mentor"])

    coming = [each for each in view["sessions"] if each["state"] == "planned"]
    assert {f"{local_day(each['starts']):%a}" for each in coming} <= {"Thu", "Fri"}
    assert {each["mentor"] for each in coming} == {MENTORS[1]}


def test_hr_hears_that_both_have_no_day_in_common(stand_ins: StandIns) -> None:
    stand_ins.working = {MENTORS[0]: read_patterns("fri 8")}
    case = PlacementByHand(stand_ins, patterns="mon-thu 8")

    view = case.go_on(lambda view: view["stage"] == "placement")

    assert "no working day in common" in view["plan"]["sessions_lack"]
    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters]
    assert [letter.to for letter in letters if letter.template == "sessions_lack_days"] == [HR]


def test_what_one_side_refuses_stays_and_only_hr_reads_why(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    before = case.go_on(lambda view: (view["week"] or 0) >= 2)
    case.ask("change_pattern", change(case.today() + 7 * DAY, "60%", by=RETURNER))
    (asked,) = case.open_tasks(TaskKind.PATTERN_CONSENT)
    case.answer(asked, yes=False, reason="the team meets on Fridays")

    view = case.go_on(lambda view: view["pattern_changes"][0]["agreed"] is False and not view["waiting"]["post"])

    assert (view["patterns"], view["plan"]) == ([], before["plan"])
    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters]
    refused = {letter.to: letter.facts["reason"] for letter in letters if letter.template == "pattern_refused"}
    assert refused == {
        HR: "the team meets on Fridays",
        **dict.fromkeys([RETURNER, MANAGER], "not everybody could agree"),
    }


def test_a_pattern_agreed_too_late_holds_from_the_day_after(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 2)
    case.ask("change_pattern", change(case.today() + DAY, "60%", by=MANAGER))
    case.pass_time(3 * DAY)
    (asked,) = case.open_tasks(TaskKind.PATTERN_CONSENT)
    case.answer(asked)

    view = case.view()

    assert view["pattern_changes"][0]["since"] == (case.today() + DAY).isoformat()
    assert view["patterns"] == [{"since": (case.today() + DAY).isoformat(), "share": "60", "week": None}]


@pytest.mark.parametrize(
    ("by", "days", "what", "sentence"),
    [
        (MENTORS[0], 7, "60%", "can't do that"),
        (HR, 0, "60%", "the earliest day is"),
        (HR, 400, "60%", "is after the last day"),
        (HR, 7, "mon-sat 8", "more than the 40 hours a week that are full time"),
        (HR, 7, "sat-sun 4", "no day on which work is done"),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_no_trace(
    stand_ins: StandIns, by: str, days: int, what: str, sentence: str
) -> None:
    case = PlacementByHand(stand_ins)
    before = case.go_on(lambda view: (view["week"] or 0) >= 2)

    with pytest.raises(ApplicationError) as refused:
        case.ask("change_pattern", change(case.today() + days * DAY, what, by=by))

    assert sentence in refused.value.message
    assert {**case.view(), "now": None} == {**before, "now": None}


def test_hr_replaces_what_is_being_agreed_and_nobody_else_does(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 2)
    since = case.today() + 7 * DAY
    case.ask("change_pattern", change(since, "60%", by=RETURNER))
    with pytest.raises(ApplicationError, match="is being agreed already"):
        case.ask("change_pattern", change(since, "80%", by=MANAGER))

    case.ask("change_pattern", change(since, "80%"))
    view = case.go_on(lambda view: view["pattern_changes"][-1]["agreed"])

    assert [each["agreed"] for each in view["pattern_changes"]] == [False, True]
    assert [pattern["share"] for pattern in view["patterns"]] == ["80"]
