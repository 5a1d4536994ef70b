"""What letters of an upskilling path say."""

from __future__ import annotations

from typing import ClassVar

from domain.core.letters import CallsOff, Invites, LetterFacts, Person, PersonIfAny
from domain.core.model import CaseId, Instant
from domain.learning.result import PathOutcome

# Gaps and the plan


class GapsAssessed(LetterFacts):
    """What is missing; nothing, where ``gaps`` is empty."""

    template: ClassVar[str] = "gaps_assessed"

    gaps: list[str]


class PlanAgreed(LetterFacts):
    """What will be learned, and what stays open."""

    template: ClassVar[str] = "plan_agreed"

    trainings: list[str]
    hours: int
    cost: str
    uncovered: list[str]


class PlanTooLate(LetterFacts):
    """What was to be learned can't be reached any more."""

    template: ClassVar[str] = "plan_too_late"

    trainings: list[str]
    why: list[str]


class NoTraining(LetterFacts):
    """The catalogue has nothing that helps."""

    template: ClassVar[str] = "no_training"

    gaps: list[str]


# Trainings


class TrainingPassed(LetterFacts):
    """A training is passed."""

    template: ClassVar[str] = "training_passed"

    title: str


class TrainingAgain(LetterFacts):
    """A training is not passed yet; there is another try."""

    template: ClassVar[str] = "training_again"

    title: str
    why: str


class TrainingNotPassed(LetterFacts):
    """A training was not passed."""

    template: ClassVar[str] = "training_not_passed"

    title: str
    why: str
    what_follows: str


class SeatLapsed(LetterFacts):
    """A seat was offered, and no answer came; ``booked``: it is taken all the same, because nobody else waits."""

    template: ClassVar[str] = "seat_lapsed"

    learner: Person
    title: str
    starts: Instant
    booked: bool


class WorkshopLetter(LetterFacts):
    """A letter to a learner about a session of a workshop."""

    trainer: PersonIfAny
    place: str | None
    title: str
    starts: Instant


class SeatWaiting(WorkshopLetter):
    """The learner is on the waiting list."""

    template: ClassVar[str] = "seat_waiting"


class WorkshopInvitation(WorkshopLetter, Invites):
    """The learner has a seat."""

    template: ClassVar[str] = "workshop_invitation"


class WorkshopCancelled(WorkshopLetter, CallsOff):
    """The learner has no seat any more."""

    template: ClassVar[str] = "workshop_cancelled"

    why: str


class WorkshopOnDayOff(LetterFacts):
    """To learner and HR: a seat is booked on a day on which the learner does not work any more; there is no other."""

    template: ClassVar[str] = "workshop_on_day_off"

    learner: Person
    title: str
    starts: Instant


# Completion events


class EventLetter(LetterFacts):
    """A letter to HR about a completion event."""

    why: str


class EventForged(EventLetter):
    """It can't be believed."""

    template: ClassVar[str] = "event_forged"


class EventConflict(EventLetter):
    """It contradicts another of the same id."""

    template: ClassVar[str] = "event_conflict"


class EventOddTime(EventLetter):
    """It counts, and when it happened looks odd."""

    template: ClassVar[str] = "event_odd_time"


# The path as a whole


class PathPaused(LetterFacts):
    """The path is paused. ``offers`` can't wait: ``what`` is offered, and ``until`` which instant."""

    template: ClassVar[str] = "path_paused"

    since: Instant
    offers: list[dict[str, str]]


class PathResumed(LetterFacts):
    """The path goes on."""

    template: ClassVar[str] = "path_resumed"


class RoleChanged(LetterFacts):
    """The path leads to another role."""

    template: ClassVar[str] = "role_changed"

    title: str


class PathWithdrawn(LetterFacts):
    """The path ends early."""

    template: ClassVar[str] = "path_withdrawn"

    why: str


class PathEnded(LetterFacts):
    """The path is over; ``why`` and ``gaps`` say what stood in the way, and what is missing."""

    template: ClassVar[str] = "path_ended"

    outcome: PathOutcome
    why: list[str]
    gaps: list[str]


class NoCertificate(LetterFacts):
    """The gaps are closed, but there will be no certificate."""

    template: ClassVar[str] = "no_certificate"

    certification: CaseId | None
    why: str
