"""Things the tests of the domain are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from domain.learning.policy import LearningPolicy
from domain.placement.calendar import PlanRequest
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave
from domain.registry.policy_file import read_policy

ROOT = Path(__file__).resolve().parents[2]
LEARNING_POLICY_FILE = ROOT / "policies" / "upskilling-path.yaml"
POLICY_FILE = ROOT / "policies" / "returnship-16-weeks.yaml"


_returnship = cache(lambda: read_policy(POLICY_FILE.read_text(encoding="utf-8"), POLICY_FILE.name, Policy))
_upskilling = cache(
    lambda: read_policy(LEARNING_POLICY_FILE.read_text(encoding="utf-8"), LEARNING_POLICY_FILE.name, LearningPolicy)
)


def shipped_policy() -> Policy:
    """The policy that comes with Waymark: a copy each time, as to read the file takes a hundred times as long."""
    return _returnship().model_copy(deep=True)


def shipped_learning_policy() -> LearningPolicy:
    """The policy for paths and certificates that comes with Waymark."""
    return _upskilling().model_copy(deep=True)


def plan_request(
    start: date,
    weeks: int,
    pauses: list[Leave],
    *,
    last_day: date | None = None,
    case: str = "R-TEST",
    policy: Policy | None = None,
) -> PlanRequest:
    """A request for a calendar in a place without holidays, on UTC."""
    return PlanRequest(
        case=case,
        start=start,
        weeks=weeks,
        pauses=pauses,
        last_day=last_day,
        employed_from=None,
        country="GB-ENG",
        time_zone="UTC",
        policy=policy or shipped_policy(),
    )


def weekday(day: date) -> bool:
    """Working days of a place without public holidays."""
    return day.weekday() < 5


def utc(day: date, at: time) -> datetime:
    """Local time of a place on UTC."""
    return datetime.combine(day, at, tzinfo=UTC)
