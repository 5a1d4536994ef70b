"""The activities a workflow may call, by the names the worker registers them under.

All of them retry for as long as it takes: a service that is away is waited for, and its error stands in the UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.calendar import Plan, PlanRequest
from domain.delivery import Delivery, Sent
from domain.matching import MatchRequest, MatchResult
from domain.post import PostBatch

PLAN_CALENDAR = "plan_calendar"
CHOOSE_MENTOR = "choose_mentor"
DELIVER = "deliver"
SEND_POST = "send_post"

ALL = frozenset({PLAN_CALENDAR, CHOOSE_MENTOR, DELIVER, SEND_POST})

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


async def choose_mentor(request: MatchRequest) -> MatchResult:
    """Choose the best free mentor and take their place."""
    return await _run(CHOOSE_MENTOR, request, MatchResult, f"search {request.n} for a mentor")


async def deliver(delivery: Delivery) -> Sent:
    """Write rows to the records and send letters."""
    summary = f"{_count(delivery.rows, 'row')}, {_count(delivery.letters, 'letter')}"
    return await _run(DELIVER, delivery, Sent, summary, beats=True)


async def send_post(batch: PostBatch) -> Sent:
    """Send letters that could not be sent before."""
    return await _run(SEND_POST, batch, Sent, f"{_count(batch.letters, 'letter')}, held up", beats=True)


def _count(entries: Sequence[object], what: str) -> str:
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
    return answer
