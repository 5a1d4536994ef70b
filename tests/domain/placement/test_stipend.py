"""Stipends: whenever they are instructed, and whatever leave comes between, the sum is what was earned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.model import Money
from domain.placement.programme_days import Leave
from domain.placement.stipend import PayInstruction, days_worked, due_instructions, earned

MONTHLY = Money(amount=Decimal("2900.00"), currency="GBP")
START = date(2027, 1, 4)


def instruct(up_to: date, leaves: list[Leave], before: list[PayInstruction]) -> PayInstruction | None:
    found = due_instructions(MONTHLY, START, up_to, leaves, before, paid_leave=False, today=up_to)
    assert len(found) <= 1
    return found[0] if found else None


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=12).map(sorted),
    st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2),
)
def test_the_sum_of_all_instructions_is_what_was_earned(days: list[int], amount: Decimal) -> None:
    monthly = Money(amount=amount, currency="EUR")
    instructed: list[PayInstruction] = []
    for day in days:
        on = START + timedelta(days=day)
        instructed += due_instructions(monthly, START, on, [], instructed, paid_leave=False, today=on)

    worked = days_worked(START, START + timedelta(days=days[-1]), [], paid_leave=False)
    assert sum(instruction.amount.amount for instruction in instructed) == earned(monthly, worked).amount
    assert all(instruction.amount.amount > 0 for instruction in instructed)
    assert sum(instruction.days for instruction in instructed) <= len(worked)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_leave_is_not_paid_and_nothing_is_paid_twice(before: int, away: int, after: int) -> None:
    leave = Leave(first=START + timedelta(days=before), back_on=START + timedelta(days=before + away))
    end = leave.first + timedelta(days=away + after)

    first = instruct(leave.first - timedelta(days=1), [Leave(first=leave.first)], [])
    assert first is not None
    rest = instruct(end, [leave], [first])

    worked = [START + timedelta(days=n) for n in range(before)]
    worked += [leave.first + timedelta(days=away + n) for n in range(after + 1)]
    assert first.amount.amount + (rest.amount.amount if rest else 0) == earned(MONTHLY, worked).amount
    assert rest is None or rest.first >= (leave.back_on or leave.first)


def test_a_whole_month_pays_the_whole_stipend_and_a_part_its_part() -> None:
    january = instruct(date(2027, 1, 31), [], [])
    assert january is not None
    february = instruct(date(2027, 2, 28), [], [january])
    assert february is not None

    assert january.amount == Money(amount=Decimal("2900") * 28 / 31, currency="GBP")
    assert february.amount == MONTHLY
    assert (february.first, february.last, february.days) == (date(2027, 2, 1), date(2027, 2, 28), 28)


def test_instructing_the_same_days_again_pays_nothing() -> None:
    january = instruct(date(2027, 1, 31), [], [])
    assert january is not None

    assert instruct(date(2027, 1, 31), [], [january]) is None


def test_an_amount_the_records_cannot_hold_is_refused_also_once_rounded() -> None:
    assert Money(amount=Decimal("999999999999.994"), currency="GBP").amount == Decimal("999999999999.99")
    with pytest.raises(ValidationError, match="less than a million million"):
        Money(amount=Decimal("999999999999.999"), currency="GBP")


def test_paid_leave_is_paid() -> None:
    leave = Leave(first=date(2027, 1, 11), back_on=date(2027, 1, 18))

    end = date(2027, 1, 31)
    (paid,) = due_instructions(MONTHLY, START, end, [leave], [], paid_leave=True, today=end)

    assert paid == instruct(end, [], [])


LEAVES = st.lists(st.tuples(st.integers(0, 150), st.integers(1, 30)), max_size=3).map(
    lambda spans: [
        Leave(first=START + timedelta(days=first), back_on=START + timedelta(days=first + days))
        for first, days in spans
    ]
)


@given(
    st.lists(st.tuples(st.integers(-1, 160), LEAVES), min_size=1, max_size=8),
    st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2),
)
def test_whatever_turns_out_later_the_sum_is_what_was_earned(
    found_out: list[tuple[int, list[Leave]]], amount: Decimal
) -> None:
    """Each time other days are known to have been worked, and up to another day, also an earlier one."""
    monthly = Money(amount=amount, currency="EUR")
    instructed: list[PayInstruction] = []
    for day, leaves in found_out:
        up_to = START + timedelta(days=day)
        new = due_instructions(monthly, START, up_to, leaves, instructed, paid_leave=False, today=up_to)
        instructed += new

        worked = days_worked(START, up_to, leaves, paid_leave=False)
        assert sum(instruction.amount.amount for instruction in instructed) == earned(monthly, worked).amount
        assert due_instructions(monthly, START, up_to, leaves, instructed, paid_leave=False, today=up_to) == []
    numbers = [instruction.n for instruction in instructed]
    assert numbers == list(range(1, len(instructed) + 1))
    for instruction in instructed:
        if instruction.corrects is None:
            assert instruction.amount.amount > 0
            assert instruction.first <= instruction.last <= instruction.due_on
            so_far = [entry.amount.amount for entry in instructed if instruction.n in (entry.n, entry.corrects)]
            assert sum(so_far) >= 0
        else:
            assert instructed[instruction.corrects - 1].corrects is None
            assert instruction.amount.amount


def test_days_that_were_paid_and_not_worked_are_taken_back_from_each_instruction() -> None:
    # Given January and February, paid
    january = instruct(date(2027, 1, 31), [], [])
    assert january is not None
    february = instruct(date(2027, 2, 28), [], [january])
    assert february is not None

    # When HR learns in March that nobody came to work after 17 January
    end = date(2027, 1, 17)
    corrections = due_instructions(
        MONTHLY, START, end, [], [january, february], paid_leave=False, today=date(2027, 3, 3)
    )

    # Then each of the two is corrected, and the days up to then stay paid
    assert [(entry.n, entry.corrects, entry.days, entry.due_on) for entry in corrections] == [
        (3, 1, -14, date(2027, 3, 3)),
        (4, 2, -28, date(2027, 3, 3)),
    ]
    assert corrections[1].amount == Money(amount=-MONTHLY.amount, currency="GBP")
    assert (corrections[0].first, corrections[0].last) == (january.first, january.last)
    paid = january.amount.amount + february.amount.amount + sum(entry.amount.amount for entry in corrections)
    assert paid == Money(amount=MONTHLY.amount * 14 / 31, currency="GBP").amount
