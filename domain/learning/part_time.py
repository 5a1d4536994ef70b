"""Learning hours of somebody who does not work full time: they follow the share, in whole hours."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

from domain.core.working_pattern import WorkingTime

DAYS_A_WEEK = 7


def hours_a_week(of_full_time: int, time: WorkingTime, day: date) -> int:
    """The hours of learning in a week as they are on that day; at least one."""
    return max(1, math.floor(of_full_time * time.share_on(day)))


def hours_in(of_full_time: int, days: Iterable[date], time: WorkingTime) -> int:
    """The hours of learning in all of these calendar days, with so many a week of full time; at least one."""
    return max(1, math.floor(sum(of_full_time * time.share_on(day) for day in days) / DAYS_A_WEEK))


def days_of(first: date, weeks: int) -> list[date]:
    """The calendar days of so many weeks."""
    return [first + timedelta(days=n) for n in range(weeks * DAYS_A_WEEK)]
