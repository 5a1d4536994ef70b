"""Planning a calendar with today's public holidays and time zones.

Both change with their data (the ``holidays`` and ``tzdata`` packages), which is why this is an activity and its
result is pinned in the case.
"""

from __future__ import annotations

from temporalio import activity

from domain.core.local_days import LocalDaysRequest, Midnights, midnights_around
from domain.placement.calendar import Plan, PlanRequest, make_plan
from service.placement.working_days import holidays_lack, local_times, working_days


@activity.defn(name="plan_calendar", no_thread_cancel_exception=True)
def plan_calendar(request: PlanRequest) -> Plan:
    """The calendar of a placement. An unknown country or time zone raises, names it, and is retried."""
    plan = make_plan(request, working_days(request.country), local_times(request.time_zone))
    return plan.model_copy(update={"holidays_lack": holidays_lack(request.country)})


@activity.defn(name="local_days", no_thread_cancel_exception=True)
def local_days(request: LocalDaysRequest) -> list[Midnights]:
    """When local days begin. An unknown time zone raises, names it, and is retried."""
    return list(midnights_around(request.first, request.last, local_times(request.time_zone)))
