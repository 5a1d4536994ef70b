"""When something is due that somebody does who does not work on each day: never on a day that is not theirs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from domain.core.case import DAY
from domain.core.local_days import Midnights, local_day_of
from domain.core.working_pattern import WorkingPattern, WorkingTime

FURTHEST_DAYS = 31
"""No country has so many days off in a row."""


def due_on_own_day(
    due: datetime, patterns: list[WorkingPattern], holidays: Collection[date], midnights: list[Midnights]
) -> datetime:
    """The same time on the next day on which somebody with these patterns works.

    Who has no hours by weekday keeps what is due: it may come on any day, as for everybody.
    """
    if all(pattern.week is None for pattern in patterns):
        return due
    time = WorkingTime(patterns)
    for _ in range(FURTHEST_DAYS):
        day = local_day_of(due, midnights)
        if time.works_on(day) and day not in holidays:
            break
        due += DAY
    return due
