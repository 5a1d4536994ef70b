"""Who takes part in a cohort, and how it goes with their placement, as the cohort knows it."""

from __future__ import annotations

from enum import StrEnum

from domain.cohort.participants import Participant
from domain.core.model import Model, PersonId
from domain.core.working_pattern import WorkingPattern


class ParticipantStatus(StrEnum):
    """The status of a participant in the cohort."""

    ENLISTED = "enlisted"
    """Their placement is just being started."""
    NOT_STARTED = "not_started"
    """Their placement could not be started; ``why`` says it."""
    STARTED = "started"
    """Their placement has not looked for a mentor yet: HR decides whether they are let in, or money is waited for."""
    SEEKING = "seeking"
    """Their placement looks for a mentor."""
    UNMATCHED = "unmatched"
    """There was no mentor for them at the last matching; ``why`` says it. They are matched again with the next."""
    PROPOSED = "proposed"
    """HR is shown the mentor who could be asked."""
    ASKED = "asked"
    MATCHED = "matched"
    REPLACING = "replacing"
    """Their mentor has left; their placement looks for another by itself."""
    OVER = "over"
    """Their placement has ended."""


NEEDING_MENTOR = (ParticipantStatus.SEEKING, ParticipantStatus.UNMATCHED, ParticipantStatus.PROPOSED)
"""The statuses of participants for whom the cohort is to find a mentor."""

ACTIVE = (
    ParticipantStatus.STARTED,
    *NEEDING_MENTOR,
    ParticipantStatus.ASKED,
    ParticipantStatus.MATCHED,
    ParticipantStatus.REPLACING,
)
"""The statuses of participants whose placement runs."""


class ParticipantState(Model):
    """A participant and their status. ``asked`` are all who were asked to be the mentor so far, in order.

    ``heard`` is the number of the cohort's last instruction (:class:`CohortInstruction`) that their placement was
    sent, and ``may_be_still`` whether it may be paused by one: it has said so, or has not said otherwise. ``ruling`` is
    the number of HR's last ruling on its mentor, ``ruled`` that of the last it was sent.
    """

    who: Participant
    status: ParticipantStatus = ParticipantStatus.ENLISTED
    mentor: PersonId | None = None
    asked: list[PersonId] = []
    why: str | None = None
    outcome: str | None = None
    enlisted_by: PersonId
    heard: int = 0
    may_be_still: bool = False
    ruling: int = 0
    ruled: int = 0
    patterns: dict[PersonId, list[WorkingPattern]] = {}
    """What returner and mentor work, as the placement has said last; before that, as the returner was enlisted."""

    def working(self) -> list[tuple[PersonId, list[WorkingPattern]]]:
        """Returner and mentor with what they work, as far as it is known."""
        mentor = [(self.mentor, self.patterns.get(self.mentor, []))] if self.mentor is not None else []
        return [(self.who.returner, self.patterns.get(self.who.returner, self.who.patterns)), *mentor]

    def set_status(self, status: ParticipantStatus, *, mentor: PersonId | None = None, why: str | None = None) -> None:
        """Set the status, with the mentor that goes with it, and why there is none."""
        self.status, self.mentor, self.why = status, mentor, why

    @property
    def replaces_mentor_itself(self) -> bool:
        """Whether the placement looks for another mentor by itself: it asks people whom the cohort has not proposed."""
        asks_itself = self.status is ParticipantStatus.ASKED and self.mentor not in self.asked
        return asks_itself or self.status is ParticipantStatus.REPLACING
