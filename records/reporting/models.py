"""The report and its parts. What a number means stands with the function that computes it, and in docs/reports.md."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from domain.cohort.figures import Counts, Retention
from domain.core.model import Fixed, Instant, Money

Programme = Literal["returnship", "upskilling", "both"]


class ReasonCount(Fixed):
    """A reason for withdrawing, in the words on record (without names), and how often it was given."""

    reason: str
    count: int


class Spread(Fixed):
    """How long something took, in days, over so many cases: the median, and the quartiles around it."""

    cases: int
    median_days: float
    lower_days: float
    upper_days: float


class StageTime(Fixed):
    """The time in a stage. ``took`` is over cases that have left it, none where none has; ``there_now`` are in it."""

    programme: Literal["returnship", "upskilling"]
    stage: str
    took: Spread | None
    there_now: int


class Cost(Fixed):
    """What was spent in one currency."""

    currency: str
    stipends: Decimal
    training: Decimal
    total: Decimal


class CostPer(Fixed):
    """What each success has cost in one currency: ``spent``, on all cases at home in it that have come out, by
    ``successes``; and ``in_other_currencies``, what each has cost there."""

    currency: str
    spent: Decimal
    cases: int
    successes: int
    each: Money | None
    in_other_currencies: list[Money] = []


class CostPerRetained(Fixed):
    """What each person has cost who was still here so many days on; known of ``known`` of the conversions."""

    currency: str
    days: int
    retained: int
    known: int
    each: Money | None


class SkillGain(Fixed):
    """A skill, and the mean level that so many people had in it before training and after it; ``higher`` rose."""

    skill: str
    people: int
    before: Decimal
    after: Decimal
    gained: Decimal
    higher: int


class HoursSpent(Fixed):
    """Hours of learning of so many paths that came to training: ``planned``, and ``spent`` by who says so."""

    paths: int
    planned: int
    spent: Decimal
    attendance: Decimal
    learning_system: Decimal
    learner: Decimal


class CertificateCount(Fixed):
    """How many of a certificate were issued: the first of a person, renewals, and of both those revoked since."""

    certificate: str
    issued: int
    renewed: int
    revoked: int


class ReviewScore(Fixed):
    """The mean score (1 to 5) that a party gave in a round of reviews, over so many; none where all were waived."""

    round: str
    party: str
    mean: Decimal | None
    scores: int
    waived: int


class PulseMean(Fixed):
    """The mean score (1 to 5) of a question of a pulse, over the first so many answers, of as many people.

    None where nobody answered, where fewer than five did, and where it would give somebody away: nobody can tell which.
    It changes by five answers at least.
    """

    party: str
    week: int
    key: str
    question: str
    mean: Decimal | None
    answers: int | None


class Group(Fixed):
    """All figures of one cohort, of the cases without a cohort, or of all cases."""

    name: str
    counts: Counts
    withdrawals: list[ReasonCount]
    stage_times: list[StageTime]
    retention: list[Retention]
    costs: list[Cost]
    per_conversion: list[CostPer]
    per_retained: list[CostPerRetained]
    skills: list[SkillGain]
    hours: HoursSpent
    certificates: list[CertificateCount]
    reviews: list[ReviewScore]
    pulses: list[PulseMean]


class Selection(Fixed):
    """How many of a group were selected; ``ratio`` to the best group's rate, ``flagged`` under four fifths of it."""

    selected: int
    of: int
    rate: float
    ratio: float | None
    flagged: bool


class ImpactGroup(Fixed):
    """One value of a characteristic. Where ``suppressed``, no number of it is given."""

    value: str
    suppressed: bool
    people: int | None = None
    starts: Selection | None = None
    conversions: Selection | None = None


class Impact(Fixed):
    """The four-fifths rule for one characteristic. ``not_stated`` is the group of those without a value."""

    characteristic: str
    groups: list[ImpactGroup]
    not_stated: ImpactGroup | None


class ProgrammeFigures(Fixed):
    """One of the three programmes, for comparison. ``of`` are its cases that came out, ``succeeded`` those as wished.

    ``gaps_closed`` of ``gaps_of`` are the learning paths that closed all gaps; ``retention`` is none where nobody is
    asked.
    """

    programme: Programme
    purpose: str
    cases: int
    started: int
    duration: Spread | None
    succeeded: int
    of: int
    gaps_closed: int | None
    gaps_of: int | None
    costs: list[Cost]
    per_success: list[CostPer]
    retention: list[Retention] | None


class Report(Fixed):
    """What came of it. ``cohorts`` are those the report covers, ``in_all`` all of them together."""

    made_at: Instant
    cohort: str | None
    placements: int
    paths: int
    in_all: Group
    cohorts: list[Group]
    programmes: list[ProgrammeFigures]
    impact: list[Impact]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to report on."""
        return not self.placements and not self.paths
