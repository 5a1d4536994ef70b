"""The stipend: what is due for the days worked so far.

Where the policy pays pro rata, each day earns the part of full time that the working pattern of that day has: the pay
for full time, divided by its hours and times the hours worked (25 of 40 hours of 30,000 are 18,750).

Each instruction pays the days since the one before. Where days that were paid turn out to earn more or less, because
somebody has not worked them after all or has another share of full time, a correction of its own says so for each
instruction that it concerns. Whatever happens (leave, an extension, a withdrawal) the sum of all is therefore exactly
what was earned, to the hundredth, and so is what each instruction comes to with its corrections.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.core.model import Fixed, Money
from domain.placement.programme_days import Leave

Share = Callable[[date], Fraction]
"""The part of the whole stipend that a day earns."""


def whole(_day: date) -> Fraction:
    """Each day earns the whole."""
    return Fraction(1)


class PayInstruction(Fixed):
    """The ``n``-th instruction of a case: ``days`` paid days from ``first`` to ``last``, both counted.

    A correction names the instruction that it ``corrects``, and has the first and last day of that one. Its ``days``
    and ``amount`` are what that one comes to more, or, below zero, less.
    """

    n: int
    due_on: date
    first: date
    last: date
    days: int
    amount: Money
    corrects: int | None = None


def days_worked(first: date, last: date, leaves: Sequence[Leave], *, paid_leave: bool) -> list[date]:
    """The paid days from ``first`` to ``last``, both counted: calendar days less those of unpaid leave."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if paid_leave:
        return days
    return [day for day in days if not any(leave.takes(day) for leave in leaves)]


def earned(monthly: Money, days: Sequence[date], share: Share = whole) -> Money:
    """What these days earn: each its part of its calendar month's stipend, and of that its share; exact to the end."""
    per_month: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for day in days:
        per_month[day.year, day.month] += share(day)
    months = sum((part / calendar.monthrange(year, month)[1] for (year, month), part in per_month.items()), Fraction(0))
    return Money(amount=Decimal(round(Fraction(monthly.amount) * months * 100)) / 100, currency=monthly.currency)


def stipends_of(monthly: Money, first: date, last: date, share: Share = whole) -> Money:
    """What all days from ``first`` to ``last`` earn, both counted, if nothing happens in between."""
    return earned(monthly, days_worked(first, last, [], paid_leave=True), share)


def stipends_planned(
    monthly: Money, first: date, last: date, leaves: Sequence[Leave], *, paid_leave: bool, share: Share = whole
) -> Money:
    """What a placement's days from ``first`` to ``last`` will have earned, both counted, as it is planned now.

    A leave that still lasts is left out: it has not moved the last day yet, and what is worked before it will be worked
    after it.
    """
    over = [leave for leave in leaves if leave.back_on is not None]
    return earned(monthly, days_worked(first, last, over, paid_leave=paid_leave), share)


def due_instructions(
    monthly: Money,
    start: date,
    up_to: date,
    leaves: Sequence[Leave],
    instructed: Sequence[PayInstruction],
    *,
    paid_leave: bool,
    today: date,
    share: Share = whole,
) -> list[PayInstruction]:
    """The instructions that settle all days from ``start`` to ``up_to``: corrections first, then the days that are new.

    None where nothing is due. ``up_to`` may lie before days that were paid: these are taken back. A correction is due
    ``today``, new days are due on the last of them that is settled.
    """

    def due(until: date) -> tuple[list[date], Decimal]:
        days = days_worked(start, min(until, up_to), leaves, paid_leave=paid_leave)
        return days, earned(monthly, days, share).amount

    found: list[PayInstruction] = []
    worked, earned_so_far = due(start - timedelta(days=1))
    for paid in (instruction for instruction in instructed if instruction.corrects is None):
        days, amount = due(paid.due_on)
        so_far = [entry for entry in instructed if paid.n in (entry.n, entry.corrects)]
        correction = PayInstruction(
            n=len(instructed) + len(found) + 1,
            due_on=today,
            first=paid.first,
            last=paid.last,
            days=len(days) - len(worked) - sum(entry.days for entry in so_far),
            amount=_money(amount - earned_so_far - sum(entry.amount.amount for entry in so_far), monthly),
            corrects=paid.n,
        )
        if correction.amount.amount:
            found.append(correction)
        worked, earned_so_far = days, amount
    days, amount = due(up_to)
    if amount > earned_so_far:
        new = days[len(worked) :]
        found.append(
            PayInstruction(
                n=len(instructed) + len(found) + 1,
                due_on=up_to,
                first=new[0],
                last=new[-1],
                days=len(new),
                amount=_money(amount - earned_so_far, monthly),
            )
        )
    return found


def _money(amount: Decimal, of: Money) -> Money:
    return Money(amount=amount, currency=of.currency)
