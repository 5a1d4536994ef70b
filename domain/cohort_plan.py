"""Planning a cohort's own dates: kick-off, mid-point, showcase, as its policy names them.

Like a placement's calendar they are planned in an activity and pinned. Planned again after a pause, what lay before it
stays as it was, and what lies after it moves by its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from domain.calendar import At, Working
from domain.cohort import CohortDate
from domain.cohort_calls import CohortPlan, CohortPlanRequest
from domain.policy import CohortEvent

Step = Literal[1, -1]
ONWARDS: Step = 1
BACK: Step = -1

FURTHEST_DAYS = 31
"""As in a placement's calendar: no country has so many days off in a row."""


@dataclass(frozen=True)
class _Pause:
    """The cohort stood still from ``first`` up to, and without, ``back_on``."""

    first: date
    back_on: date

    @property
    def length(self) -> timedelta:
        return self.back_on - self.first


@dataclass(frozen=True)
class _Day:
    """A day as it was counted, and the working day it falls on."""

    counted: date
    on: date


def plan_dates(request: CohortPlanRequest, working: Working, at: At) -> CohortPlan:
    """The dates for a request, by when they start, and the last day.

    Pauses move once it is known when they were over. Raises ``ValueError`` when no working day is found within a month
    of a date.
    """
    planner = _Planner(request, working)
    for pause in request.pauses:
        if pause.back_on is not None:
            planner.pause(_Pause(pause.first, pause.back_on))
    dates = [_date(event, planner.days[event.key].on, at) for event in request.rules.events]
    return CohortPlan(dates=sorted(dates, key=lambda one: (one.starts, one.key)), ends_on=planner.last.on)


def _date(event: CohortEvent, day: date, at: At) -> CohortDate:
    starts = at(day, time(event.hour))
    return CohortDate(key=event.key, title=event.title, starts=starts, ends=starts + timedelta(minutes=event.minutes))


class _Planner:
    """The days as planned at first, moved by one pause after the other as they would have been at the time."""

    def __init__(self, request: CohortPlanRequest, working: Working) -> None:
        self._working = working
        self._events: Iterable[CohortEvent] = request.rules.events
        first = request.starts_on
        last = self._day(first + timedelta(weeks=request.weeks, days=-1), BACK, not_before=first)
        self.last = _Day(last.on, last.on)  # it moves as the last day of a placement does, from its working day on
        self.days = {event.key: self._planned(event, first) for event in self._events}

    def _planned(self, event: CohortEvent, first: date) -> _Day:
        if event.counted_from == "start":
            return self._day(first + timedelta(days=event.days), ONWARDS)
        return self._day(self.last.on + timedelta(days=event.days), BACK)

    def pause(self, pause: _Pause) -> None:
        """Move what lies after a pause, or falls into it."""
        if self.last.on >= pause.first:
            self.last = self._moved(self.last, pause, BACK)
        for event in self._events:
            day = self.days[event.key]
            if day.on < pause.first:
                continue
            if event.counted_from == "start":
                self.days[event.key] = self._moved(day, pause, ONWARDS)
            else:
                counted = self.last.on + timedelta(days=event.days)
                self.days[event.key] = self._day(counted, BACK, not_before=pause.back_on)

    def _moved(self, day: _Day, pause: _Pause, step: Step) -> _Day:
        # The day counted may be a Saturday before a pause that takes in the Monday it fell on.
        return self._day(max(day.counted, pause.first) + pause.length, step, not_before=pause.back_on)

    def _day(self, counted: date, step: Step, not_before: date = date.min) -> _Day:
        """The nearest working day in that direction; the next one where there is none left before ``not_before``."""
        on = self._nearest(counted, step)
        return _Day(counted, on if on >= not_before else self._nearest(not_before, ONWARDS))

    def _nearest(self, day: date, step: Step) -> date:
        for away in range(FURTHEST_DAYS):
            candidate = day + timedelta(days=step * away)
            if self._working(candidate):
                return candidate
        raise ValueError(f"no working day within a month of {day}")
