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
from domain.placement.stipend import PayInstruction, days_worked, earned, next_instruction

MONTHLY = Money(amount=Decimal("2900.00"), currency="GBP")
START = date(2027, 1, 4)


def instruct(up_to: date, leaves: list[Leave], before: list[PayInstruction]) -> PayInstruction | None:
    return next_instruction(MONTHLY, START, up_to, leaves, before, paid_leave=False)


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=12).map(sorted),
    st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2),
)
def test_the_sum_of_all_instructions_is_what_was_earned(days: list[int], amount: Decimal) -> None:
    monthly = Money(amount=amount, currency="EUR")
    instructed: list[PayInstruction] = []
    for day in days:
        instruction = next_instruction(monthly, START, START + timedelta(days=day), [], instructed, paid_leave=False)
        instructed += [instruction] if instruction else []

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

    paid = next_instruction(MONTHLY, START, date(2027, 1, 31), [leave], [], paid_leave=True)

    assert paid == instruct(date(2027, 1, 31), [], [])
