"""What a page of a case is made of, in the language of its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presentation.journey.picture import Drawn
from presentation.tasks.facts import Said


@dataclass(frozen=True)
class Tag:
    """A short state with its colour."""

    word: str
    tone: str


@dataclass(frozen=True)
class TaskLine:
    """A task: what, for whom, and when it is due or was answered; ``link`` where the reader may open it."""

    what: str
    who: str
    when: str
    link: str | None
    late: bool = False
    reopen: str | None = None


@dataclass(frozen=True)
class DecisionLine:
    """A decision on record."""

    n: int
    when: str
    what: str
    decided: str
    who: str
    why: str
    evidence: Sequence[Said]


@dataclass(frozen=True)
class LetterLine:
    """A letter: which one, to whom, when, and what has become of it."""

    name: str
    who: str
    when: str
    status: str
    refused: bool


@dataclass(frozen=True)
class PlacementLine:
    """A placement within a cohort; ``link`` where the reader may open it."""

    link: str | None
    person: str
    stage: str
    mentor: str
    outcome: str


@dataclass(frozen=True)
class LeaveLine:
    """When somebody was away, of what kind that was, and the reasons given.

    ``last`` is the last day; while they are away the day on which they are to be back, empty where nobody has said it.
    """

    first: str
    last: str
    kind: str
    why: str
    why_ended: str


@dataclass(frozen=True)
class CaseFacts:
    """All that the page shows; what the reader may not see is not there."""

    case: str
    kind: str
    title: str
    tags: Sequence[Tag]
    summary: Sequence[tuple[str, str, tuple[str, str] | None]]
    people: Sequence[tuple[str, str]]
    journey: Drawn
    risks: Sequence[str]
    tasks: Sequence[TaskLine]
    others: int
    answered: Sequence[TaskLine]
    decisions: Sequence[DecisionLine]
    problems: Sequence[str]
    letters: Sequence[LetterLine]
    pay: Sequence[tuple[str, str, str]]
    paid: str
    leaves: Sequence[LeaveLine]
    is_away: bool
    """Whether the last of the leaves lasts."""
    goals: Sequence[str]
    of_cohort: bool
    placements: Sequence[PlacementLine]
    asked_to_mentor: tuple[int, str | None] | None
    """How many placements of a cohort wait for a mentor's answer, and where the board shows them."""
    links: Sequence[tuple[str, str]]
    """What belongs to the case and has a page of its own, as far as the reader may see it: where, and what it is."""
    actions: Sequence[tuple[str, str, bool]]
    operators: str | None
