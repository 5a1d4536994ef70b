"""What a placement signals to the learning path inside it."""

from __future__ import annotations

from enum import StrEnum

from domain.core.model import Fixed, Instant
from domain.core.working_pattern import Patterns


class PlacementChange(StrEnum):
    """What has changed about the placement around a path."""

    PAUSED = "paused"
    RESUMED = "resumed"
    DECISION = "decision"
    """Its decision is taken at another moment; none where it is just being taken, earlier than planned."""
    PATTERN = "pattern"
    """The returner has other working patterns from some day on, or other hours to learn."""
    ENDED = "ended"


RETURNER_STAYS = "converted"
"""The outcome of a placement whose returner stays: the path goes on without asking."""


class AroundThePlacement(Fixed):
    """Signal ``around_the_placement`` of a placement to the path inside it; with its outcome, once it has ended."""

    what: PlacementChange
    outcome: str | None = None
    decision_at: Instant | None = None
    patterns: Patterns = []
    hours: int | None = None
    """Hours of learning in all, with these patterns."""
