"""The days of a programme in the calendar: its first and its last, and those counted from there.

A leave takes calendar days out of the programme: what lies after it moves by exactly its length, the last day too. Only
what has to fall on a working day is rounded, once, when all leaves are counted in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from domain.core.model import Fixed

Working = Callable[[date], bool]
"""Whether a date is a working day."""

LastDay = Literal["calendar_day", "working_day"]
"""Whether a placement lasts to the end of its last week, or to the last working day in it."""

Step = Literal[1, -1]
ONWARDS: Step = 1
BACK: Step = -1

FURTHEST_DAYS = 31
"""No country has so many days off in a row."""


def monday_from(day: date) -> date:
    """The first Monday that is not before ``day``."""
    return day + timedelta(days=-day.weekday() % 7)


class Leave(Fixed):
    """A leave: from its first day to the day work is taken up again (not counted), none while it lasts.

    Days are counted in the same way around the pauses of a cohort.
    """

    first: date
    back_on: date | None = None

    @property
    def days(self) -> int:
        """Calendar days away; 0 while nobody knows."""
        return (self.back_on - self.first).days if self.back_on else 0

    def takes(self, day: date) -> bool:
        """Whether somebody is away on that day."""
        return self.first <= day and (self.back_on is None or day < self.back_on)


def calendar_date(programme_date: date, leaves: Iterable[Leave]) -> date:
    """Where a date of the programme without leaves falls in the calendar with them."""
    day = programme_date
    for leave in leaves:
        if day >= leave.first:
            day += timedelta(days=leave.days)
    return day


def programme_week(on: date, start: date, leaves: Iterable[Leave]) -> int | None:
    """The programme week of a calendar date, from 1; none before the start. A leave stays in the week it began in."""
    if on < start:
        return None
    away = sum((min(on, leave.back_on or on) - leave.first).days for leave in leaves if start <= leave.first <= on)
    return ((on - start).days - away) // 7 + 1


def days_of_weeks(start: date, weeks: int, leaves: Iterable[Leave]) -> list[date]:
    """The calendar days of a programme's first so many weeks: seven for each, whatever leaves come in between.

    ``start`` is its real first day, which leaves before it have moved already; one that still lasts moves nothing yet.
    """
    over = [leave for leave in leaves if leave.first > start and leave.back_on is not None]
    last = calendar_date(start + timedelta(weeks=weeks, days=-1), over)
    days = (start + timedelta(days=n) for n in range((last - start).days + 1))
    return [day for day in days if not any(leave.takes(day) for leave in over)]


def nearest_working_day(day: date, working: Working, step: Step = ONWARDS) -> date:
    """The working day on a date, or the nearest one after (stepping back, before) it.

    Raises ``ValueError`` where there is none within a month.
    """
    for distance in range(FURTHEST_DAYS):
        candidate = day + timedelta(days=step * distance)
        if working(candidate):
            return candidate
    raise ValueError(f"no working day within a month of {day}")


def working_days_from(day: date, n: int, working: Working) -> date:
    """The working day ``n`` working days after (or, negative, before) a date.

    Raises ``ValueError`` where there is none within a month of another.
    """
    step = ONWARDS if n > 0 else BACK
    for _ in range(abs(n)):
        day = nearest_working_day(day + timedelta(days=step), working, step)
    return day


class ProgrammeDays:
    """The days of a programme that was to begin on ``first`` and lasts so many weeks, with leaves one after another.

    ``start`` is its real first day: a working day, one of the returner's ``own``, and moved by the leaves that began
    before or on it. Everything is counted from there; the last day is one of the calendar, whoever works on it.
    Somebody's own days are those on which they work. Where they have none within a month, all working days are theirs.
    Raises ``ValueError`` when no working day is found within a month of a date.
    """

    def __init__(
        self,
        first: date,
        weeks: int,
        leaves: Sequence[Leave],
        working: Working,
        last_day: LastDay = "calendar_day",
        own: Working | None = None,
    ) -> None:
        self._working = working
        self._leaves = leaves
        self._planned_start = self._nearest(first, ONWARDS, own)
        self.start = self._placed(first, ONWARDS, leaves, own)
        self._since = [leave for leave in leaves if leave.first > self.start]
        last = self.start + timedelta(weeks=weeks, days=-1)
        moved = calendar_date(last, self._since)
        self.last = moved if last_day == "calendar_day" else max(self.start, self._placed(last, BACK, self._since))

    def day(self, n: int) -> date:
        """The calendar date ``n`` days of the programme after its first (or, negative, before it)."""
        there = timedelta(days=n)
        if n < 0:
            return min(self.start, calendar_date(self._planned_start + there, self._leaves))
        return calendar_date(self.start + there, self._since)

    def working_day_from(self, n: int, step: Step = ONWARDS) -> date:
        """The working day on or after (or, stepping back, before) the ``n``-th day; never one of a leave."""
        if n < 0:
            return self._before(self._planned_start + timedelta(days=n), step)
        return self._placed(self.start + timedelta(days=n), step, self._since)

    def working_day(self, n: int, own: Working | None = None) -> date:
        """The date ``n`` working days after (or, negative, before) the first day; after it, of somebody's ``own``."""
        if n < 0:
            day = self._planned_start
            for _ in range(-n):
                day = self.on_or_before(day - timedelta(days=1))
            return self._before(day, ONWARDS)
        day = self.start
        for _ in range(n):
            day = self._nearest(day + timedelta(days=1), ONWARDS, own)
        return self._placed(day, ONWARDS, self._since, own)

    def working_day_around(self, last: date, n: int) -> date:
        """The date ``n`` working days after (or, negative, before) the last working day up to ``last``."""
        return working_days_from(self.on_or_before(last), n, self._working)

    def on_or_after(self, day: date) -> date:
        """The working day from there on."""
        return nearest_working_day(day, self._working, ONWARDS)

    def on_or_before(self, day: date) -> date:
        """The working day up to there."""
        return nearest_working_day(day, self._working, BACK)

    def _before(self, day: date, step: Step) -> date:
        """What comes before the first day never falls behind it, whatever holidays lie between."""
        return min(self.start, self._placed(day, step, self._leaves))

    def _nearest(self, day: date, step: Step, own: Working | None = None) -> date:
        """The working day nearest to a date, of somebody's own where they have one."""
        if own is not None:
            try:
                return nearest_working_day(day, own, step)
            except ValueError:
                pass
        return nearest_working_day(day, self._working, step)

    def _placed(self, counted: date, step: Step, leaves: Iterable[Leave], own: Working | None = None) -> date:
        """The working day of a date, moved by each leave that began before it or on it."""
        on = self._nearest(counted, step, own)
        for leave in leaves:
            if on < leave.first:
                continue
            # The day counted may be a Saturday before a leave that takes in the Monday it fell on.
            counted = max(counted, leave.first) + timedelta(days=leave.days)
            on = self._nearest(counted, step, own)
            if leave.back_on is not None and on < leave.back_on:
                on = self._nearest(leave.back_on, ONWARDS, own)
        return on
