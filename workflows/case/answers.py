"""What can be said with a question, and what can come of it. Whoever asks has to say what follows from each.

An answer has a form; a task that was called off has none, so mypy objects to whoever reads one from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypedDict, TypeVar

from domain.core.model import PersonId
from domain.core.questions import Form
from domain.core.task_letters import TaskOpened

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Answered(Generic[F]):
    """Somebody has answered."""

    form: F
    by: PersonId
    at: datetime


@dataclass(frozen=True)
class CalledOff:
    """Nobody is to answer any more: it was called off, or what it was about came to pass without an answer."""

    at: datetime


@dataclass(frozen=True)
class Expired:
    """Its time ran out before anybody answered; only a question that may expire comes to this."""

    at: datetime


class Details(TypedDict, Generic[F], total=False):
    """What can be said with a question."""

    person: PersonId | None
    """Who is asked; else whoever plays the part."""
    facts: dict[str, Any] | None
    not_by: Iterable[PersonId]
    """Whom the separation of duties keeps from answering."""
    due_at: datetime | None
    """By when, in place of the policy's time for this kind of task."""
    check: Callable[[F], None] | None
    """Raises :class:`Refused` on an answer that fits the form but not the case."""
    ref: str
    """What of the case it is about, as the workflow calls it; nobody is shown it."""
    opening_letter: type[TaskOpened]
    """The letter in place of the usual one."""


Answer: TypeAlias = Answered[F] | CalledOff
AnswerInTime: TypeAlias = Answered[F] | CalledOff | Expired
