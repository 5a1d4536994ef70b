"""Planning a cohort's own dates: kick-off, mid-point, showcase, as its policy names them.

Like a placement's calendar they are planned in an activity and pinned. Planned again after a pause, what lay before it
stays as it was, and what lies after it moves by its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from domain.cohort.calls import CohortPlan, CohortPlanRequest
from domain.cohort.state import CohortDate
from domain.core.local_days import DAYS_AFTER, DAYS_BEFORE, At, days_off_between, midnights_around
from domain.placement.policy import CohortEvent
from domain.placement.programme_days import Leave, ProgrammeDays, Working


def plan_dates(request: CohortPlanRequest, working: Working, at: At) -> CohortPlan:
    """The dates for a request, by when they start, and the last day.

    Pauses move once it is known when they were over. Raises ``ValueError`` when no working day is found within a month
    of a date.
    """
    planner = _Planner(request, working)
    dates = [_date(event, planner.day_of(event), at) for event in request.rules.events]
    return CohortPlan(
        dates=sorted(dates, key=lambda event: (event.starts, event.key)),
        ends_on=planner.days.last,
        midnights=list(midnights_around(planner.days.start, planner.days.last, at)),
        days_off=days_off_between(
            planner.days.start - timedelta(days=DAYS_BEFORE),
            planner.days.last + timedelta(days=DAYS_AFTER),
            request.working_week,
            working,
        ),
    )


def _date(event: CohortEvent, day: date, at: At) -> CohortDate:
    starts = at(day, time(event.hour))
    ends = starts + timedelta(minutes=event.minutes)
    return CohortDate(key=event.key, title=event.title, starts=starts, ends=ends, place=event.place)


class _Planner:
    def __init__(self, request: CohortPlanRequest, working: Working) -> None:
        self._request = request
        self._working = working
        over = [pause for pause in request.pauses if pause.back_on is not None]
        self._pauses = [Leave(first=pause.first, back_on=pause.back_on) for pause in over]
        self.days = self._with(self._pauses)

    def day_of(self, event: CohortEvent) -> date:
        """The working day on which it is held."""
        if event.counted_from == "start":
            return self.days.working_day_from(event.days)
        return self._from_the_end(timedelta(days=event.days))

    def _from_the_end(self, distance: timedelta) -> date:
        """As it was planned each time: what was over before a pause stays, though the end moves."""
        day = self.days.on_or_before(self._with([]).last + distance)
        for n, pause in enumerate(self._pauses, start=1):
            if day < pause.first:
                continue
            day = self.days.on_or_before(self._with(self._pauses[:n]).last + distance)
            if pause.back_on is not None and day < pause.back_on:
                day = self.days.on_or_after(pause.back_on)
        return day

    def _with(self, pauses: Sequence[Leave]) -> ProgrammeDays:
        request = self._request
        return ProgrammeDays(request.starts_on, request.weeks, pauses, self._working, request.last_day)
