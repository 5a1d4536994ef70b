"""The activities of a placement."""

from __future__ import annotations

from domain.placement.calendar import Plan, PlanRequest
from domain.placement.matching import MatchRequest, MatchResult, MentorCheck, MentorVerdict
from workflows.case.activity_calls import Activity, call

PLAN_CALENDAR = Activity("plan_calendar", PlanRequest, Plan)
CHOOSE_MENTOR = Activity("choose_mentor", MatchRequest, MatchResult)
CHECK_MENTOR = Activity("check_mentor", MentorCheck, MentorVerdict)


async def plan_calendar(request: PlanRequest) -> Plan:
    """Plan the calendar with today's holidays and time zones."""
    return await call(PLAN_CALENDAR, request, f"calendar of {request.weeks} weeks from {request.start}")


async def choose_mentor(request: MatchRequest) -> MatchResult:
    """Choose the best free mentor, who is to be asked."""
    return await call(CHOOSE_MENTOR, request, f"search {request.n} for a mentor")


async def check_mentor(request: MentorCheck) -> MentorVerdict:
    """Look up whether somebody who agreed can be the mentor now."""
    return await call(CHECK_MENTOR, request, f"can {request.mentor} be the mentor?")
