"""When something is due: never on a day on which whoever does it does not work.

Somebody with hours by weekday has days of their own; everybody else those of the office: the days of the policy's week.
On public holidays nobody works.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from domain.core.local_days import Midnights, local_day_of
from domain.core.working_pattern import WorkingPattern, WorkingTime, WorkingWeek

DAY = timedelta(days=1)

FURTHEST_DAYS = 31
"""No country has so many days off in a row."""


def due_on_working_day(
    due: datetime,
    patterns: Sequence[WorkingPattern],
    office: WorkingWeek,
    days_off: Collection[date],
    midnights: Sequence[Midnights],
) -> datetime:
    """The same time on the next day on which somebody with these patterns works; without hours by weekday, the office.

    What is due on such a day stays. ``days_off`` are days with hours on which nobody works. Where there is no day to be
    found within a month, it is due when it was.
    """
    time = WorkingTime(patterns, office)
    for days in range(FURTHEST_DAYS):
        then = due + days * DAY
        day = local_day_of(then, midnights)
        if time.has_hours_on(day) and day not in days_off:
            return then
    return due
