"""The activities a workflow may call, by the names the worker registers them under.

All of them retry for as long as it takes: a service that is away is waited for, and its error stands in the UI.
"""

from __future__ import annotations

from collections.abc import Sized
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from domain.capacity.reserving import CapacityStart, NotReserved, Release, ReleaseCall, Reserve, ReserveCall, Reserved
from domain.certification.credentials import Credential, IssueRequest, StatusRequest
from domain.cohort.calls import (
    AskedPlacement,
    CohortPlan,
    CohortPlanRequest,
    PlacementsToAsk,
    PlacementsToFind,
    PlacementsToStart,
    ProposalsToTell,
    StartResult,
)
from domain.cohort.figures import CohortFigures
from domain.cohort.matching import CohortMatchRequest, CohortProposal
from domain.core.beginning import Alone, Claim
from domain.core.delivery import Delivery, Sent
from domain.core.holdings import CapacityId, HolderId
from domain.core.local_days import LocalDaysRequest, Midnights
from domain.core.model import CaseId, CohortId, PersonId
from domain.core.post import PostBatch
from domain.core.skills import SkillLevel
from domain.core.tasks import REFUSED
from domain.learning.catalogue import CertificateNow, CertificateRequest
from domain.learning.gaps import LevelsRequest
from domain.learning.plan import LearningPlanRequest, PlanProposal
from domain.learning.xapi import HandIn, Reading
from domain.placement.calendar import Plan, PlanRequest
from domain.placement.matching import MatchRequest, MatchResult, MentorCheck, MentorVerdict
from workflows.case.cancelling import heed_cancellation

PLAN_CALENDAR = "plan_calendar"
CHOOSE_MENTOR = "choose_mentor"
KNOWN_PEOPLE = "known_people"
CHECK_MENTOR = "check_mentor"
DELIVER = "deliver"
SEND_POST = "send_post"
READ_STATEMENT = "read_statement"
PROPOSE_PLAN = "propose_plan"
KNOWN_LEVELS = "known_levels"
LOCAL_DAYS = "local_days"
CHECK_ALONE = "check_alone"
CERTIFICATE_NOW = "certificate_now"
RESERVE_CAPACITY = "reserve_capacity"
RELEASE_CAPACITY = "release_capacity"
ISSUE_CREDENTIAL = "issue_credential"
SET_CREDENTIAL_STATUS = "set_credential_status"
PLAN_COHORT = "plan_cohort"
MATCH_COHORT = "match_cohort"
START_PLACEMENTS = "start_placements"
TELL_PROPOSALS = "tell_proposals"
ASK_PLACEMENTS = "ask_placements"
GONE_PLACEMENTS = "gone_placements"
COHORT_FIGURES = "cohort_figures"

ALL = frozenset(
    {
        PLAN_CALENDAR,
        CHOOSE_MENTOR,
        KNOWN_PEOPLE,
        CHECK_MENTOR,
        DELIVER,
        SEND_POST,
        READ_STATEMENT,
        PROPOSE_PLAN,
        KNOWN_LEVELS,
        LOCAL_DAYS,
        CHECK_ALONE,
        CERTIFICATE_NOW,
        RESERVE_CAPACITY,
        RELEASE_CAPACITY,
        ISSUE_CREDENTIAL,
        SET_CREDENTIAL_STATUS,
        PLAN_COHORT,
        MATCH_COHORT,
        START_PLACEMENTS,
        TELL_PROPOSALS,
        ASK_PLACEMENTS,
        GONE_PLACEMENTS,
        COHORT_FIGURES,
    }
)

PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=1)
)

BEATING = timedelta(minutes=10)
"""How long an activity may take that shows by its pulse that its worker is alive."""

HEARTBEAT = timedelta(seconds=10)
"""After so long without a pulse the worker counts as killed, and another takes over."""

SILENT = timedelta(seconds=30)
"""How long an activity without a pulse may take; longer than SQLite waits for a lock."""

T = TypeVar("T")


async def plan_calendar(request: PlanRequest) -> Plan:
    """Plan the calendar with today's holidays and time zones."""
    return await _run(PLAN_CALENDAR, request, Plan, f"calendar of {request.weeks} weeks from {request.start}")


async def local_days(request: LocalDaysRequest) -> list[Midnights]:
    """Look up when local days begin, with today's time zones."""
    summary = f"local days in {request.time_zone} up to {request.last}"
    return await _run(LOCAL_DAYS, request, list[Midnights], summary)


async def check_alone(claim: Claim) -> Alone:
    """Look up whether somebody has a case of that kind already."""
    return await _run(CHECK_ALONE, claim, Alone, f"{claim.case} is to start: has {claim.person} another?")


async def choose_mentor(request: MatchRequest) -> MatchResult:
    """Choose the best free mentor, who is to be asked."""
    return await _run(CHOOSE_MENTOR, request, MatchResult, f"search {request.n} for a mentor")


async def known_people(people: list[PersonId]) -> list[PersonId]:
    """Those of these people who are in the records."""
    return await _run(KNOWN_PEOPLE, people, list[PersonId], f"is everybody known? {', '.join(people)}")


async def check_mentor(request: MentorCheck) -> MentorVerdict:
    """Look up whether somebody who agreed can be the mentor now."""
    return await _run(CHECK_MENTOR, request, MentorVerdict, f"can {request.mentor} be the mentor?")


async def deliver(delivery: Delivery) -> Sent:
    """Write rows to the records and send letters."""
    summary = f"{_count(delivery.rows, 'row')}, {_count(delivery.letters, 'letter')}"
    return await _run(DELIVER, delivery, Sent, summary, beats=True)


async def send_post(batch: PostBatch) -> Sent:
    """Send letters that could not be sent before."""
    return await _run(SEND_POST, batch, Sent, f"{_count(batch.letters, 'letter')}, held up", beats=True)


async def read_statement(handed_in: HandIn) -> Reading:
    """Read a completion event: whether it can be believed, and whom it is about."""
    return await _run(READ_STATEMENT, handed_in, Reading, f"statement of {len(handed_in.text)} characters")


async def known_levels(request: LevelsRequest) -> list[SkillLevel]:
    """Look up which levels somebody was found to have."""
    return await _run(KNOWN_LEVELS, request, list[SkillLevel], f"levels in {_count(request.skills, 'skill')}")


async def propose_plan(request: LearningPlanRequest) -> PlanProposal:
    """Choose the trainings that close most of the gaps within hours and budget."""
    summary = f"plan for {_count(request.gaps, 'gap')}, {request.limits.hours} hours, {request.limits.budget}"
    return await _run(PROPOSE_PLAN, request, PlanProposal, summary)


async def certificate_now(request: CertificateRequest) -> CertificateNow:
    """Look up what the catalogue says of a certificate now, and whether a certification of it runs for somebody."""
    return await _run(CERTIFICATE_NOW, request, CertificateNow, f"{request.certificate} for {request.holder}")


async def issue_credential(request: IssueRequest) -> Credential:
    """Sign a credential; its document is in the records."""
    return await _run(ISSUE_CREDENTIAL, request, Credential, f"credential {request.n}, {request.certificate.id}")


async def set_credential_status(request: StatusRequest) -> None:
    """Publish a credential's new status. Raises ``ActivityError`` where it was revoked before."""
    await _run(SET_CREDENTIAL_STATUS, request, type(None), f"credential is {request.status} now")


async def plan_cohort(request: CohortPlanRequest) -> CohortPlan:
    """Plan a cohort's own dates with today's holidays and time zones."""
    return await _run(PLAN_COHORT, request, CohortPlan, f"dates of {request.weeks} weeks from {request.starts_on}")


async def match_cohort(request: CohortMatchRequest) -> CohortProposal:
    """Find the best mentors for all who look for one, together."""
    summary = f"matching {request.n} for {_count(request.seekers, 'returner')}"
    return await _run(MATCH_COHORT, request, CohortProposal, summary, beats=True)


async def start_placements(call: PlacementsToStart) -> list[StartResult]:
    """Start placements, each exactly once."""
    summary = f"start {_count(call.enlisting.participants, 'placement')}"
    return await _run(START_PLACEMENTS, call, list[StartResult], summary, beats=True)


async def tell_proposals(call: ProposalsToTell) -> list[CaseId]:
    """Tell placements whom to ask to be the mentor; those that are gone."""
    summary = f"proposals for {_count(call.proposals, 'placement')}"
    return await _run(TELL_PROPOSALS, call, list[CaseId], summary, beats=True)


async def gone_placements(call: PlacementsToFind) -> list[CaseId]:
    """Those of these placements that do not run any more."""
    return await _run(GONE_PLACEMENTS, call, list[CaseId], f"are {_count(call.cases, 'placement')} there?", beats=True)


async def ask_placements(call: PlacementsToAsk) -> list[AskedPlacement]:
    """Let placements pause, or go on, with their cohort."""
    summary = f"{_count(call.cases, 'placement')} {'pause' if call.pause else 'go on'}"
    return await _run(ASK_PLACEMENTS, call, list[AskedPlacement], summary, beats=True)


async def cohort_figures(cohort: CohortId) -> CohortFigures:
    """What came of a cohort, from the records."""
    return await _run(COHORT_FIGURES, cohort, CohortFigures, f"figures of {cohort}")


async def reserve(start: CapacityStart, request: Reserve) -> Reserved | NotReserved:
    """Take a part of a capacity, which is started if need be."""
    try:
        call = ReserveCall(start=start, request=request)
        return await _run(RESERVE_CAPACITY, call, Reserved, f"{request.holder} takes of {start.id}")
    except ActivityError as error:
        return _refusal(error, start.id, request.holder)


async def release(capacity: CapacityId, request: Release) -> Reserved | NotReserved:
    """Give back what was taken of a capacity."""
    try:
        call = ReleaseCall(capacity=capacity, request=request)
        return await _run(RELEASE_CAPACITY, call, Reserved, f"{request.holder} gives back of {capacity}")
    except ActivityError as error:
        return _refusal(error, capacity, request.holder)


def _refusal(error: ActivityError, capacity: CapacityId, holder: HolderId) -> NotReserved:
    """A refusal that came by way of an activity; any other error is raised again."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type and cause.type.startswith(REFUSED):
        return NotReserved(capacity=capacity, holder=holder, why=cause.message, kind=cause.type.removeprefix(REFUSED))
    raise error


def _count(entries: Sized, what: str) -> str:
    return f"{len(entries)} {what}{'' if len(entries) == 1 else 's'}"


async def _run(name: str, argument: Any, result: type[T], summary: str, *, beats: bool = False) -> T:
    answer: T = await workflow.execute_activity(
        name,
        argument,
        result_type=result,
        start_to_close_timeout=BEATING if beats else SILENT,
        heartbeat_timeout=HEARTBEAT if beats else None,
        retry_policy=PATIENT,
        summary=summary,
    )
    heed_cancellation()
    return answer
