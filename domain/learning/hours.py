"""Hours that were spent on learning, each from one source: who was there, what a learning system measured, who says so.

What others have seen outweighs what learners say of themselves: of a training whose attendance is on record, or of
which a learning system has said how long it took, the learner's own statements stand beside and count nothing. So no
hour counts twice. (UK funding rules for off-the-job training ask for actual hours, with evidence.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from domain.core.model import Fixed, Instant, TrainingId
from domain.core.rounding import HUNDREDTH
from domain.learning.catalogue import Training, WorkshopSession

if TYPE_CHECKING:
    from domain.learning.enrolment import Enrolment

NONE = Decimal(0)

Hours = Annotated[Decimal, Field(ge=0, decimal_places=2)]
"""Hours, to the hundredth. Many together can be any number: what goes in is held to be believable, never the sum."""

MOST_MEASURED = Decimal(10_000)
"""So many hours nobody spends on one training; five years of full time are fewer (own default)."""


class HoursSource(StrEnum):
    """Who says that hours were spent. Only the last is the learner."""

    ATTENDANCE = "attendance"
    LEARNING_SYSTEM = "learning_system"
    LEARNER = "learner"

    @property
    def spoken(self) -> str:
        """The source as people say it."""
        return {"attendance": "attendance", "learning_system": "learning system", "learner": "own statement"}[self]


class HoursRules(Fixed):
    """What counts as hours spent.

    A learner states at most ``own_per_day`` hours for a day, at most ``own_days_back`` days later. A workshop attended
    in part counts as ``partial_share`` of it where the trainer says no hours. What a learning system says to have taken
    more than ``most_times_planned`` times the hours planned counts nothing: somebody has left it open.
    """

    own_per_day: Decimal = Field(gt=0, le=24)
    own_days_back: int = Field(ge=0, le=366)
    partial_share: Decimal = Field(ge=0, le=1)
    most_times_planned: Decimal = Field(ge=1, le=100)


class AttendedHours(Fixed):
    """What of a session of a workshop the learner attended, by whoever held it."""

    session: str
    on: date
    hours: Hours


class MeasuredTime(Fixed):
    """A span that a learning system says somebody learned: so long, up to an instant where it says when."""

    until: Instant | None
    took: timedelta


class OwnHours(Fixed):
    """What a learner says of a day; said again, it replaces what was said before."""

    on: date
    hours: Hours


class HoursEntry(Fixed):
    """Hours that stand on record of the ``n``-th training of a path; ``key`` is unique within the path.

    ``counts`` says whether they count, or are outweighed by what others have seen.
    """

    key: str
    n: int
    training: TrainingId
    source: HoursSource
    on: date
    hours: Hours
    counts: bool


class HoursTotals(Fixed):
    """Hours of a path: ``planned`` by the catalogue, and ``spent`` by source, of what counts."""

    planned: int
    spent: dict[HoursSource, Decimal]

    @property
    def in_all(self) -> Decimal:
        """All hours spent."""
        return sum(self.spent.values(), NONE)

    @property
    def sentence(self) -> str:
        """The totals as people read them."""
        by_source = ", ".join(f"{source.spoken} {hours:f}" for source, hours in self.spent.items() if hours)
        return f"{self.in_all:f} of {self.planned} planned" + (f" ({by_source})" if by_source else "")


def workshop_hours(session: WorkshopSession, training: Training) -> Decimal:
    """The hours of a session that was attended in full: those of the catalogue, and never longer than it lasted."""
    return min(Decimal(training.hours), in_hours(session.ends - session.starts))


def in_hours(span: timedelta) -> Decimal:
    """A span in hours, to the hundredth."""
    seconds = Decimal(span // timedelta(milliseconds=1)) / 1000
    return (seconds / 3600).quantize(HUNDREDTH, ROUND_HALF_UP)


def is_too_long(took: timedelta, training: Training, rules: HoursRules) -> bool:
    """Whether nobody can have learned so long at this training in one go."""
    return in_hours(took) > training.hours * rules.most_times_planned


def is_too_much(spans: Sequence[MeasuredTime]) -> bool:
    """Whether nobody can have learned so long at one training, all spans together."""
    return in_hours(time_together(spans)) > MOST_MEASURED


def time_together(spans: Sequence[MeasuredTime]) -> timedelta:
    """How long somebody learned in spans that may overlap: ``completed`` and ``passed`` tell of the same hour (cmi5).

    Spans of which nobody says when they were may be the same as any other: the longest counts, or what all others
    cover, whichever is more.
    """
    covered, reached = timedelta(0), None
    known = sorted((span.until - span.took, span.until) for span in spans if span.until is not None)
    for begins, ends in known:
        if reached is None or begins > reached:
            covered += ends - begins
        elif ends > reached:
            covered += ends - reached
        reached = ends if reached is None else max(reached, ends)
    return max([covered, *(span.took for span in spans if span.until is None)])


def hours_of(enrolment: Enrolment) -> list[HoursEntry]:
    """All hours that stand on record of a training, those that count and those that are outweighed."""
    seen_by_others = bool(enrolment.attended or enrolment.measured)

    def entry(key: str, source: HoursSource, on: date, hours: Decimal) -> HoursEntry:
        return HoursEntry(
            key=f"{enrolment.n}-{key}",
            n=enrolment.n,
            training=enrolment.training.id,
            source=source,
            on=on,
            hours=hours,
            counts=source is not HoursSource.LEARNER or not seen_by_others,
        )

    entries = [
        entry(f"attendance-{attended.session}", HoursSource.ATTENDANCE, attended.on, attended.hours)
        for attended in enrolment.attended
    ]
    if enrolment.measured and enrolment.measured_on is not None:
        hours = in_hours(time_together(enrolment.measured))
        entries.append(entry("system", HoursSource.LEARNING_SYSTEM, enrolment.measured_on, hours))
    entries += [entry(f"own-{said.on}", HoursSource.LEARNER, said.on, said.hours) for said in enrolment.own_hours]
    return entries


def totals_of(planned: int, entries: Iterable[HoursEntry]) -> HoursTotals:
    """Planned and spent."""
    spent = dict.fromkeys(HoursSource, NONE)
    for entry in entries:
        if entry.counts:
            spent[entry.source] += entry.hours
    return HoursTotals(planned=planned, spent=spent)


def own_hours_on(enrolments: Sequence[Enrolment], on: date, but: Enrolment) -> Decimal:
    """What a learner says of a day besides one training."""
    said = (entry for enrolment in enrolments if enrolment is not but for entry in enrolment.own_hours)
    return sum((entry.hours for entry in said if entry.on == on), NONE)
