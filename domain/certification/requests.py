"""What can be asked of a certification, and by whom."""

from __future__ import annotations

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import Party, Sentence
from domain.core.not_mine import NotMine
from domain.core.permissions import OF_HR, NotByParty, Permission, Permissions
from domain.core.reassigning import HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask


class TakeExam(CaseRequest):
    """The exam is taken now; the examiner is asked for its result."""


class Renew(CaseRequest):
    """The exam is taken now, to renew a certificate that is still valid."""


class Suspend(CaseRequest):
    """The certificate counts for nothing until it is reinstated."""

    reason: Sentence


class Reinstate(CaseRequest):
    """A suspended certificate counts again."""

    reason: Sentence


class Revoke(CaseRequest):
    """The certificate counts for nothing any more; this can't be undone, and ends the certification."""

    reason: Sentence


LEARNER_AND_HR = OF_HR | {Party.LEARNER}

MAY_ASK: Permissions = {
    AnswerTask: Permission(NotByParty.WHOEVER_IS_ASKED),
    NotMine: Permission(NotByParty.WHOEVER_IS_ASKED),
    ReopenTask: Permission(OF_HR),
    TakeExam: Permission(LEARNER_AND_HR),
    Renew: Permission(LEARNER_AND_HR),
    Suspend: Permission(OF_HR),
    Reinstate: Permission(OF_HR),
    Revoke: Permission(OF_HR),
    Reassign: Permission(OF_HR),
    HandOver: Permission(NotByParty.ITS_DEPARTURE),
    Withdraw: Permission(LEARNER_AND_HR),
}
"""Who may ask what of a certification; nothing can be asked of one that is over."""
