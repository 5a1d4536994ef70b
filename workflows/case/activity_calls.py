"""How a workflow calls an activity, and the activities that all cases share; each subject has its own beside it.

All of them retry for as long as it takes: a service that can't be reached is waited for, and its error stands in the
UI.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.core.beginning import Alone, Claim
from domain.core.daily_mail import DailyMailRequest, DailyMailSent, Morning, MorningRequest
from domain.core.delivery import Delivery, Sent
from domain.core.departure import CaseHandOver, DepartureRow, HandOverCall
from domain.core.local_days import LocalDays, LocalDaysRequest
from domain.core.model import CaseId, PersonId
from domain.core.people import OnRecord
from domain.core.post import PostBatch
from workflows.case.cancelling import heed_cancellation

RETRY_FOR_EVER = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=1)
)

TIME_LIMIT = timedelta(seconds=30)
"""How long one attempt at an activity may take; longer than SQLite waits for a lock."""

TIME_LIMIT_WITH_HEARTBEATS = timedelta(minutes=10)
"""How long one attempt may take where the activity heartbeats."""

HEARTBEAT_TIMEOUT = timedelta(seconds=10)
"""After so long without a heartbeat the worker counts as killed, and another takes over."""

Takes = TypeVar("Takes")
Returns = TypeVar("Returns")


@dataclass(frozen=True)
class Activity(Generic[Takes, Returns]):
    """An activity as workflows know it: the name the worker registers it under, what it takes, and what it returns.

    One that ``heartbeats`` may take long.
    """

    name: str
    takes: type[Takes]
    returns: type[Returns]
    heartbeats: bool = False


async def call(activity: Activity[Takes, Returns], argument: Takes, summary: str) -> Returns:
    """Call it, and try again until it succeeds. Raises ``ActivityError`` where trying again would be in vain."""
    answer: Returns = await workflow.execute_activity(
        activity.name,
        argument,
        result_type=activity.returns,
        start_to_close_timeout=TIME_LIMIT_WITH_HEARTBEATS if activity.heartbeats else TIME_LIMIT,
        heartbeat_timeout=HEARTBEAT_TIMEOUT if activity.heartbeats else None,
        retry_policy=RETRY_FOR_EVER,
        summary=summary,
    )
    heed_cancellation()
    return answer


def count(entries: Sized, what: str) -> str:
    """``3 rows``, ``1 row``."""
    return f"{len(entries)} {what}{'' if len(entries) == 1 else 's'}"


LOCAL_DAYS = Activity("local_days", LocalDaysRequest, LocalDays)
CHECK_ALONE = Activity("check_alone", Claim, Alone)
RECORD_DEPARTURE = Activity("record_departure", DepartureRow, datetime)
FIND_PARTS = Activity("find_parts", PersonId, list[CaseId])
HAND_OVER_PARTS = Activity("hand_over_parts", HandOverCall, list[CaseHandOver], heartbeats=True)
KNOWN_PEOPLE = Activity("known_people", list[PersonId], OnRecord)
DELIVER = Activity("deliver", Delivery, Sent, heartbeats=True)
SEND_POST = Activity("send_post", PostBatch, Sent, heartbeats=True)
BEGIN_DAILY_MAIL = Activity("begin_daily_mail", list[PersonId], list[PersonId])
NEXT_MORNING = Activity("next_morning", MorningRequest, Morning)
SEND_DAILY_MAIL = Activity("send_daily_mail", DailyMailRequest, DailyMailSent, heartbeats=True)


async def local_days(request: LocalDaysRequest) -> LocalDays:
    """Look up when local days begin, with today's time zones, and today's public holidays."""
    summary = f"local days in {request.time_zone} and {request.country} up to {request.last}"
    return await call(LOCAL_DAYS, request, summary)


async def check_alone(claim: Claim) -> Alone:
    """Look up whether somebody has a case of that kind already."""
    return await call(CHECK_ALONE, claim, f"{claim.case} is to start: has {claim.person} another?")


async def known_people(people: list[PersonId]) -> OnRecord:
    """What the records know of these people."""
    return await call(KNOWN_PEOPLE, people, f"is everybody known? {', '.join(people)}")


async def deliver(delivery: Delivery) -> Sent:
    """Write rows to the records and send letters."""
    summary = f"{count(delivery.rows, 'row')}, {count(delivery.letters, 'letter')}"
    return await call(DELIVER, delivery, summary)


async def send_post(batch: PostBatch) -> Sent:
    """Send letters that could not be sent before."""
    return await call(SEND_POST, batch, f"{count(batch.letters, 'letter')}, held up")


async def record_departure(row: DepartureRow) -> datetime:
    """Put on record how a departure stands; when their last day is over."""
    return await call(RECORD_DEPARTURE, row, f"{row.person}: {row.stage.value}")


async def find_parts(person: PersonId) -> list[CaseId]:
    """Look up in which cases somebody has anything."""
    return await call(FIND_PARTS, person, f"what does {person} have?")


async def hand_over_parts(asked: HandOverCall) -> list[CaseHandOver]:
    """Ask cases to hand over what somebody has in them."""
    return await call(HAND_OVER_PARTS, asked, f"{count(asked.cases, 'case')} of {asked.person}, look {asked.look}")


async def begin_daily_mail(people: list[PersonId]) -> list[PersonId]:
    """Have somebody see to the daily mail of these people."""
    return await call(BEGIN_DAILY_MAIL, people, f"one mail a day: {', '.join(people)}")


async def next_morning(request: MorningRequest) -> Morning:
    """Look up when somebody's next morning is, with today's time zones."""
    return await call(NEXT_MORNING, request, f"the next morning of {request.person}")


async def send_daily_mail(request: DailyMailRequest) -> DailyMailSent:
    """Send somebody what is open and what is new."""
    return await call(SEND_DAILY_MAIL, request, f"the mail of {request.day}")
