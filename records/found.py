"""What queries find: the rows that cases told, each with the case it belongs to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.journal import AttemptRow, CaseRow, DecisionRow, PayRow, StageRow, TaskRow
from domain.model import CaseId, Fixed, Instant, PersonId


class Case(CaseRow):
    """Where a case stands."""

    table: Literal["case"] = Field(default="case", exclude=True)
    case: CaseId


class Stage(StageRow):
    """A case entered a stage."""

    table: Literal["stage"] = Field(default="stage", exclude=True)
    case: CaseId


class Task(TaskRow):
    """Where a task stands."""

    table: Literal["task"] = Field(default="task", exclude=True)
    case: CaseId


class Decision(DecisionRow):
    """A decision about a person, with its seals (see :mod:`records.seals`)."""

    table: Literal["decision"] = Field(default="decision", exclude=True)
    case: CaseId
    previous_seal: str
    seal: str


class PayInstruction(PayRow):
    """A stipend that is to be paid."""

    table: Literal["pay"] = Field(default="pay", exclude=True)
    case: CaseId


class Attempt(AttemptRow):
    """Somebody tried what the separation of duties forbids."""

    table: Literal["attempt"] = Field(default="attempt", exclude=True)
    case: CaseId


class Mentorship(Fixed):
    """A mentor of a case, or one who was asked. ``score`` (0 to 1) and ``reasons`` are those of the match."""

    case: CaseId
    n: int
    at: Instant
    mentor: PersonId
    state: Literal["asked", "held", "refused", "expired", "ended"]
    reason: str | None
    score: float | None
    reasons: list[str]


class Mail(Fixed):
    """A mail that was sent, or refused for good by the recipient's server (``status``) for a ``reason``."""

    message_id: str
    case: CaseId
    template: str
    recipient: PersonId
    sent_at: Instant
    status: str
    reason: str | None
