"""Cases as the figures see them: what happened in them, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.core.case import ENDED
from domain.core.model import CaseId, PersonId
from domain.learning.result import PathOutcome, PathStage
from domain.placement.stages import NOT_EMPLOYED, Outcome, Stage

CLOSED = frozenset({PathOutcome.CLOSED, PathOutcome.CERTIFIED, PathOutcome.NOT_CERTIFIED})

Sums = dict[str, Decimal]
"""Amounts by currency."""


@dataclass(frozen=True)
class Level:
    """A level that a person was found to have in a skill, by a source, on a day."""

    skill: str
    source: str
    on: date
    level: Decimal


class Entered(NamedTuple):
    """A case entered a stage: when, and as the how-manieth of all cases' stages the records heard of it."""

    stage: str
    at: datetime
    arrived: int


@dataclass
class CaseFacts:
    """What both programmes have in common. ``entered`` are the stages, in order."""

    case: CaseId
    person: PersonId
    cohort: str | None
    stage: str
    outcome: str | None
    entered: list[Entered] = field(default_factory=list)

    def first(self, stage: str) -> datetime | None:
        """When the case first entered a stage."""
        entry = self.entry(stage)
        return entry.at if entry else None

    def entry(self, stage: str) -> Entered | None:
        """The first time that the case entered a stage."""
        return next((entry for entry in self.entered if entry.stage == stage), None)

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of the case."""
        return self.stage == ENDED


@dataclass
class Path(CaseFacts):
    """A learning path; where it is at home tells on which day something was."""

    time_zone: str | None = None
    trained: Sums = field(default_factory=dict)
    levels: list[Level] = field(default_factory=list)
    planned_hours: int = 0
    spent_hours: dict[str, Decimal] = field(default_factory=dict)
    """Hours that count, by source."""
    inside: bool = False

    @property
    def started(self) -> bool:
        """Whether it came to learning."""
        return self.first(PathStage.TRAINING) is not None

    @property
    def decided(self) -> bool:
        """Whether it came out; a path without a gap has nothing to come out with."""
        return self.outcome is not None and self.outcome != PathOutcome.NO_GAP

    @property
    def succeeded(self) -> bool:
        """Whether all gaps were closed."""
        return self.outcome in CLOSED

    @property
    def took(self) -> tuple[datetime, datetime] | None:
        """From the assessment to the end, of a path that came to learning and was not withdrawn."""
        begun, over = self.first(PathStage.ASSESSMENT), self.first(ENDED)
        if begun is None or over is None or not self.started or self.outcome == PathOutcome.WITHDRAWN:
            return None
        return begun, over

    @property
    def paid(self) -> Sums:
        """No stipends."""
        return {}


@dataclass
class Placement(CaseFacts):
    """A placement, with the learning path inside it if there is one."""

    left_early: bool = False
    withdrawn_because: str | None = None
    path: Path | None = None
    follow_ups: dict[int, bool] = field(default_factory=dict)
    paid: Sums = field(default_factory=dict)

    @property
    def trained(self) -> Sums:
        """What the trainings of the path inside have cost."""
        return self.path.trained if self.path else {}

    @property
    def started_at(self) -> datetime | None:
        """When the first day came."""
        return self.first(Stage.PLACEMENT)

    @property
    def started(self) -> bool:
        """Whether the first day came."""
        return self.started_at is not None

    @property
    def completed(self) -> bool:
        """Whether it went on to its last day."""
        if self.first(Stage.FOLLOW_UP) is not None:
            return True
        over = self.over_at is not None
        return self.started and over and self.outcome in NOT_EMPLOYED and not self.left_early

    @property
    def decided(self) -> bool:
        """Whether it came out."""
        return self.outcome is not None

    @property
    def succeeded(self) -> bool:
        """Whether it was converted."""
        return self.outcome == Outcome.CONVERTED

    @property
    def took(self) -> tuple[datetime, datetime] | None:
        """From the first day to the last, of a placement that was completed."""
        begun, over = self.started_at, self.over_at
        return (begun, over) if begun and over and self.completed else None

    @property
    def over_at(self) -> datetime | None:
        """When the last day was over."""
        return self.over.at if self.over else None

    @property
    def over(self) -> Entered | None:
        """The stage with which the last day was over; follow-ups, or the off-boarding, may still go on."""
        entered = (self.entry(stage) for stage in (Stage.FOLLOW_UP, Stage.OFFBOARDING, ENDED))
        return next((entry for entry in entered if entry is not None), None)


@dataclass(frozen=True)
class Issued:
    """A credential: the ``n``-th of its certification, from 1."""

    cohort: str | None
    certificate: str
    n: int
    status: str


@dataclass(frozen=True)
class Scores:
    """The reviews of one kind in one round: the sum of the scores, how many there are, and how many were waived."""

    cohort: str | None
    subject: str
    kind: str
    total: int
    scores: int
    waived: int


@dataclass(frozen=True)
class PulseScore:
    """What somebody said to one question of a pulse (1 to 5), in the part they have in a placement of the cohort."""

    cohort: str | None
    person: PersonId
    party: str
    week: int
    key: str
    question: str
    score: int


@dataclass
class Facts:
    """All that the figures are made of.

    ``protected`` is by person, then by characteristic. ``names`` are the words of people's names, to be struck out.
    ``pulses`` are in the order in which they came.
    """

    placements: list[Placement]
    paths: list[Path]
    issued: list[Issued]
    scores: list[Scores]
    protected: dict[PersonId, dict[str, str]]
    names: frozenset[str]
    pulses: list[PulseScore]

    def of(self, cohort: str | None) -> Facts:
        """Those of one cohort; None is of the cases without one."""
        return Facts(
            placements=[placement for placement in self.placements if placement.cohort == cohort],
            paths=[path for path in self.paths if path.cohort == cohort],
            issued=[credential for credential in self.issued if credential.cohort == cohort],
            scores=[scores for scores in self.scores if scores.cohort == cohort],
            protected=self.protected,
            names=self.names,
            pulses=self.pulses,
        )

    @property
    def alone(self) -> list[Path]:
        """The paths that are inside no placement."""
        return [path for path in self.paths if not path.inside]

    @property
    def cohorts(self) -> list[str | None]:
        """The cohorts there are, by name; None, where there are cases without one, comes last."""
        found = {case.cohort for case in [*self.placements, *self.paths]} | {
            credential.cohort for credential in self.issued
        }
        return [*sorted(cohort for cohort in found if cohort is not None), *([None] if None in found else [])]
