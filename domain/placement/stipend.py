"""The stipend: what is due for the days worked so far.

Each instruction pays what is due in all, less what was instructed before. Whatever happens in between (leave, an
extension, a withdrawal) the sum is therefore exactly what was earned, to the hundredth, and never too much.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.core.model import Fixed, Money
from domain.placement.programme_days import Leave


class PayInstruction(Fixed):
    """The ``n``-th instruction of a case: ``days`` paid days from ``first`` to ``last``, both counted."""

    n: int
    due_on: date
    first: date
    last: date
    days: int
    amount: Money


def days_worked(first: date, last: date, leaves: Sequence[Leave], *, paid_leave: bool) -> list[date]:
    """The paid days from ``first`` to ``last``, both counted: calendar days less those of unpaid leave."""
    days = [first + timedelta(days=away) for away in range((last - first).days + 1)]
    if paid_leave:
        return days
    return [day for day in days if not any(_away(day, leave) for leave in leaves)]


def earned(monthly: Money, days: Sequence[date]) -> Money:
    """What these days earn: each its part of its calendar month's stipend."""
    per_month: dict[tuple[int, int], int] = {}
    for day in days:
        per_month[day.year, day.month] = per_month.get((day.year, day.month), 0) + 1
    total = sum(
        (monthly.amount * count / calendar.monthrange(year, month)[1] for (year, month), count in per_month.items()),
        Decimal(0),
    )
    return Money(amount=total, currency=monthly.currency)


def stipends_of(monthly: Money, first: date, last: date) -> Money:
    """What all days from ``first`` to ``last`` earn, both counted, if nothing happens in between."""
    return earned(monthly, days_worked(first, last, [], paid_leave=True))


def next_instruction(
    monthly: Money,
    start: date,
    up_to: date,
    leaves: Sequence[Leave],
    instructed: Sequence[PayInstruction],
    *,
    paid_leave: bool,
) -> PayInstruction | None:
    """The instruction that settles all days from ``start`` to ``up_to``, or none when nothing is due."""
    days = days_worked(start, up_to, leaves, paid_leave=paid_leave)
    due = earned(monthly, days).amount - sum((instruction.amount.amount for instruction in instructed), Decimal(0))
    if due <= 0:
        return None
    new = days[sum(instruction.days for instruction in instructed) :] or days[-1:]
    return PayInstruction(
        n=len(instructed) + 1,
        due_on=up_to,
        first=new[0],
        last=new[-1],
        days=len(new),
        amount=Money(amount=due, currency=monthly.currency),
    )


def _away(day: date, leave: Leave) -> bool:
    return leave.first <= day and (leave.back_on is None or day < leave.back_on)
