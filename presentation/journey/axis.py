"""The time axis of a journey: instants to places from left to right, and the days that are named on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from records.local_time import instant_at, local_day

AFTER_THE_KNEE = 0.26
"""Which part of the width what comes after the knee has at most."""

LEAST = timedelta(days=1)
"""So long an axis is at least."""


@dataclass(frozen=True)
class Axis:
    """Places between ``left`` and ``right`` for instants between ``first`` and ``last``.

    Time runs evenly up to the ``knee``, which stands ``at``, and evenly, but narrower, from there on.
    """

    first: datetime
    last: datetime
    left: float
    right: float
    knee: datetime | None = None
    at: float = 0

    def x(self, instant: datetime) -> float:
        """The place of an instant; of one beyond an end, that end."""
        instant = min(max(instant, self.first), self.last)
        if self.knee is None:
            return _between(instant, self.first, self.last, self.left, self.right)
        if instant <= self.knee:
            return _between(instant, self.first, self.knee, self.left, self.at)
        return _between(instant, self.knee, self.last, self.at, self.right)


def _between(instant: datetime, first: datetime, last: datetime, left: float, right: float) -> float:
    return left + (right - left) * ((instant - first) / (last - first))


def axis(first: datetime, last: datetime, left: float, right: float, knee: datetime | None = None) -> Axis:
    """The axis; without a knee where what comes after it takes no more room than it would be given."""
    last = max(last, first + LEAST)
    if knee is None or not first < knee < last or (last - knee) / (last - first) <= AFTER_THE_KNEE:
        return Axis(first, last, left, right)
    return Axis(first, last, left, right, knee, right - (right - left) * AFTER_THE_KNEE)


Named = Literal["day", "month", "year"]


@dataclass(frozen=True)
class Tick:
    """A day that is named, with its place; ``named`` by the day, by its month, or by month and year."""

    on: date
    x: float
    named: Named


def ticks(on: Axis, zone: str | None, gap: float) -> list[Tick]:
    """Months, or days where the axis is short, each ``gap`` or more after the one before."""
    first, last = local_day(on.first, zone), local_day(on.last, zone)
    short = (last - first).days < SHORT_DAYS
    found: list[Tick] = []
    for day in _mondays(first, last) if short else _firsts(first, last):
        x = on.x(instant_at(day, time(0), zone or "UTC"))
        if not found or x - found[-1].x >= gap:
            new_year = not found or day.year != found[-1].on.year
            found.append(Tick(day, x, "day" if short else "year" if new_year else "month"))
    return found


SHORT_DAYS = 75
"""On an axis of less, single days are named."""


def _mondays(first: date, last: date) -> Iterator[date]:
    """The Mondays in between, or all days of a fortnight."""
    step = 1 if (last - first).days < 14 else 7
    day = first if step == 1 else first + timedelta(days=-first.weekday() % 7)
    while day <= last:
        yield day
        day += timedelta(days=step)


def _firsts(first: date, last: date) -> Iterator[date]:
    """The first days of the months in between."""
    day = first if first.day == 1 else _next_month(first)
    while day <= last:
        yield day
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
