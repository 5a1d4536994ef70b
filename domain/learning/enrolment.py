"""A training of a learning path, and its state."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.core.holdings import SEATS, CapacityId
from domain.core.model import LONGEST_TITLE, Instant, Model, TrainingId
from domain.learning.catalogue import Training, WorkshopSession
from domain.learning.hours import AttendedHours, MeasuredTime, OwnHours
from domain.learning.xapi import Statement


def seats_in(training: TrainingId, session: str) -> CapacityId:
    """The seats in a session of a workshop."""
    return f"{SEATS}-{training}-{session}"


def title_of_seats(training: Training, session: WorkshopSession) -> str:
    """What the seats in a session are called: the workshop, cut short where that is too long, and when it begins."""
    begins = f", {session.starts:%Y-%m-%d %H:%M} UTC"
    return training.title[: LONGEST_TITLE - len(begins)] + begins


class EnrolmentState(StrEnum):
    """The states of one training of a path. From ``passed`` on it is settled."""

    PLANNED = "planned"
    WAITING_FOR_SEAT = "waiting_for_seat"
    UNDER_WAY = "under_way"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    CALLED_OFF = "called_off"


SETTLED = frozenset({EnrolmentState.PASSED, EnrolmentState.NOT_PASSED, EnrolmentState.CALLED_OFF})


class Enrolment(Model):
    """One training of a path: the ``n``-th it ever had, from 1.

    ``begun`` is when it was first taken up, from which on its cost is spent. ``instead_of`` names the training that it
    replaces. ``session`` is that of a workshop in which there is a seat; ``sequence`` that of the last invitation sent.
    """

    n: int
    round: int
    training: Training
    instead_of: TrainingId | None = None
    state: EnrolmentState = EnrolmentState.PLANNED
    begun: Instant | None = None
    attempts: int = 0
    session: str | None = None
    sessions_over: list[str] = []
    """The sessions that are not looked at any more: attended or missed, or a seat in them was declined."""
    sequence: int = -1
    statements: list[Statement] = []
    reason: str | None = None
    attended: list[AttendedHours] = []
    measured: list[MeasuredTime] = []
    """What learning systems say how long it took, of all attempts; the last of it was on ``measured_on``."""
    measured_on: date | None = None
    own_hours: list[OwnHours] = []

    @property
    def settled(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in SETTLED
