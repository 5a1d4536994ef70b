"""The calendar of a placement: whatever start, length and leaves, its dates hold together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.placement.planner import make_plan
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave, calendar_date, programme_week
from domain.placement.stipend import days_worked
from tests.domain.factories import plan_request, shipped_policy, utc, weekday

MONDAY = date(2027, 1, 4)
STARTS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
WEEKS = st.integers(8, 26)


@st.composite
def leaves(draw: st.DrawFn, start: date, weeks: int) -> list[Leave]:
    """Up to three leaves, one after another, during the placement."""
    found: list[Leave] = []
    first = start
    for _ in range(draw(st.integers(0, 3))):
        first += timedelta(days=draw(st.integers(1, 40)))
        back_on = first + timedelta(days=draw(st.integers(0, 60)))
        found.append(Leave(first=first, back_on=back_on))
        first = back_on
    return found


@given(st.data(), STARTS, WEEKS)
def test_the_calendar_holds_together(data: st.DataObject, start: date, weeks: int) -> None:
    plan = make_plan(plan_request(start, weeks, data.draw(leaves(start, weeks))), weekday, utc)

    assert plan.starts_at <= plan.goals_at < plan.decision_at < plan.ends_at
    assert plan.pay_days[-1].on == plan.end
    assert [day.on for day in plan.pay_days] == sorted({day.on for day in plan.pay_days})
    assert [session.starts for session in plan.sessions] == sorted(session.starts for session in plan.sessions)
    assert all(
        plan.starts_at.date() <= session.starts.date() <= plan.end and weekday(session.starts.date())
        for session in plan.sessions
    )
    assert plan.reviews[-1].title == "final"
    assert all(weekday(review.opens_at.date()) for review in plan.reviews)
    assert all(weekday(pulse.opens_at.date()) and pulse.opens_at < plan.ends_at for pulse in plan.pulses)
    assert [pulse.week for pulse in plan.pulses] == [week for week in (2, 6, 10) if week < weeks]
    assert all(item.opens_at < item.due_at for item in plan.items)
    assert all(follow_up.at.date() > plan.end for follow_up in plan.follow_ups)


@given(st.data(), STARTS, WEEKS)
def test_a_later_leave_changes_nothing_that_lies_before_it(data: st.DataObject, start: date, weeks: int) -> None:
    before = make_plan(plan_request(start, weeks, []), weekday, utc)
    first = before.start + timedelta(days=data.draw(st.integers(1, weeks * 7 - 1)))
    leave = Leave(first=first, back_on=first + timedelta(days=data.draw(st.integers(1, 90))))

    after = make_plan(plan_request(start, weeks, [leave]), weekday, utc)

    def past(moments: list[tuple[int, date]]) -> list[tuple[int, date]]:
        # Within a weekend of the leave, a date may still be moved to the next working day.
        return [moment for moment in moments if moment[1] < first - timedelta(days=3)]

    assert past([(session.n, session.starts.date()) for session in before.sessions]) == past(
        [(session.n, session.starts.date()) for session in after.sessions]
    )
    assert after.end >= before.end


@given(st.data(), STARTS, WEEKS)
def test_a_leave_moves_the_last_day_by_its_length_and_no_day_of_work_is_lost(
    data: st.DataObject, start: date, weeks: int
) -> None:
    found = data.draw(leaves(start, weeks))

    plan = make_plan(plan_request(start, weeks, found), weekday, utc)

    away = sum(leave.days for leave in found if plan.start < leave.first <= plan.end)
    days = (plan.end - plan.start).days + 1
    assert days - away == weeks * 7
    assert len(days_worked(plan.start, plan.end, found, paid_leave=False)) + away == days


@given(st.data(), STARTS, WEEKS)
def test_nothing_is_planned_into_a_leave(data: st.DataObject, start: date, weeks: int) -> None:
    found = data.draw(leaves(start, weeks))

    plan = make_plan(plan_request(start, weeks, found), weekday, utc)

    planned = [session.starts for session in plan.sessions]
    planned += [pulse.opens_at for pulse in plan.pulses]
    planned += [moment for item in plan.items for moment in (item.opens_at, item.due_at)]
    planned += [plan.starts_at, plan.goals_at, plan.decision_at, plan.ends_at]
    planned += [review.opens_at for review in plan.reviews if review.title != "final"]
    for day in (moment.date() for moment in planned):
        assert not any(leave.first <= day < (leave.back_on or day) for leave in found)


@pytest.mark.parametrize(
    ("first", "days", "end"),
    [
        (date(2027, 1, 13), 2, date(2027, 2, 9)),  # from a Wednesday, back on Friday
        (date(2027, 1, 13), 23, date(2027, 3, 2)),
        (date(2027, 1, 13), 8, date(2027, 2, 15)),
    ],
)
def test_the_last_day_moves_by_as_many_days_as_somebody_was_away(first: date, days: int, end: date) -> None:
    leave = Leave(first=first, back_on=first + timedelta(days=days))

    before = make_plan(plan_request(date(2026, 12, 14), 8, []), weekday, utc)
    after = make_plan(plan_request(date(2026, 12, 14), 8, [leave]), weekday, utc)

    assert (before.end, after.end) == (date(2027, 2, 7), end)
    assert after.end - before.end == timedelta(days=days)
    assert len(days_worked(after.start, after.end, [leave], paid_leave=False)) == 8 * 7


@pytest.mark.parametrize(
    ("days", "end"),
    [(0, date(2027, 2, 5)), (2, date(2027, 2, 9)), (8, date(2027, 2, 15)), (20, date(2027, 2, 26))],
)
def test_where_the_policy_ends_on_a_working_day_the_last_day_is_rounded_once(days: int, end: date) -> None:
    leave = Leave(first=date(2027, 1, 13), back_on=date(2027, 1, 13) + timedelta(days=days))

    plan = make_plan(plan_request(date(2026, 12, 14), 8, [leave], policy=ending_on_a_working_day()), weekday, utc)

    assert plan.end == end


def ending_on_a_working_day() -> Policy:
    policy = shipped_policy()
    return policy.model_copy(update={"length": policy.length.model_copy(update={"last_day": "working_day"})})


def test_everything_counts_from_the_real_first_day() -> None:
    saturday = date(2027, 1, 2)

    wanted = make_plan(plan_request(saturday, 16, []), weekday, utc)

    assert wanted == make_plan(plan_request(MONDAY, 16, []), weekday, utc)
    due = {item.key: item.due_at.date() for item in wanted.items}
    assert (due["first_day"], due["orientation"]) == (MONDAY, date(2027, 1, 6))
    assert programme_week(wanted.sessions[1].starts.date(), wanted.start, []) == 2


@given(st.data(), STARTS, WEEKS)
def test_no_gate_comes_before_what_it_guards_is_due(data: st.DataObject, start: date, weeks: int) -> None:
    policy = shipped_policy()

    plan = make_plan(plan_request(start, weeks, data.draw(leaves(start, weeks))), weekday, utc)

    for item, rule in zip(plan.items, policy.onboarding.items, strict=True):
        assert not rule.required or item.gate_at >= item.due_at


def test_the_gate_of_day_30_waits_for_the_check_point_that_a_holiday_has_put_off() -> None:
    def working(day: date) -> bool:
        return weekday(day) and day not in (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1))

    plan = make_plan(plan_request(date(2026, 12, 14), 16, []), working, utc)

    check = next(item for item in plan.items if item.key == "check_day_30")
    assert check.due_at.date() == date(2027, 1, 14)
    assert check.gate_at == check.due_at


def test_four_weeks_leave_moves_all_that_remains_by_four_weeks() -> None:
    leave = Leave(first=MONDAY + timedelta(weeks=4), back_on=MONDAY + timedelta(weeks=8))

    before = make_plan(plan_request(MONDAY, 16, []), weekday, utc)
    after = make_plan(plan_request(MONDAY, 16, [leave]), weekday, utc)

    assert after.end - before.end == timedelta(weeks=4)
    assert after.decision_at - before.decision_at == timedelta(weeks=4)
    assert after.reviews[1].opens_at - before.reviews[1].opens_at == timedelta(weeks=4)
    assert after.reviews[0] == before.reviews[0]
    assert len(after.sessions) == len(before.sessions)


def test_sixteen_weeks_as_the_policy_says() -> None:
    plan = make_plan(plan_request(MONDAY, 16, []), weekday, utc)

    assert plan.end == date(2027, 4, 25)
    assert [session.week for session in plan.sessions] == [1, 2, 3, 4, 6, 8, 10, 12, 14, 16]
    assert [review.title for review in plan.reviews] == ["week 4", "week 8", "week 12", "final"]
    assert plan.decision_at.date() == plan.end - timedelta(weeks=3, days=-1)
    assert [day.on for day in plan.pay_days] == [
        date(2027, 1, 29),
        date(2027, 2, 26),
        date(2027, 3, 31),
        date(2027, 4, 25),
    ]
    assert [follow_up.days for follow_up in plan.follow_ups] == shipped_policy().follow_up.days


def test_an_early_conversion_ends_the_placement_before_its_weeks_are_over() -> None:
    plan = make_plan(plan_request(MONDAY, 16, [], last_day=date(2027, 3, 12)), weekday, utc)

    assert plan.end == date(2027, 3, 12)
    assert all(session.ends <= plan.ends_at for session in plan.sessions)
    assert plan.pay_days[-1].on == date(2027, 3, 12)
    assert "final" not in [review.title for review in plan.reviews]


def test_a_leave_that_begins_after_the_last_day_does_not_move_it() -> None:
    before = make_plan(plan_request(MONDAY, 16, []), weekday, utc)
    leave = Leave(first=before.end + timedelta(days=1), back_on=before.end + timedelta(days=29))

    assert make_plan(plan_request(MONDAY, 16, [leave]), weekday, utc).end == before.end


def test_cases_that_start_on_the_same_day_open_their_reviews_minutes_apart() -> None:
    opens = {
        make_plan(plan_request(MONDAY, 16, [], case=f"R-{n}"), weekday, utc).reviews[0].opens_at for n in range(40)
    }

    assert len(opens) > 20


@given(st.data(), STARTS, st.integers(0, 500))
def test_the_programme_week_stands_still_during_a_leave(data: st.DataObject, start: date, day: int) -> None:
    found = data.draw(leaves(start, 16))
    there = calendar_date(start + timedelta(days=day), found)

    assert programme_week(there, start, found) == day // 7 + 1
    assert programme_week(start - timedelta(days=1), start, found) is None
