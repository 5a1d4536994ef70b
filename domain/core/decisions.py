"""What was decided, and what the separation of duties kept people from: rows that are sealed, and stay for good."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from domain.core.model import Fixed, Instant, Party, PersonId
from domain.core.wording import spoken


class DecisionKind(StrEnum):
    """What was decided, as the records keep it and people read it."""

    PROGRAMME_RECOMMENDED = "programme_recommended"
    PROGRAMME_DECIDED = "programme_decided"

    START = "start"
    OUTCOME = "outcome"
    PART = "part"

    ELIGIBILITY = "eligibility"
    MENTOR = "mentor"
    LEARNING = "learning"
    EXTENSION = "extension"
    WORKING_PATTERN = "working pattern"
    EARLY_DECISION = "early_decision"
    PROPOSAL = "proposal"
    APPROVAL = "approval"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    HEADCOUNT = "headcount"
    LEFT_EARLY = "left early"
    OFFBOARDING = "offboarding"
    CHANGEOVER = "changeover"

    GAPS = "gaps"
    REASSESSMENT = "reassessment"
    LEARNING_PLAN = "learning plan"
    ROLE = "role"
    PATH_AFTER_PLACEMENT = "path after placement"

    CERTIFICATE = "certificate"
    CATALOGUE_ENTRY = "catalogue entry"
    EXAM = "exam"
    CERTIFICATION = "certification"

    COHORT = "cohort"
    ENLISTED = "enlisted"
    MATCHING = "matching"
    PAUSE = "pause"


def part_of(what: str, evidence: Mapping[str, Any]) -> str | None:
    """Whose approval it is: several are asked for one."""
    return evidence.get("part") if what == DecisionKind.APPROVAL else None


def spoken_of(what: str, evidence: Mapping[str, Any]) -> str:
    """``approval (budget owner)``."""
    part = part_of(what, evidence)
    return f"{spoken(what)} ({Party(part).spoken})" if part else spoken(what)


class DecisionRow(Fixed):
    """A decision about a person: who, when, on which evidence, under which policy. Append-only, sealed in a chain.

    ``n`` counts a case's decisions from 1.
    """

    table: Literal["decision"] = "decision"
    n: int
    at: Instant
    what: str
    decided: str
    by: PersonId | None
    policy: str
    reason: str | None
    evidence: dict[str, Any]


class AttemptRow(Fixed):
    """Somebody tried what the separation of duties forbids. Append-only."""

    table: Literal["attempt"] = "attempt"
    n: int
    at: Instant
    by: PersonId
    task: str
    sentence: str
