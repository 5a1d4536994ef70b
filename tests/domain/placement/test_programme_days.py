"""The days of a programme: whatever leaves and holidays there are, no day of work is lost and none is won."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.placement.programme_days import BACK, Leave, ProgrammeDays, days_of_weeks
from domain.placement.stipend import days_worked
from tests.domain.factories import weekday

FIRST = date(2027, 1, 1)
STARTS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days))
WEEKS = st.integers(1, 30)
HOLIDAYS = st.sets(st.integers(-60, 900).map(lambda days: FIRST + timedelta(days=days)), max_size=40)


@st.composite
def programmes(draw: st.DrawFn) -> tuple[ProgrammeDays, int, list[Leave]]:
    """A programme with leaves before it, in it and after it, among weekends and holidays."""
    first, weeks, holidays = draw(STARTS), draw(WEEKS), draw(HOLIDAYS)
    leaves, day = [], first - timedelta(days=40)
    for away, length in draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=10)):
        begins = day + timedelta(days=away)
        day = begins + timedelta(days=length)
        leaves.append(Leave(first=begins, back_on=day))
    try:
        days = ProgrammeDays(first, weeks, leaves, lambda on: weekday(on) and on not in holidays)
    except ValueError:  # more than a month of holidays in a row
        days = ProgrammeDays(first, weeks, leaves, weekday)
    return days, weeks, leaves


def is_away(day: date, leaves: list[Leave]) -> bool:
    return any(leave.back_on is not None and leave.first <= day < leave.back_on for leave in leaves)


@given(programmes())
def test_paid_days_and_days_of_unpaid_leave_are_all_days(made: tuple[ProgrammeDays, int, list[Leave]]) -> None:
    programme, weeks, leaves = made

    days = [programme.start + timedelta(days=n) for n in range((programme.last - programme.start).days + 1)]
    paid = days_worked(programme.start, programme.last, leaves, paid_leave=False)

    assert len(paid) == weeks * 7
    assert len(paid) + sum(is_away(day, leaves) for day in days) == len(days)
    assert len(days_worked(programme.start, programme.last, leaves, paid_leave=True)) == len(days)


@given(programmes(), st.integers(0, 60))
def test_the_days_of_the_first_weeks_are_seven_for_each_and_those_of_no_leave(
    made: tuple[ProgrammeDays, int, list[Leave]], lasting: int
) -> None:
    programme, weeks, leaves = made

    days = days_of_weeks(programme.start, weeks, leaves)

    assert len(days) == weeks * 7
    assert (days[0], days[-1]) == (programme.start, programme.last)
    assert not any(is_away(day, leaves) for day in days)
    # one that still lasts has not moved anything yet
    last = max([programme.start, *(leave.back_on for leave in leaves if leave.back_on)])
    assert days_of_weeks(programme.start, weeks, [*leaves, Leave(first=last + timedelta(days=lasting))]) == days


@given(programmes(), st.integers(-40, 200))
def test_what_is_planned_falls_into_no_leave_and_keeps_its_order(
    made: tuple[ProgrammeDays, int, list[Leave]], n: int
) -> None:
    programme, _, leaves = made

    for day in (programme.start, programme.day(n), programme.working_day(n), programme.working_day_from(n)):
        assert not is_away(day, leaves)
    assert not is_away(programme.working_day_from(n, BACK), leaves)
    assert programme.working_day_from(n) <= programme.working_day_from(n + 1)
    assert programme.working_day(n) <= programme.working_day(n + 1)
    assert (programme.working_day(n) >= programme.start) == (n >= 0) or programme.working_day(n) == programme.start
