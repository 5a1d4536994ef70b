"""The forms of a returnship placement: one pydantic model for each kind of task.

A form says what may be answered, not who may answer; that stands in :mod:`domain.core.tasks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from domain.core.model import Key, Money, PersonId, Sentence, Title
from domain.core.questions import AnyQuestion, ExpiringQuestion, Form, Question, TaskKind, YesNo

Score = Annotated[int, Field(ge=1, le=5)]
"""1 far below what the role asks, 3 meets it, 5 far above."""


class WishChoice(StrEnum):
    """What HR can answer to a wish for another mentor."""

    GRANT = "grant"
    TALK = "talk"
    DECLINE = "decline"


class Override(Form):
    """HR lets somebody in whom a rule keeps out, or does not; either way with the reason."""

    proceed: bool
    reason: Sentence


class Nomination(Form):
    """HR names a mentor, where nobody was left to be asked."""

    mentor: PersonId
    reason: Sentence | None = None

    def people(self) -> list[PersonId]:
        """The mentor."""
        return [self.mentor]


class ItemDone(Form):
    """A checklist item is done, with a remark where there is something to say."""

    done: bool = True
    remark: Sentence | None = None

    @model_validator(mode="after")
    def _done(self) -> Self:
        if not self.done:
            raise ValueError("answer when the item is done, or leave it open")
        return self


class EndItemDone(Form):
    """An item of the off-boarding or the change-over is done; or, from HR, why it is not needed."""

    done: bool | None = None
    remark: Sentence | None = None
    waived_because: Sentence | None = None

    @model_validator(mode="after")
    def _done_or_waived(self) -> Self:
        if bool(self.done) is (self.waived_because is not None):
            raise ValueError("answer when the item is done, or leave it open; only HR can say why it is not needed")
        return self


class Goals(Form):
    """What the placement is to achieve: one to eight goals."""

    goals: list[Sentence] = Field(min_length=1, max_length=8)


class SessionNote(Form):
    """A short note after a mentoring session, or that it was not held."""

    held: bool
    minutes: int | None = Field(default=None, ge=1, le=480)
    note: Sentence | None = None


class Review(Form):
    """A review: a score with its comment, or, from whoever it was escalated to, why there is none.

    How many of the agreed goals are met (``goals_met``) is for people to read: no rule and no figure uses it.
    """

    score: Score | None = None
    comment: Sentence | None = None
    goals_met: int | None = Field(default=None, ge=0, le=8)
    waived_because: Sentence | None = None

    @model_validator(mode="after")
    def _score_or_waived(self) -> Self:
        if (self.score is None) == (self.waived_because is None):
            raise ValueError("give either a score or waived_because")
        return self

    def reason_against(self, facts: Mapping[str, Any]) -> str | None:
        """No more goals are met than there are; where none are on record, nobody knows how many."""
        there = len(facts.get("goals") or [])
        if not there or self.goals_met is None or self.goals_met <= there:
            return None
        if there == 1:
            return f"goals_met: there is {there} goal, and {self.goals_met} can't be met"
        return f"goals_met: there are {there} goals, and {self.goals_met} can't be met"


class ImprovementPlan(Form):
    """What has to get better, and what everybody does for it."""

    actions: list[Sentence] = Field(min_length=1, max_length=8)


class ImprovementCheck(Form):
    """Whether the improvement plan has worked."""

    passed: bool
    comment: Sentence


class Proposal(Form):
    """The manager's proposal at the end: convert into employment, or release, with the reasons.

    ``salary`` (for a year) and ``starts_on`` default to the role's salary and the day after the placement.
    """

    convert: bool
    reasons: Sentence
    title: Title | None = None
    salary: Money | None = None
    starts_on: date | None = None


class OfferReply(Form):
    """The returner's answer to an offer."""

    accept: bool
    comment: Sentence | None = None


class StillHere(Form):
    """Whether somebody who was converted is still employed, and why not where they are not."""

    still_here: bool
    comment: Sentence | None = None


class WishReply(Form):
    """HR answers a returner who wishes for another mentor, in confidence: grant, talk (first) or decline.

    ``message`` is for the returner alone. ``for_the_record`` is the reason that everybody can read where the mentor is
    reassigned: nothing that tells who asked.
    """

    reply: WishChoice
    message: Sentence | None = None
    for_the_record: Sentence | None = None

    @model_validator(mode="after")
    def _with_a_message(self) -> Self:
        if self.reply is not WishChoice.GRANT and self.message is None:
            raise ValueError(f"{self.reply.value}: give the returner a message")
        if self.reply is not WishChoice.GRANT and self.for_the_record is not None:
            raise ValueError("for_the_record: nothing comes on record unless you grant it")
        if self.reply is WishChoice.GRANT and self.for_the_record is None:
            raise ValueError(
                "for_the_record: give a reason that everybody may read, as for any other mentor whom you reassign"
            )
        return self


class PulseAnswer(Form):
    """How it goes, in confidence: a score for as many of the questions as you like, 1 not at all, 5 wholly.

    It is voluntary, and only HR sees it.
    """

    scores: dict[Key, Score] = Field(min_length=1, max_length=8)
    comment: Sentence | None = None


ELIGIBILITY_OVERRIDE = Question(TaskKind.ELIGIBILITY_OVERRIDE, Override)
MENTOR_REQUEST = ExpiringQuestion(TaskKind.MENTOR_REQUEST, YesNo)
MENTOR_NOMINATION = Question(TaskKind.MENTOR_NOMINATION, Nomination)
CHECKLIST_ITEM = Question(TaskKind.CHECKLIST_ITEM, ItemDone)
GOALS = Question(TaskKind.GOALS, Goals)
GOALS_AGREEMENT = Question(TaskKind.GOALS_AGREEMENT, YesNo)
SESSION_NOTE = Question(TaskKind.SESSION_NOTE, SessionNote)
MANAGER_REVIEW = Question(TaskKind.MANAGER_REVIEW, Review)
MENTOR_REVIEW = Question(TaskKind.MENTOR_REVIEW, Review)
SELF_REVIEW = Question(TaskKind.SELF_REVIEW, Review)
IMPROVEMENT_PLAN = Question(TaskKind.IMPROVEMENT_PLAN, ImprovementPlan)
IMPROVEMENT_CHECK = Question(TaskKind.IMPROVEMENT_CHECK, ImprovementCheck)
PROPOSAL = Question(TaskKind.PROPOSAL, Proposal)
APPROVAL = Question(TaskKind.APPROVAL, YesNo)
CONFIRMATION = Question(TaskKind.CONFIRMATION, YesNo)
OFFER = ExpiringQuestion(TaskKind.OFFER, OfferReply)
EXTENSION_CONSENT = Question(TaskKind.EXTENSION_CONSENT, YesNo)
PATTERN_CONSENT = Question(TaskKind.PATTERN_CONSENT, YesNo)
FOLLOW_UP = Question(TaskKind.FOLLOW_UP, StillHere)
OFFBOARDING_ITEM = Question(TaskKind.OFFBOARDING_ITEM, EndItemDone)
CHANGEOVER_ITEM = Question(TaskKind.CHANGEOVER_ITEM, EndItemDone)
MENTOR_WISH = Question(TaskKind.MENTOR_WISH, WishReply)
PULSE = ExpiringQuestion(TaskKind.PULSE, PulseAnswer)
MENTOR_PULSE = ExpiringQuestion(TaskKind.MENTOR_PULSE, PulseAnswer)

QUESTIONS: tuple[AnyQuestion, ...] = (
    ELIGIBILITY_OVERRIDE,
    MENTOR_REQUEST,
    MENTOR_NOMINATION,
    CHECKLIST_ITEM,
    GOALS,
    GOALS_AGREEMENT,
    SESSION_NOTE,
    MANAGER_REVIEW,
    MENTOR_REVIEW,
    SELF_REVIEW,
    IMPROVEMENT_PLAN,
    IMPROVEMENT_CHECK,
    PROPOSAL,
    APPROVAL,
    CONFIRMATION,
    OFFER,
    EXTENSION_CONSENT,
    PATTERN_CONSENT,
    FOLLOW_UP,
    OFFBOARDING_ITEM,
    CHANGEOVER_ITEM,
    MENTOR_WISH,
    PULSE,
    MENTOR_PULSE,
)
