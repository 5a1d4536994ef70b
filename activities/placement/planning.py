"""Planning a calendar with today's public holidays and time zones, and the mentor's working pattern.

All three change with their data (the ``holidays`` and ``tzdata`` packages, the records), which is why this is an
activity and its result is pinned in the case.
"""

from __future__ import annotations

from temporalio import activity

from activities.core.journal import records_errors
from domain.core.local_days import LocalDays, LocalDaysRequest, days_off_between, midnights_around
from domain.core.working_pattern import WorkingPattern
from domain.placement.calendar import Plan, PlanRequest
from domain.placement.planner import make_plan
from records.database import Database
from records.errors import RecordsError
from records.queries.core.people import working_pattern
from service.placement.working_days import holidays_lack, local_times, working_days


class PlanningActivities:
    """Plans calendars with what mentors work by the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="plan_calendar", no_thread_cancel_exception=True)
    def plan_calendar(self, request: PlanRequest) -> Plan:
        """The calendar of a placement. An unknown country or time zone raises, names it, and is retried.

        While the database can't be reached, a mentor works what was looked up before; where nothing was, it raises
        ``ApplicationError`` of the name of a :class:`RecordsError`.
        """
        patterns = self._of_mentor(request) if request.mentor is not None else None
        return plan_calendar(request.model_copy(update={"mentor_patterns": patterns}))

    def _of_mentor(self, request: PlanRequest) -> list[WorkingPattern]:
        with records_errors():
            try:
                with self._database.reading() as session:
                    return working_pattern(session, request.mentor or "")
            except RecordsError:
                if request.mentor_patterns is None:
                    raise
                return request.mentor_patterns


def plan_calendar(request: PlanRequest) -> Plan:
    """The calendar of a placement, with the mentor's pattern as the request has it."""
    plan = make_plan(request, working_days(request.country), local_times(request.time_zone))
    return plan.model_copy(update={"holidays_lack": holidays_lack(request.country)})


@activity.defn(name="local_days", no_thread_cancel_exception=True)
def local_days(request: LocalDaysRequest) -> LocalDays:
    """When local days begin, and the public holidays. An unknown zone or country raises, names it, and is retried."""
    first, last = request.first, request.last
    days_off = days_off_between(first, last, request.week, working_days(request.country))
    return LocalDays(midnights=list(midnights_around(first, last, local_times(request.time_zone))), days_off=days_off)
