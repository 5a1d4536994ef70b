"""What letters of a cohort say."""

from __future__ import annotations

from typing import Any, ClassVar

from domain.cohort.figures import CohortFigures
from domain.core.letters import CallsOff, Invites, LetterFacts, PersonIfAny
from domain.core.model import CaseId, CohortId, Instant


class NoMentors(LetterFacts):
    """So many have no mentor; ``reasons`` says of some of them why."""

    template: ClassVar[str] = "no_mentors"

    cohort: CohortId
    reasons: list[str]
    count: int


class CohortDateLetter(LetterFacts):
    """A letter about a date of the cohort's own. ``led_by`` is who leads the cohort, unless they read it."""

    led_by: PersonIfAny
    title: str
    cohort_title: str
    starts: Instant
    place: str | None
    moved: bool


class CohortInvitation(CohortDateLetter, Invites):
    """Somebody is invited; ``moved``: anew, to another time."""

    template: ClassVar[str] = "cohort_invitation"


class CohortUninvited(CohortDateLetter, CallsOff):
    """An invitation is called off."""

    template: ClassVar[str] = "cohort_uninvited"


class DateDoesNotSuit(LetterFacts):
    """To HR, as people are invited: who of them does not work on that day."""

    template: ClassVar[str] = "date_does_not_suit"

    title: str
    starts: Instant
    who: str


class CohortClosed(LetterFacts):
    """HR has closed the cohort."""

    template: ClassVar[str] = "cohort_closed"

    reason: str
    not_started: list[CaseId]


class CohortReport(LetterFacts):
    """What came of the cohort; ``why`` the report comes."""

    template: ClassVar[str] = "cohort_report"

    why: str
    figures: CohortFigures

    def facts(self) -> dict[str, Any]:
        """The figures stand beside the reason."""
        return {"why": self.why, **self.figures.model_dump(mode="json")}
