"""Planning a calendar with today's public holidays and time zones.

Both change with their data (the ``holidays`` and ``tzdata`` packages), which is why this is an activity and its
result is pinned in the case.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import holidays
from temporalio import activity

from domain.calendar import Plan, PlanRequest, make_plan


@activity.defn(name="plan_calendar")
def plan_calendar(request: PlanRequest) -> Plan:
    """The calendar of a placement. An unknown country or time zone raises, names it, and is retried."""
    country, _, subdivision = request.country.partition("-")
    public = holidays.country_holidays(country, subdiv=subdivision or None)
    zone = ZoneInfo(request.time_zone)

    def working(day: date) -> bool:
        return public.is_working_day(day)

    def at(day: date, local: time) -> datetime:
        return datetime.combine(day, local, tzinfo=zone).astimezone(UTC)

    return make_plan(request, working, at)
