"""Learning hours of somebody who does not work full time: they follow the share, in whole hours."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from domain.core.working_pattern import WorkingTime

DAYS_A_WEEK = 7

MOST_HOURS = 5000
"""So many hours a path has at most."""


def hours_a_week(of_full_time: int, time: WorkingTime, day: date) -> int:
    """The hours of learning in a week as they are on that day; at least one, and at most those of full time."""
    return max(1, math.floor(of_full_time * min(Fraction(1), time.share_on(day))))


def most_hours_a_week(of_full_time: int, time: WorkingTime, day: date) -> int:
    """The most there are in a week from that day on, with the patterns that are to come."""
    days = [day, *(change for change in time.changes() if change > day)]
    return max(hours_a_week(of_full_time, time, each) for each in days)


def hours_in(of_full_time: int, days: Iterable[date], time: WorkingTime) -> int:
    """The hours of learning in all of these calendar days, with so many a week of full time.

    At least one, and at most as many as a path can have.
    """
    hours = math.floor(sum(of_full_time * time.share_on(day) for day in days) / DAYS_A_WEEK)
    return min(max(1, hours), MOST_HOURS)


def days_of(first: date, weeks: int) -> list[date]:
    """The calendar days of so many weeks."""
    return [first + timedelta(days=n) for n in range(weeks * DAYS_A_WEEK)]
