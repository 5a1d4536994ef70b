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
from domain.local_days import At
from domain.people import Country
from domain.programme_days import Working
from records.places import needed_parts


@activity.defn(name="plan_calendar", no_thread_cancel_exception=True)
def plan_calendar(request: PlanRequest) -> Plan:
    """The calendar of a placement. An unknown country or time zone raises, names it, and is retried."""
    plan = make_plan(request, working_days(request.country), local_times(request.time_zone))
    return plan.model_copy(update={"holidays_lack": holidays_lack(request.country)})


def holidays_lack(country: Country) -> str | None:
    """What is left out where a country is named alone, as in records from before its part was asked for."""
    parts = needed_parts(country)
    return parts and f"those of the parts of {country} are left out: the role names none of them ({parts})"


def working_days(country: Country) -> Working:
    """Which days are worked on in a country. Raises ``NotImplementedError``, naming it, for one that is unknown."""
    code, _, subdivision = country.partition("-")
    public = holidays.country_holidays(code, subdiv=subdivision or None)

    def working(day: date) -> bool:
        return public.is_working_day(day)

    return working


def local_times(time_zone: str) -> At:
    """When it is a local time there. Raises ``ZoneInfoNotFoundError``, naming the zone, for one that is unknown."""
    zone = ZoneInfo(time_zone)

    def at(day: date, local: time) -> datetime:
        return datetime.combine(day, local, tzinfo=zone).astimezone(UTC)

    return at
