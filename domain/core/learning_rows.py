"""The rows by which the records know what somebody can, and how it stands with what they learn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from domain.core.model import Fixed, Instant, Money, PersonId, TrainingId
from domain.core.skills import SkillLevel, TrainingKind


class LevelRow(Fixed):
    """A level that somebody was found to have (one for each skill, source and day)."""

    table: Literal["level"] = "level"
    person: PersonId
    found: SkillLevel


class LearningRow(Fixed):
    """The state of one training of a path now (replaces the row of that number)."""

    table: Literal["learning"] = "learning"
    n: int
    at: Instant
    training: TrainingId
    kind: TrainingKind
    round: int
    state: str
    attempts: int
    hours: int
    cost: Money
    reason: str | None


class LearningHoursRow(Fixed):
    """Hours that were spent on the ``n``-th training of a path (replaces the row of that ``key``).

    ``counts`` is false where what others have seen outweighs it.
    """

    table: Literal["learning_hours"] = "learning_hours"
    key: str
    at: Instant
    n: int
    training: TrainingId
    source: str
    on: date
    hours: Decimal
    counts: bool
