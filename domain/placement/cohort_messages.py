"""What a placement and its cohort say to each other, and what the placement keeps of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from domain.core.model import CaseId, CohortId, Fixed, Instant, Model, PersonId


class CohortWord(Fixed):
    """The ``n``-th time that a cohort has said that its placements pause, or resume. Only the last one counts.

    Words may come late, twice, or in another order than they were said: a placement does nothing for one that is older
    than another it has heard.
    """

    cohort: CohortId
    n: int = Field(ge=1)


class Hearing(Model):
    """What a placement has heard of its cohort: the number of the last word, and whether it is paused by it.

    Who decides on a pause, the cohort or HR of the placement? Whoever was heard last. But a leave that HR has begun
    lasts until HR ends it, whatever the cohort says; and a word heard again says nothing new. To resume takes a moment,
    because the calendar is planned first. What is heard in that moment comes after it: by a pause of the cohort the
    placement stays paused, now with the cohort, whoever had asked it to resume.
    """

    last: int = 0
    still: bool = False

    def is_old(self, word: CohortWord) -> bool:
        """Whether the cohort has said otherwise since."""
        return word.n < self.last

    def hear(self, word: CohortWord) -> None:
        """Remember that this was said."""
        self.last = max(self.last, word.n)

    def why_not_paused(self, word: CohortWord, *, paused: bool, going_on: bool) -> str | None:
        """Why a placement does not pause by this word, or None.

        It may be ``paused`` already, and may just be ``going_on`` because HR, or the cohort, has said so.
        """
        if self.is_old(word):
            return f"cohort {word.cohort} has said otherwise since"
        if paused and not self.still and not going_on:
            return "is paused already, by HR"
        if word.n == self.last and not self.still:
            return f"HR has let it go on since cohort {word.cohort} said so"
        return None

    def pause_with_cohort(self, word: CohortWord) -> None:
        """Note that the placement is paused by this word."""
        self.hear(word)
        self.still = True

    def overtaken(self, since: int) -> bool:
        """Whether the cohort has said, after its ``since``-th word, that its placements pause: each odd one."""
        return self.last > since and self.last % 2 == 1


class Ruling(Fixed):
    """Whom HR has pinned to a returner, and whom it has forbidden: the ``n``-th time that any of it changed.

    It holds for the placement whoever searches, also when there is no cohort any more. Only the last one counts.
    """

    n: int = Field(ge=1)
    pinned: PersonId | None = None
    forbidden: list[PersonId] = []


class MentorProposed(Fixed):
    """Signal of a cohort to a placement: the mentor to be asked, from the ``n``-th matching.

    A second one of the same ``n`` changes nothing. ``pinned`` says that HR wants this mentor, who need not have
    offered; ``alone`` that the cohort proposes nobody any more, and the placement looks for itself; ``starts_on`` that
    a pause of the cohort has moved the first day; ``goes_on`` that the cohort goes on, by that word of it; ``ruling``
    whom HR has pinned and forbidden.
    """

    n: int
    mentor: PersonId | None = None
    score: float = 0.0
    reasons: list[str] = []
    pinned: bool = False
    alone: bool = False
    starts_on: date | None = None
    goes_on: CohortWord | None = None
    ruling: Ruling | None = None


class PlacementNews(StrEnum):
    """The kinds of signals of a placement to its cohort."""

    MENTOR_WANTED = "mentor_wanted"
    """It looks for a mentor: at first, and each time somebody who was asked did not become it."""
    MENTOR_ASKED = "mentor_asked"
    """It has asked somebody whom the cohort has not proposed."""
    MENTOR_LEFT = "mentor_left"
    """Its mentor has left; it looks for another by itself."""
    MENTOR_FOUND = "mentor_found"
    OUTCOME = "outcome"
    """How the placement came out; follow-ups may still come."""
    ENDED = "ended"


class ParticipantNews(Fixed):
    """Signal of a placement to its cohort. ``asked`` are all who were asked to be the mentor so far, in order;
    ``why`` is how it went with the last of them."""

    case: CaseId
    at: Instant
    news: PlacementNews
    mentor: PersonId | None = None
    asked: list[PersonId] = []
    why: str | None = None
    outcome: str | None = None
