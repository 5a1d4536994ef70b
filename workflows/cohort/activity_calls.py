"""The activities of a cohort."""

from __future__ import annotations

from domain.cohort.calls import (
    AskedPlacement,
    CohortPlan,
    CohortPlanRequest,
    MessagesToPlacements,
    PlacementsToAsk,
    PlacementsToFind,
    PlacementsToStart,
    StartResult,
)
from domain.cohort.figures import CohortFigures
from domain.cohort.matching import CohortMatchRequest, CohortProposal
from domain.core.model import CaseId, CohortId
from workflows.case.activity_calls import Activity, call, count

PLAN_COHORT = Activity("plan_cohort", CohortPlanRequest, CohortPlan)
MATCH_COHORT = Activity("match_cohort", CohortMatchRequest, CohortProposal, heartbeats=True)
START_PLACEMENTS = Activity("start_placements", PlacementsToStart, list[StartResult], heartbeats=True)
TELL_PROPOSALS = Activity("tell_proposals", MessagesToPlacements, list[CaseId], heartbeats=True)
GONE_PLACEMENTS = Activity("gone_placements", PlacementsToFind, list[CaseId], heartbeats=True)
ASK_PLACEMENTS = Activity("ask_placements", PlacementsToAsk, list[AskedPlacement], heartbeats=True)
COHORT_FIGURES = Activity("cohort_figures", CohortId, CohortFigures)


async def plan_cohort(request: CohortPlanRequest) -> CohortPlan:
    """Plan a cohort's own dates with today's holidays and time zones."""
    return await call(PLAN_COHORT, request, f"dates of {request.weeks} weeks from {request.starts_on}")


async def match_cohort(request: CohortMatchRequest) -> CohortProposal:
    """Find the best mentors for all who look for one, together."""
    summary = f"matching {request.n} for {count(request.seekers, 'returner')}"
    return await call(MATCH_COHORT, request, summary)


async def start_placements(request: PlacementsToStart) -> list[StartResult]:
    """Start placements, each exactly once."""
    summary = f"start {count(request.enlisting.participants, 'placement')}"
    return await call(START_PLACEMENTS, request, summary)


async def tell_proposals(request: MessagesToPlacements) -> list[CaseId]:
    """Send placements messages, as whom to ask to be the mentor. Returns those that are gone."""
    summary = f"proposals for {count(request.proposals, 'placement')}"
    return await call(TELL_PROPOSALS, request, summary)


async def gone_placements(request: PlacementsToFind) -> list[CaseId]:
    """Those of these placements that do not run any more."""
    return await call(GONE_PLACEMENTS, request, f"are {count(request.cases, 'placement')} there?")


async def ask_placements(request: PlacementsToAsk) -> list[AskedPlacement]:
    """Let placements pause, or go on, with their cohort."""
    summary = f"{count(request.cases, 'placement')} {'pause' if request.pause else 'go on'}"
    return await call(ASK_PLACEMENTS, request, summary)


async def cohort_figures(cohort: CohortId) -> CohortFigures:
    """What came of a cohort, from the records."""
    return await call(COHORT_FIGURES, cohort, f"figures of {cohort}")
