"""The stages of an upskilling path, and how far it has come, or how it came out."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from domain.core.case import ENDED
from domain.core.model import CaseId, Fixed, Instant
from domain.core.people import Skill
from domain.learning.hours import HoursTotals


class PathStage(StrEnum):
    """The stages of a path."""

    ASSESSMENT = "assessment"
    PLANNING = "planning"
    TRAINING = "training"
    REASSESSMENT = "reassessment"
    CERTIFICATION = "certification"
    ENDED = ENDED


class PathOutcome(StrEnum):
    """How a path ended."""

    NO_GAP = "no_gap"
    CLOSED = "closed"
    CERTIFIED = "certified"
    NOT_CERTIFIED = "not_certified"
    """The gaps are closed, and there is no certificate at the end."""
    NOT_CLOSED = "not_closed"
    WITHDRAWN = "withdrawn"


class PathResult(Fixed):
    """How far a path has come: what a placement around it shows as evidence, and what it returns when it has ended.

    ``before`` and ``now`` are the missing levels by skill, of all gaps there were at first.
    """

    case: CaseId
    at: Instant
    stage: PathStage
    outcome: PathOutcome | None
    before: dict[Skill, Decimal]
    now: dict[Skill, Decimal]
    passed: list[str]
    certificate: str | None
    hours: HoursTotals | None = None
    """Hours planned, and spent by source."""
