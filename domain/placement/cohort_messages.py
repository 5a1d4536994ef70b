"""What a placement and its cohort say to each other, and what the placement keeps of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from domain.core.model import CaseId, CohortId, Fixed, Instant, Model, PersonId
from domain.core.working_pattern import Patterns


class CohortInstruction(Fixed):
    """The ``n``-th instruction of a cohort to its placements: each odd one is to pause, each even one to resume.

    Instructions may come late, twice, or in another order than they were given: a placement does nothing for one that
    is older than another it has received.
    """

    cohort: CohortId
    n: int = Field(ge=1)


class LastInstruction(Model):
    """The number of the ``last`` instruction that a placement has received, and whether it is paused (``still``) by it.

    Who decides on a pause, the cohort or HR of the placement? Whoever spoke last. But a leave that HR has begun
    lasts until HR ends it, whatever the cohort says; and an instruction that comes again says nothing new. To resume
    takes a moment, because the calendar is planned first. What comes in that moment counts as later: by a pause of the
    cohort the placement stays paused, now with the cohort, whoever had asked it to resume.
    """

    last: int = 0
    still: bool = False

    def is_old(self, instruction: CohortInstruction) -> bool:
        """Whether the cohort has said otherwise since."""
        return instruction.n < self.last

    def note(self, instruction: CohortInstruction) -> None:
        """Note that this was received."""
        self.last = max(self.last, instruction.n)

    def reason_not_to_pause(self, instruction: CohortInstruction, *, paused: bool, going_on: bool) -> str | None:
        """Why a placement does not pause by this instruction, or None.

        It may be ``paused`` already, and may just be ``going_on`` because HR, or the cohort, has said so.
        """
        if self.is_old(instruction):
            return f"cohort {instruction.cohort} has said otherwise since"
        if paused and not self.still and not going_on:
            return "is paused already, by HR"
        if instruction.n == self.last and not self.still:
            return f"HR has let it go on since cohort {instruction.cohort} said so"
        return None

    def note_paused(self, instruction: CohortInstruction) -> None:
        """Note that the placement is paused by this instruction."""
        self.note(instruction)
        self.still = True

    def says_pause_since(self, n: int) -> bool:
        """Whether the cohort has said, after its ``n``-th instruction, that its placements pause."""
        return self.last > n and self.last % 2 == 1


class MentorRuling(Fixed):
    """HR's ruling on the mentor of a returner: whom it has pinned and whom forbidden, as of its ``n``-th change.

    It holds for the placement whoever searches, also when there is no cohort any more. Only the last one counts.
    """

    n: int = Field(ge=1)
    pinned: PersonId | None = None
    forbidden: list[PersonId] = []


class CohortMessage(Fixed):
    """Signal ``mentor_proposed`` of a cohort to a placement: any of what follows.

    ``mentor`` is to be asked, by the ``n``-th matching; a second message of the same ``n`` changes nothing. ``pinned``:
    HR has pinned this mentor, who need not be available. ``alone``: the cohort proposes nobody any more, and the
    placement looks for itself. ``starts_on``: a pause of the cohort has moved the first day. ``goes_on``: the cohort
    goes on, by that instruction. ``ruling``: whom HR has pinned and forbidden.
    """

    n: int
    mentor: PersonId | None = None
    score: float = 0.0
    reasons: list[str] = []
    pinned: bool = False
    alone: bool = False
    starts_on: date | None = None
    goes_on: CohortInstruction | None = None
    ruling: MentorRuling | None = None


class PlacementMessageKind(StrEnum):
    """The kinds of signals of a placement to its cohort."""

    MENTOR_WANTED = "mentor_wanted"
    """It looks for a mentor: at first, and each time somebody who was asked did not become it."""
    MENTOR_ASKED = "mentor_asked"
    """It has asked somebody whom the cohort has not proposed."""
    MENTOR_LEFT = "mentor_left"
    """Its mentor has left; it looks for another by itself."""
    MENTOR_FOUND = "mentor_found"
    PATTERNS = "patterns"
    """Returner or mentor work otherwise from some day on."""
    OUTCOME = "outcome"
    """How the placement came out; follow-ups may still come."""
    ENDED = "ended"


class PlacementMessage(Fixed):
    """Signal ``participant_news`` of a placement to its cohort.

    ``asked`` are all who were asked to be the mentor so far, in order; ``why`` is how it went with the last of them.
    """

    case: CaseId
    at: Instant
    kind: PlacementMessageKind
    mentor: PersonId | None = None
    asked: list[PersonId] = []
    why: str | None = None
    outcome: str | None = None
    patterns: dict[PersonId, Patterns] = {}
    """What returner and mentor work, where that is said; of a mentor, as far as it is known."""
