"""What can be asked of an upskilling path, and by whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import Party, Sentence, TrainingId
from domain.core.not_mine import NotMine
from domain.core.permissions import OF_HR, NotByParty, Permission, Permissions
from domain.core.reassigning import HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask
from domain.learning.start import Goal
from domain.learning.xapi import HandIn


class PausePath(CaseRequest):
    """All that is still to come waits from now on. ``back_on`` is the day it goes on, where that is known.

    The ``reason`` is on record, and not among the decisions.
    """

    back_on: date | None = Field(default=None, lt=date(2200, 1, 1))
    reason: Sentence | None = None


class ResumePath(CaseRequest):
    """The path goes on. The ``reason`` is on record."""

    reason: Sentence | None = None


class ChangeRole(CaseRequest):
    """The path leads to another role from now on: gaps are assessed again, what was passed counts."""

    goal: Goal
    reason: Sentence


class StateHours(CaseRequest):
    """The learner has spent so many hours on a training on a day. Said again of that day, it replaces what was said.

    0 takes it back.
    """

    training: TrainingId
    hours: Decimal = Field(ge=0, le=24, decimal_places=2)
    on: date


LEARNER_AND_HR = OF_HR | {Party.LEARNER}

MAY_ASK: Permissions = {
    AnswerTask: Permission(NotByParty.WHOEVER_IS_ASKED),
    NotMine: Permission(NotByParty.WHOEVER_IS_ASKED),
    ReopenTask: Permission(OF_HR),
    HandIn: Permission(NotByParty.ANYBODY),  # learning systems, which have no part in a case, sign what they hand in
    PausePath: Permission(LEARNER_AND_HR, done="paused"),
    ResumePath: Permission(LEARNER_AND_HR, done="resumed"),
    ChangeRole: Permission(OF_HR, done="led to another role"),
    StateHours: Permission(frozenset({Party.LEARNER})),
    Reassign: Permission(OF_HR),
    HandOver: Permission(NotByParty.ITS_DEPARTURE),
    Withdraw: Permission(LEARNER_AND_HR),
}
"""Who may ask what of a path; nothing can be asked of one that is over."""
