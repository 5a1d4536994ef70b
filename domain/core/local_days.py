"""Which day it is somewhere, by midnights that were looked up once: workflows know no time zones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from domain.core.model import Fixed
from domain.core.people import Country
from domain.core.working_pattern import FULL_WEEK, WorkingWeek

At = Callable[[date, time], datetime]
"""The instant of a local time on a date."""

DAYS_BEFORE, DAYS_AFTER = 90, 400
"""How far around a programme local days are told apart to the hour; beyond, they are those of the nearest season."""


A_WEEK = timedelta(days=7)
"""Clocks never change to and fro within it."""


YEARS_AHEAD = 5
"""How far ahead the local days of a case are looked up that has no calendar; a path seldom takes more than one year."""


class LocalDaysRequest(Fixed):
    """Asks when local days begin in a time zone, from well before the first day to well after the last; and which of
    those with hours in the ``week`` are public holidays in the ``country``, from the first day on."""

    time_zone: str
    first: date
    last: date
    country: Country
    week: WorkingWeek = FULL_WEEK

    @classmethod
    def ahead(cls, time_zone: str, now: datetime, country: Country, week: WorkingWeek = FULL_WEEK) -> LocalDaysRequest:
        """The days of what is somewhere now, and goes on."""
        first, last = days_ahead(now)
        return cls(time_zone=time_zone, first=first, last=last, country=country, week=week)


def days_ahead(now: datetime) -> tuple[date, date]:
    """The first and the last day that are looked up of what begins now and has no calendar."""
    first = now.astimezone(UTC).date()
    return first, first + timedelta(days=365 * YEARS_AHEAD)


class Midnights(Fixed):
    """From this day on, local days begin so many minutes before midnight UTC."""

    first: date
    offset_minutes: int

    @property
    def begins(self) -> datetime:
        """The instant at which the first of these days begins."""
        return datetime.combine(self.first, time(0), tzinfo=UTC) - timedelta(minutes=self.offset_minutes)


class LocalDays(Fixed):
    """When local days begin somewhere, and on which of them nobody works though the week has hours: public holidays."""

    midnights: list[Midnights]
    days_off: list[date] = []


def days_off_between(first: date, last: date, week: WorkingWeek, working: Callable[[date], bool]) -> list[date]:
    """The days from the first to the last with hours in the week on which nobody works all the same."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if week.hours[day.weekday()] and not working(day)]


def midnights_around(first: date, last: date, at: At) -> Iterator[Midnights]:
    """When local days begin from well before the first day to well after the last."""
    day, end = first - timedelta(days=DAYS_BEFORE), last + timedelta(days=DAYS_AFTER)
    known = _offset(day, at)
    yield Midnights(first=day, offset_minutes=known)
    while day < end:
        week_later = min(day + A_WEEK, end)
        while _offset(week_later, at) != known:  # clocks have changed in between
            while _offset(day, at) == known:
                day += timedelta(days=1)
            known = _offset(day, at)
            yield Midnights(first=day, offset_minutes=known)
        day = week_later


def _offset(day: date, at: At) -> int:
    begins = datetime.combine(day, time(0), tzinfo=UTC)
    return round((begins - at(day, time(0))).total_seconds() / 60)


def local_day_of(instant: datetime, midnights: Sequence[Midnights]) -> date:
    """The local date of an instant; of UTC where nothing was looked up yet.

    What comes from elsewhere may lie at the end of all time, where a local day would be after the last there is: then
    it is the date as it was written.
    """
    after = max(1, bisect_right(midnights, instant, key=lambda change: change.begins))
    offset = midnights[after - 1].offset_minutes if midnights else 0
    try:
        day = (instant.astimezone(UTC) + timedelta(minutes=offset)).date()
    except OverflowError:
        return instant.date()
    if after < len(midnights):  # the day on which clocks go back has an hour more
        return min(day, midnights[after].first - timedelta(days=1))
    return day
