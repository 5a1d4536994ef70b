"""What can be asked of a cohort, and by whom."""

from __future__ import annotations

from domain.cohort.forms import PairText
from domain.cohort.participants import Enlisting
from domain.cohort.state import pair_of
from domain.core.case import CaseRequest, Withdraw
from domain.core.model import CaseId, CohortId, Fixed, Instant, PersonId, Sentence
from domain.core.not_mine import NotMine
from domain.core.permissions import OF_HR, NotByParty, Permission, Permissions
from domain.core.reassigning import HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask


class Enlist(CaseRequest):
    """Let these take part. Whoever does already stays as they are. ``more`` says that others follow at once."""

    enlisting: Enlisting
    more: bool = False


class Enlisted(Fixed):
    """Who takes part from now on, and who did already."""

    cohort: CohortId
    at: Instant
    new: list[CaseId]
    there: list[CaseId]


class Rematch(CaseRequest):
    """Match those who look for a mentor once more, with these pairs pinned or forbidden too, or neither any more.

    Where nobody looks for a mentor now, what is forbidden or lifted holds from then on all the same.
    """

    pin: list[PairText] = []
    forbid: list[PairText] = []
    lift: list[PairText] = []
    reason: Sentence

    def people(self) -> list[PersonId]:
        """The mentors that are pinned."""
        return [pair_of(pair).mentor for pair in self.pin]


class PauseCohort(CaseRequest):
    """Pause the cohort and all its placements that run, from today. Nothing resumes by itself."""

    reason: Sentence


class ResumeCohort(CaseRequest):
    """Resume the cohort today, and with it the placements that it has paused."""


MAY_ASK: Permissions = {
    AnswerTask: Permission(NotByParty.WHOEVER_IS_ASKED),
    NotMine: Permission(NotByParty.WHOEVER_IS_ASKED),
    ReopenTask: Permission(OF_HR),
    Enlist: Permission(OF_HR),
    Rematch: Permission(OF_HR),
    PauseCohort: Permission(OF_HR),
    ResumeCohort: Permission(OF_HR),
    Reassign: Permission(OF_HR),
    HandOver: Permission(NotByParty.ITS_DEPARTURE),
    Withdraw: Permission(OF_HR),
}
"""Who may ask what of a cohort, whose HR is whoever leads it; nothing can be asked of one that is over."""
