"""What can be asked of a running placement, by whom, and in which stages."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import Party, PersonId, Sentence
from domain.core.not_mine import NotMine
from domain.core.permissions import OF_HR, NotByParty, Permission, Permissions
from domain.core.reassigning import HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask
from domain.core.working_pattern import Patterns, WorkingPattern
from domain.placement.cohort_messages import CohortInstruction
from domain.placement.stages import Stage


class LeaveType(StrEnum):
    """Why somebody is away. Kept for aggregate reports only."""

    PARENTAL = "parental"
    SICK = "sick"
    CARER = "carer"
    OTHER = "other"


class PausePlacement(CaseRequest):
    """Begin a leave today. ``back_on`` is the day of return where it is known; nothing resumes by itself.

    Neither ``leave_type`` nor ``reason`` is among the decisions: who decides on the person must not read them.
    By the ``instruction`` of a cohort its placements pause with it, whoever HR of each of them is.
    """

    leave_type: LeaveType = LeaveType.OTHER
    back_on: date | None = Field(default=None, lt=date(2200, 1, 1))
    reason: Sentence | None = None
    instruction: CohortInstruction | None = None


class ResumePlacement(CaseRequest):
    """The leave is over: work is taken up again today.

    By the ``instruction`` of a cohort only a placement goes on that is paused with it. The ``reason`` is on record
    with the leave.
    """

    reason: Sentence | None = None
    instruction: CohortInstruction | None = None


class ExtendPlacement(CaseRequest):
    """Make the placement longer, if returner and manager agree."""

    weeks: int = Field(ge=1, le=52)
    reason: Sentence


class ChangePattern(CaseRequest):
    """Another working pattern, or several in a row, if returner and manager agree.

    From the first one's day on they take the place of all that were to come.
    """

    patterns: Patterns = Field(min_length=1)
    reason: Sentence

    @field_validator("patterns")
    @classmethod
    def _from_a_day(cls, patterns: list[WorkingPattern]) -> list[WorkingPattern]:
        if patterns[0].since is None:
            raise ValueError('must say from which day on, as in "from 2027-02-01 60%"')
        return patterns


class ReassignMentor(CaseRequest):
    """The mentor is freed from this case; another is found, ``mentor`` if named, and if need be ``although_forbidden``.

    With ``lift`` the mentor stays: these are neither pinned nor forbidden any more, for whoever searches next.
    """

    reason: Sentence
    mentor: PersonId | None = None
    although_forbidden: bool = False
    lift: list[PersonId] = []

    @model_validator(mode="after")
    def _lifts_or_names(self) -> Self:
        if self.lift and (self.mentor is not None or self.although_forbidden):
            raise ValueError("lift: say by itself who is neither pinned nor forbidden any more; the mentor stays")
        return self


class AskForMentor(CaseRequest):
    """The returner asks HR for another mentor, in confidence: nobody else learns who asked, nor the ``reason``."""

    reason: Sentence | None = None


class DecideEarly(CaseRequest):
    """Start the conversion decision now instead of on its date."""

    reason: Sentence


class WithdrawPlacement(Withdraw):
    """End the placement now, in good order. ``worked_until`` is the last day worked, where that is an earlier one.

    The day before the placement began says that none was worked.
    """

    worked_until: date | None = None


class ReleaseWaiting(CaseRequest):
    """Give up a conversion that waits for a headcount: the returner is released instead.

    The ``reason`` is on record, and HR and the manager read it; the returner hears that there is no headcount.
    """

    reason: Sentence


EXTENDABLE = (Stage.PREBOARDING, Stage.PLACEMENT)
"""The stages in which the placement can still be made longer."""

RUNNING = (Stage.PREBOARDING, Stage.PLACEMENT, Stage.DECISION, Stage.OFFER, Stage.CLOSING)
"""The stages with a calendar."""

MAY_ASK: Permissions = {
    AnswerTask: Permission(NotByParty.WHOEVER_IS_ASKED),
    NotMine: Permission(NotByParty.WHOEVER_IS_ASKED),
    ReopenTask: Permission(OF_HR),
    PausePlacement: Permission(OF_HR, RUNNING, "paused"),
    ResumePlacement: Permission(OF_HR, RUNNING, "resumed"),
    ExtendPlacement: Permission(OF_HR | {Party.MANAGER, Party.RETURNER}, EXTENDABLE, "extended"),
    ChangePattern: Permission(OF_HR | {Party.MANAGER, Party.RETURNER}, RUNNING, "given another working pattern"),
    ReassignMentor: Permission(OF_HR | {Party.MENTOR}, RUNNING, "given another mentor"),
    AskForMentor: Permission(frozenset({Party.RETURNER}), RUNNING, "given another mentor"),
    Reassign: Permission(OF_HR),
    HandOver: Permission(NotByParty.ITS_DEPARTURE),
    DecideEarly: Permission(OF_HR | {Party.MANAGER}, (Stage.PLACEMENT,), "decided early"),
    ReleaseWaiting: Permission(OF_HR, (Stage.DECISION,), "released for want of a headcount"),
    WithdrawPlacement: Permission(OF_HR | {Party.RETURNER}),
}
"""Who may ask what of a placement; of one that is over, nothing but to put right an answer of its off-boarding.

By its instructions a cohort may pause its placements and let them go on, too.
"""
