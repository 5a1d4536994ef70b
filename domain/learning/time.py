"""When somebody learns: by when each training can be done, and which sessions of a workshop come in time.

It is the earliest that is counted: as if nothing else were learned besides what a training requires. So a session that
is not reached by this is not reached at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from pydantic import Field

from domain.core.local_days import Midnights, local_day_of
from domain.core.model import Fixed, Instant, TrainingId
from domain.core.skills import TrainingKind
from domain.learning.catalogue import Training, WorkshopSession

WEEK = timedelta(weeks=1)
TO_THE_MINUTE = timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=UTC)
"""As late as can be written: what takes longer than that is done then."""


class LearningTime(Fixed):
    """From when on somebody learns, and how many hours a week.

    ``until`` is when a decision is taken on what they have learned: a session that ends later comes too late.
    ``midnights`` are those where they learn: what is said of it names local days.
    """

    begins: Instant
    hours_per_week: int = Field(ge=1)
    until: Instant | None = None
    midnights: list[Midnights] = []

    def day_of(self, instant: datetime) -> date:
        """The date of an instant, there."""
        return local_day_of(instant, self.midnights)


class Timetable:
    """By when each of the trainings can be ``done`` at the earliest; those that can't be at all are not in it.

    That is what requires something else, or itself in a circle, and a workshop without a session in time. What was
    passed needs no time.
    """

    def __init__(self, trainings: Iterable[Training], passed: Collection[TrainingId], when: LearningTime) -> None:
        self._known = {training.id: training for training in trainings if training.id not in passed}
        self._when = when
        self.done: dict[TrainingId, datetime] = {}
        left = dict(self._known)
        while ready := [
            training
            for training in left.values()
            if all(need in passed or need in self.done for need in training.requires)
        ]:
            for training in ready:
                del left[training.id]
                self._add(training)

    def _add(self, training: Training) -> None:
        begins = self._can_begin(training)
        if training.kind is not TrainingKind.WORKSHOP:
            self.done[training.id] = self._after(begins, training.hours)
        elif sessions := self._in_time(training, begins):
            self.done[training.id] = min(session.ends for session in sessions)

    def why_out_of_reach(self, training: Training) -> str | None:
        """Why no session of a workshop comes in time, after what it requires; None where one does.

        None also for what is no workshop, or requires what can't be done.
        """
        known = [required for required in training.requires if required in self._known]
        if training.kind is not TrainingKind.WORKSHOP or any(required not in self.done for required in known):
            return None
        begins = self._can_begin(training)
        if self._in_time(training, begins):
            return None
        last, day = max(session.starts for session in training.sessions), self._when.day_of
        if last <= self._when.begins:
            return f"its last session began on {day(last)}"
        if last < begins or self._when.until is None:
            return f"its last session begins on {day(last)}, what it requires takes until {day(begins)}"
        ends = min(session.ends for session in training.sessions if session.starts >= begins)
        return f"its next session ends on {day(ends)}, after the decision on {day(self._when.until)}"

    def _can_begin(self, training: Training) -> datetime:
        """When it can begin: after all it requires, whose hours come one after another."""
        first = required_by(training, self._known)
        hours = sum(self._known[required].hours for required in first)
        return max(
            [
                self._after(self._when.begins, hours),
                *(self.done[required] for required in first if required in self.done),
            ]
        )

    def _after(self, begins: datetime, hours: int) -> datetime:
        """When so many hours have been learned."""
        try:
            return begins + WEEK * hours / self._when.hours_per_week
        except OverflowError:
            return NEVER

    def _in_time(self, training: Training, begins: datetime) -> list[WorkshopSession]:
        """The sessions of a workshop that are still to come, can be reached, and are over in time."""
        when = self._when
        return [
            session
            for session in training.sessions
            if session.starts > when.begins
            and session.starts >= begins
            and (when.until is None or session.ends <= when.until)
        ]


def reachable_until(
    trainings: Sequence[Training], passed: Collection[TrainingId], when: LearningTime
) -> datetime | None:
    """From when on a workshop of these can't be reached any more by who has not begun; None where nothing is missed.

    The later somebody begins, the less they reach: so it is found by halving.
    """
    sessions = [session.starts for training in trainings for session in training.sessions]
    if not sessions:
        return None

    def misses_one(begins: datetime) -> bool:
        timetable = Timetable(trainings, passed, when.model_copy(update={"begins": begins}))
        return any(timetable.why_out_of_reach(training) for training in trainings)

    early, late = when.begins, max(when.begins, *sessions)
    if not misses_one(late):
        return None
    while late - early > TO_THE_MINUTE:
        between = early + (late - early) / 2
        early, late = (early, between) if misses_one(between) else (between, late)
    return late


def required_by(training: Training, known: Mapping[TrainingId, Training]) -> set[TrainingId]:
    """All a training requires, of those known, and what these require, and so on."""
    found: set[TrainingId] = set()
    left = list(training.requires)
    while left:
        required = left.pop()
        if required in known and required not in found:
            found.add(required)
            left += known[required].requires
    return found
