"""A part-timer's calendar: sessions on days on which both work, own tasks due on own days, what lies before stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.core.local_days import Midnights, midnights_around
from domain.core.own_days import due_on_working_day
from domain.core.working_pattern import (
    FULL_WEEK,
    WorkingPattern,
    WorkingTime,
    WorkingWeek,
    changed,
    read_patterns,
)
from domain.placement.calendar import Plan, PlanRequest
from domain.placement.planner import NO_DAY_IN_COMMON, make_plan
from domain.placement.programme_days import Leave
from tests.domain.factories import plan_request, utc, weekday
from tests.domain.patterns import patterns_in_a_row

MONDAY = date(2027, 1, 4)
HOLIDAYS = frozenset({date(2027, 1, 20), date(2027, 3, 26), date(2027, 3, 29), date(2027, 4, 5)})


def working(day: date) -> bool:
    return weekday(day) and day not in HOLIDAYS


def part_time(
    returner: str | list[WorkingPattern], mentor: str | list[WorkingPattern] = "", pauses: list[Leave] | None = None
) -> PlanRequest:
    """A request for sixteen weeks from Monday on with these patterns."""
    return plan_request(MONDAY, 16, pauses or []).model_copy(
        update={
            "patterns": read_patterns(returner) if isinstance(returner, str) else returner,
            "mentor": "P-MENTOR",
            "mentor_patterns": read_patterns(mentor) if isinstance(mentor, str) else mentor,
        }
    )


def session_days(plan: Plan) -> list[date]:
    return [plan.day_of(session.starts) for session in plan.sessions]


def test_sessions_fall_on_days_on_which_both_work_and_each_in_its_week() -> None:
    plan = make_plan(part_time("mon-wed 8", "tue 8, thu-fri 8"), weekday, utc)

    assert [day.strftime("%a") for day in session_days(plan)] == ["Tue"] * len(plan.sessions)
    assert [(day - MONDAY).days // 7 + 1 for day in session_days(plan)] == [session.week for session in plan.sessions]
    assert len(plan.sessions) == len(make_plan(plan_request(MONDAY, 16, []), weekday, utc).sessions)
    assert plan.sessions_lack is None


def test_who_works_full_time_or_a_share_of_each_day_has_the_calendar_of_everybody() -> None:
    everybody = make_plan(plan_request(MONDAY, 16, []), working, utc)

    for pattern in ("", "60%", "100%; from 2027-02-01 50%"):
        plan = make_plan(part_time(pattern), working, utc)
        assert plan.model_copy(update={"mentor": None, "mentor_patterns": None}) == everybody


def test_who_have_no_day_in_common_meet_on_the_returners_and_hr_hears_of_it() -> None:
    plan = make_plan(part_time("mon-tue 8", "thu 8"), weekday, utc)

    assert {day.strftime("%a") for day in session_days(plan)} <= {"Mon", "Tue"}
    assert plan.sessions_lack == NO_DAY_IN_COMMON


def test_who_could_never_work_where_the_role_is_has_a_calendar_all_the_same() -> None:
    plan = make_plan(part_time("sat 8", "sun 8"), weekday, utc)

    assert plan.start == MONDAY
    assert all(weekday(day) for day in session_days(plan))


def test_the_first_day_is_one_on_which_the_returner_works() -> None:
    assert make_plan(part_time("wed-fri 6"), weekday, utc).start == MONDAY + timedelta(days=2)


def test_items_of_the_checklist_count_the_working_days_of_whoever_does_them() -> None:
    part_timer, everybody = (make_plan(part_time(pattern), weekday, utc) for pattern in ("mon-tue 8", ""))
    due = {item.key: item.due_at for item in part_timer.items}
    of_everybody = {item.key: item.due_at for item in everybody.items}

    assert due["mandatory_training"].date() == MONDAY + timedelta(weeks=5)  # ten days of two a week
    assert of_everybody["mandatory_training"].date() == MONDAY + timedelta(weeks=2)
    assert due["check_day_30"] == of_everybody["check_day_30"]
    gates = {item.key: item.gate_at for item in part_timer.items}
    assert gates["mandatory_training"] >= due["mandatory_training"]


@given(patterns_in_a_row(MONDAY, 120), patterns_in_a_row(MONDAY, 120), st.integers(0, 100), st.integers(0, 30))
def test_whatever_they_work_sessions_suit_both_where_they_can(
    returner: list[WorkingPattern], mentor: list[WorkingPattern], begins: int, away: int
) -> None:
    first = MONDAY + timedelta(days=begins)
    leaves = [Leave(first=first, back_on=first + timedelta(days=away))] if away else []

    plan = make_plan(part_time(returner, mentor, leaves), working, utc)

    days = session_days(plan)
    assert days == sorted(days)
    assert all(working(day) and plan.start <= day <= plan.end for day in days)
    assert not any(leave.first <= day < (leave.back_on or day) for leave in leaves for day in days)
    if plan.sessions_lack is None:
        times = [WorkingTime(returner), WorkingTime(mentor)]
        assert all(time.works_on(day) for day in days for time in times)


@given(
    patterns_in_a_row(MONDAY, 100),
    patterns_in_a_row(MONDAY, 100),
    patterns_in_a_row(MONDAY, 100, from_a_day=True),
    st.integers(1, 100),
    st.integers(0, 20),
)
def test_what_lies_before_a_change_of_the_pattern_stays(
    returner: list[WorkingPattern], mentor: list[WorkingPattern], new: list[WorkingPattern], begins: int, away: int
) -> None:
    first = MONDAY + timedelta(days=begins)
    leaves = [Leave(first=first, back_on=first + timedelta(days=away))] if away else []
    change = new[0].since
    before = make_plan(part_time(returner, mentor, leaves), working, utc)
    after = make_plan(part_time(changed(returner, new), mentor, leaves), working, utc)
    assert change is not None
    if change <= before.start:
        return

    moment = datetime.combine(change, time(), tzinfo=UTC)
    assert (after.start, after.end) == (before.start, before.end)
    assert _before(after, moment) == _before(before, moment)


@given(patterns_in_a_row(MONDAY, 60), patterns_in_a_row(MONDAY, 60), st.integers(1, 100), st.integers(1, 30))
def test_what_lies_before_a_leave_stays_for_part_timers_too(
    returner: list[WorkingPattern], mentor: list[WorkingPattern], begins: int, away: int
) -> None:
    before = make_plan(part_time(returner, mentor), working, utc)
    first = before.start + timedelta(days=begins)
    leave = Leave(first=first, back_on=first + timedelta(days=away))

    after = make_plan(part_time(returner, mentor, [leave]), working, utc)

    moment = datetime.combine(first, time(), tzinfo=UTC)
    assert _before(after, moment, of_the_end=False) == _before(before, moment, of_the_end=False)


def _before(plan: Plan, moment: datetime, *, of_the_end: bool = True) -> list[object]:
    """All that is planned before that moment, and perhaps not what is counted back ``of_the_end``."""
    reviews = plan.reviews if of_the_end else plan.reviews[:-1]
    return [
        *((session.n, session.starts) for session in plan.sessions if session.starts < moment),
        *((item.key, "opens", item.opens_at) for item in plan.items if item.opens_at < moment),
        *((item.key, "due", item.due_at) for item in plan.items if item.due_at < moment),
        *((review.n, review.opens_at) for review in reviews if review.opens_at < moment),
        *(pay.on for pay in plan.pay_days if pay.at < moment),
    ]


@given(patterns_in_a_row(MONDAY, 60), st.integers(0, 24 * 90))
def test_nothing_is_due_on_a_day_that_is_not_theirs(patterns: list[WorkingPattern], hours: int) -> None:
    due = datetime.combine(MONDAY, time(10), tzinfo=UTC) + timedelta(hours=hours)
    midnights = list(midnights_around(MONDAY, MONDAY + timedelta(days=120), utc))

    later = due_on_working_day(due, patterns, FULL_WEEK, HOLIDAYS, midnights)

    assert due <= later
    assert later.time() == due.time()
    assert later.date() not in HOLIDAYS
    assert WorkingTime(patterns).has_hours_on(later.date())
    days = (due + timedelta(days=n) for n in range((later - due).days))
    assert not [day for day in days if WorkingTime(patterns).has_hours_on(day.date()) and day.date() not in HOLIDAYS]


def test_without_own_hours_by_weekday_nothing_is_due_at_a_weekend_or_on_a_holiday() -> None:
    friday_evening = datetime(2027, 3, 26, 23, 30, tzinfo=UTC)  # Good Friday, and Saturday already in Berlin
    holidays = [date(2027, 3, 26), date(2027, 3, 29)]
    berlin = [
        Midnights(first=date(2026, 11, 1), offset_minutes=60),
        Midnights(first=date(2027, 3, 29), offset_minutes=120),
    ]

    for patterns in ("", "60%"):
        later = due_on_working_day(friday_evening, read_patterns(patterns), FULL_WEEK, holidays, berlin)
        assert later == datetime(2027, 3, 29, 23, 30, tzinfo=UTC)  # half past one on Tuesday there
    on_saturdays = WorkingWeek(saturday=Decimal(8))
    assert due_on_working_day(friday_evening, [], on_saturdays, holidays, berlin) == friday_evening
