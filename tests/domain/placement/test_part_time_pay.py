"""Stipends of part-timers: exact to the penny, whatever leaves and changes of pattern come in between."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.core.model import Money
from domain.core.working_pattern import FULL_WEEK, WorkingPattern, WorkingTime, WorkingWeek, read_patterns
from domain.placement.agreements import as_agreed
from domain.placement.programme_days import Leave
from domain.placement.stipend import (
    PayInstruction,
    days_worked,
    due_instructions,
    earned,
    stipends_of,
    stipends_planned,
)
from tests.domain.patterns import patterns_in_a_row

MONTHLY = Money(amount=Decimal("2900.00"), currency="GBP")
START = date(2027, 1, 4)
A_DAY = timedelta(days=1)

amounts = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)


def by_hand(monthly: Decimal, days: list[date], time: WorkingTime) -> Decimal:
    """What days earn, day for day."""
    exact = sum(
        (Fraction(monthly) * time.share_on(day) / calendar.monthrange(day.year, day.month)[1] for day in days),
        Fraction(0),
    )
    return Decimal(round(exact * 100)) / 100


def test_25_of_40_hours_of_30000_a_year_are_18750() -> None:
    a_year = Money(amount=Decimal(30_000) / 12, currency="GBP")
    time = WorkingTime(read_patterns("mon-wed 8, thu 1"))

    paid = stipends_of(a_year, date(2027, 1, 1), date(2027, 12, 31), time.share_on)

    assert paid == Money(amount=Decimal(18_750), currency="GBP")


def test_a_change_in_the_middle_of_a_month_pays_each_day_by_the_pattern_of_that_day() -> None:
    time = WorkingTime(read_patterns("50%; from 2027-06-16 100%"))

    june = stipends_of(MONTHLY, date(2027, 6, 1), date(2027, 6, 30), time.share_on)

    assert june.amount == Decimal("2175.00")  # fifteen days of half, fifteen of the whole


@given(
    amounts,
    st.lists(st.integers(0, 200), min_size=1, max_size=12).map(sorted),
    patterns_in_a_row(START, 200),
    st.integers(1, 150),
    st.integers(0, 60),
    st.booleans(),
)
def test_the_sum_is_what_was_earned_day_for_day_whatever_leave_and_patterns_come_in_between(
    amount: Decimal, pay_days: list[int], patterns: list[WorkingPattern], begins: int, away: int, paid_leave: bool
) -> None:
    monthly, share = Money(amount=amount, currency="EUR"), WorkingTime(patterns).share_on
    leave = Leave(first=START + timedelta(days=begins), back_on=START + timedelta(days=begins + away))
    instructed: list[PayInstruction] = []

    for offset in pay_days:
        up_to = START + timedelta(days=offset)
        instructed += due_instructions(
            monthly, START, up_to, [leave], instructed, paid_leave=paid_leave, today=up_to, share=share
        )

    worked = days_worked(START, START + timedelta(days=pay_days[-1]), [leave], paid_leave=paid_leave)
    assert sum(each.amount.amount for each in instructed) == by_hand(amount, worked, WorkingTime(patterns))
    assert all(each.amount.amount > 0 for each in instructed)


@given(amounts, patterns_in_a_row(START, 200), st.integers(1, 111), st.integers(0, 60), st.booleans())
def test_what_is_planned_leaves_a_leave_out_that_lasts_and_comes_to_what_is_paid_once_it_is_over(
    amount: Decimal, patterns: list[WorkingPattern], begins: int, away: int, paid_leave: bool
) -> None:
    monthly, share = Money(amount=amount, currency="EUR"), WorkingTime(patterns).share_on
    first, end = START + timedelta(days=begins), START + timedelta(weeks=16, days=-1)

    def planned(leave: Leave, last: date) -> Money:
        return stipends_planned(monthly, START, last, [leave], paid_leave=paid_leave, share=share)

    assert planned(Leave(first=first), end) == stipends_of(monthly, START, end, share)

    over, last = Leave(first=first, back_on=first + timedelta(days=away)), end + timedelta(days=away)
    instructed = due_instructions(monthly, START, last, [over], [], paid_leave=paid_leave, today=last, share=share)
    assert planned(over, last).amount == sum(each.amount.amount for each in instructed)


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=8),
    st.lists(patterns_in_a_row(START, 200, from_a_day=True), min_size=1, max_size=3),
)
def test_patterns_agreed_while_it_runs_never_touch_what_was_paid(
    steps: list[int], agreed: list[list[WorkingPattern]]
) -> None:
    patterns: list[WorkingPattern] = []
    instructed: list[PayInstruction] = []
    earlier: dict[date, Fraction] = {}
    today = START
    for n, step in enumerate(steps):
        today += timedelta(days=step)
        share = WorkingTime(patterns).share_on
        instructed += due_instructions(
            MONTHLY, START, today, [], instructed, paid_leave=False, today=today, share=share
        )
        if n < len(agreed):
            patterns, since = as_agreed(patterns, agreed[n], today + A_DAY)
            assert since > today
        earlier |= {today - timedelta(days=back): WorkingTime(patterns).share_on(today) for back in [0]}

    worked = days_worked(START, today, [], paid_leave=False)
    assert all(each.corrects is None for each in instructed)
    assert sum(each.amount.amount for each in instructed) == by_hand(MONTHLY.amount, worked, WorkingTime(patterns))
    assert all(WorkingTime(patterns).share_on(day) == share for day, share in earlier.items())


@given(amounts, st.integers(0, 400), st.integers(0, 60), st.integers(0, 60))
def test_a_full_time_pattern_pays_exactly_what_was_paid_without_patterns(
    amount: Decimal, days: int, begins: int, away: int
) -> None:
    monthly, last = Money(amount=amount, currency="GBP"), START + timedelta(days=days)
    leave = Leave(first=START + timedelta(days=begins), back_on=START + timedelta(days=begins + away))
    worked = days_worked(START, last, [leave], paid_leave=False)
    months = {(day.year, day.month) for day in worked}

    before = sum(  # as it was worked out for those who all worked the same
        (
            amount * sum((day.year, day.month) == month for day in worked) / calendar.monthrange(*month)[1]
            for month in sorted(months)
        ),
        Decimal(0),
    ).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)

    for pattern in (WorkingPattern(share=Decimal(100)), WorkingPattern(week=FULL_WEEK)):
        assert earned(monthly, worked, WorkingTime([pattern]).share_on) == earned(monthly, worked)
    assert abs(earned(monthly, worked).amount - before) <= Decimal("0.01")
    assert earned(monthly, worked).amount == by_hand(amount, worked, WorkingTime([]))


def test_a_change_agreed_too_late_holds_from_the_day_after() -> None:
    now = read_patterns("from 2027-01-04 100%")
    wanted = read_patterns("from 2027-02-01 50%; from 2027-02-08 60%; from 2027-03-01 100%")

    in_time, since = as_agreed(now, wanted, date(2027, 1, 20))
    assert (in_time, since) == ([*now, *wanted], date(2027, 2, 1))

    late, since = as_agreed(now, wanted, date(2027, 2, 10))
    assert since == date(2027, 2, 10)
    assert late == [*now, *read_patterns("from 2027-02-10 60%; from 2027-03-01 100%")]


def test_full_time_is_what_the_policy_says() -> None:
    part_time = WorkingPattern(week=WorkingWeek(monday=Decimal("7.5"), tuesday=Decimal("7.5"), wednesday=Decimal(0)))
    full = WorkingWeek(**{day: Decimal("7.5") for day in ("monday", "tuesday", "wednesday", "thursday", "friday")})

    assert WorkingTime([part_time], full).share_on(START) == Fraction(2, 5)
