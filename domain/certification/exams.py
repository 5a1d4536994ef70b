"""When an exam may be taken: the retake rule (Microsoft's, with the policy's numbers)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from pydantic import Field

from domain.core.model import Fixed, Instant, PersonId, instant_text
from domain.core.months import months_after
from domain.learning.policy import ExamRules


class Attempt(Fixed):
    """The ``n``-th exam somebody took for a certificate, from 1: ``taken_at`` then, its result given ``at``."""

    n: int = Field(ge=1)
    at: Instant
    taken_at: Instant | None = None
    passed: bool
    by: PersonId | None
    percent: int | None = None

    @property
    def sat(self) -> datetime:
        """When it was sat: what has to be waited for counts from then, however long its result took."""
        return self.taken_at or self.at


class NotAllowedBecause(StrEnum):
    """What keeps somebody from taking an exam now."""

    RETAKE = "retake"
    """It was failed a moment ago."""
    REMEDIATION = "remediation"
    """It was taken too often: what is missing has to be learned first."""
    VALID = "valid"
    """The certificate is valid, and it is too early to renew it."""


class Allowed(Fixed):
    """The exam may be taken now."""


class NotBefore(Fixed):
    """The exam may not be taken before ``at``. ``sentence`` is for whoever asked."""

    at: Instant
    why: NotAllowedBecause
    sentence: str


def next_attempt(
    attempts: Sequence[Attempt], rules: ExamRules, now: datetime, renewal_opens: datetime | None
) -> Allowed | NotBefore:
    """Whether the exam may be taken ``now``, after these attempts (the oldest first).

    ``renewal_opens`` is given while a certificate is valid. Never more than ``rules.attempts``, passed or not, fall
    within ``rules.within_months`` of one another.
    """
    bounds = {
        NotAllowedBecause.REMEDIATION: _window_frees_up(attempts, rules),
        NotAllowedBecause.RETAKE: _retake(attempts, rules),
        NotAllowedBecause.VALID: renewal_opens,
    }
    coming = [(at, why) for why, at in bounds.items() if at is not None and at > now]
    if not coming:
        return Allowed()
    at, why = max(coming, key=lambda bound: bound[0])
    return NotBefore(at=at, why=why, sentence=_sentence(at, why, rules))


def _retake(attempts: Sequence[Attempt], rules: ExamRules) -> datetime | None:
    """When the wait after a failure is over: a short one after the first since a pass, a long one after any other."""
    failures = list(takewhile(lambda attempt: not attempt.passed, reversed(attempts)))
    if not failures:
        return None
    first = timedelta(hours=rules.first_retake_hours)
    return failures[0].sat + (first if len(failures) == 1 else timedelta(days=rules.later_retake_days))


def _window_frees_up(attempts: Sequence[Attempt], rules: ExamRules) -> datetime | None:
    """When all but the latest attempts lie so far back that one more may be made."""
    too_many = attempts[: max(0, len(attempts) - rules.attempts + 1)]
    return max((months_after(attempt.sat, rules.within_months) for attempt in too_many), default=None)


def _sentence(at: datetime, why: NotAllowedBecause, rules: ExamRules) -> str:
    when = instant_text(at)
    match why:
        case NotAllowedBecause.REMEDIATION:
            taken = f"the exam was taken {rules.attempts} times within {rules.within_months} months"
            return f"{taken}: remediation comes first, and it may be taken again from {when} on"
        case NotAllowedBecause.RETAKE:
            return f"the exam was failed; it may be taken again from {when} on"
        case NotAllowedBecause.VALID:
            return f"the certificate is valid; it can be renewed from {when} on"
