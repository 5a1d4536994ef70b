"""The stages that a placement goes through, and how it can end."""

from __future__ import annotations

from enum import StrEnum

from domain.core.case import ENDED
from domain.core.model import CaseId, Fixed, Instant
from domain.learning.signals import RETURNER_STAYS


class Stage(StrEnum):
    """The stages of a placement."""

    INTAKE = "intake"
    MATCHING = "matching"
    PREBOARDING = "preboarding"
    PLACEMENT = "placement"
    DECISION = "decision"
    OFFER = "offer"
    CLOSING = "closing"
    FOLLOW_UP = "follow_up"
    OFFBOARDING = "offboarding"
    ENDED = ENDED


BEFORE_THE_FIRST_DAY = frozenset({Stage.INTAKE, Stage.MATCHING, Stage.PREBOARDING})
"""The stages in which the returner does not work here yet."""


class Outcome(StrEnum):
    """How a placement ended."""

    NOT_ELIGIBLE = "not_eligible"
    CONVERTED = RETURNER_STAYS
    DECLINED = "declined"
    EXPIRED = "expired"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


NOT_EMPLOYED = frozenset({Outcome.DECLINED, Outcome.EXPIRED, Outcome.RELEASED})
"""The outcomes of a placement that came to the decision, and to no employment."""


class Ending(Fixed):
    """What a placement returns when it has ended."""

    case: CaseId
    outcome: Outcome
    ended_at: Instant
