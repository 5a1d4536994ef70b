"""What letters of a placement say."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.core.letters import LetterFacts, Person
from domain.core.model import Fixed, Instant
from domain.core.task_letters import TaskOpened
from domain.placement.stages import Outcome

# Before the first day


class NotEligible(LetterFacts):
    """The programme's rules do not allow it."""

    template: ClassVar[str] = "not_eligible"

    rules: list[str]


class StartMoved(LetterFacts):
    """It begins later than planned."""

    template: ClassVar[str] = "start_moved"

    planned: date
    starts_on: date


class Welcome(LetterFacts):
    """To the returner, once all is set up."""

    template: ClassVar[str] = "welcome"

    mentor: Person
    manager: Person
    starts_on: date
    ends_on: date


# How it goes


class ImprovementNeeded(LetterFacts):
    """A review gave less than the programme looks for."""

    template: ClassVar[str] = "improvement_needed"

    n: int
    score: str
    threshold: str


class Paused(LetterFacts):
    """It is paused; ``fixed``: the last day is agreed already and stays."""

    template: ClassVar[str] = "paused"

    since: date
    fixed: bool


class Resumed(LetterFacts):
    """It goes on."""

    template: ClassVar[str] = "resumed"

    ends_on: date


class ExtensionAgreed(LetterFacts):
    """It is longer by so many weeks."""

    template: ClassVar[str] = "extension_agreed"

    weeks: int
    ends_on: date


class ExtensionRefused(LetterFacts):
    """It is not extended."""

    template: ClassVar[str] = "extension_refused"

    reason: str


class HoursFrom(Fixed):
    """What is worked from a day on, as people write it: ``mon-wed 8``, ``60%``."""

    since: date
    what: str


class PatternAgreed(LetterFacts):
    """Another working pattern is agreed; ``patterns`` are all that hold from then on."""

    template: ClassVar[str] = "pattern_agreed"

    since: date
    patterns: list[HoursFrom]


class PatternRefused(LetterFacts):
    """The working pattern stays."""

    template: ClassVar[str] = "pattern_refused"

    reason: str


class SessionsLackDays(LetterFacts):
    """To HR: mentoring sessions are not on days on which both work, and why."""

    template: ClassVar[str] = "sessions_lack_days"

    lack: str


# The conversion


class NoHeadcount(LetterFacts):
    """All have approved, and there is no place."""

    template: ClassVar[str] = "no_headcount"

    reason: str


class DecisionRefused(LetterFacts):
    """A proposal was not approved; ``by`` is a part in the case, as people say it."""

    template: ClassVar[str] = "decision_refused"

    by: str
    reason: str | None


class Released(LetterFacts):
    """It will not be turned into employment."""

    template: ClassVar[str] = "released"

    reason: str
    ends_on: date


class Offer(TaskOpened):
    """An offer of employment, which is a task of the returner's."""

    template: ClassVar[str] = "offer"


class OfferDeclined(LetterFacts):
    """The offer was declined."""

    template: ClassVar[str] = "offer_declined"


class OfferExpired(LetterFacts):
    """The offer was not answered in its time."""

    template: ClassVar[str] = "offer_expired"


class Converted(LetterFacts):
    """The offer was accepted."""

    template: ClassVar[str] = "converted"

    title: str | None
    starts_on: date


# The end


class Withdrawn(LetterFacts):
    """It ends early; ``over``: only its follow-ups do. ``last_day`` is an instant where there is no calendar yet.

    One that has not ``begun`` ends before its first day, and has no last one to speak of.
    """

    template: ClassVar[str] = "withdrawn"

    why: str
    last_day: date | Instant
    over: bool
    begun: bool


class PlacementEnded(LetterFacts):
    """It is over."""

    template: ClassVar[str] = "placement_ended"

    outcome: Outcome
