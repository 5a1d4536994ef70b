"""The forms of an upskilling path and of a certification: one pydantic model for each kind of task."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from domain.core.model import Instant, Sentence, TrainingId
from domain.core.people import Skill
from domain.core.questions import AnyQuestion, ExpiringQuestion, Form, Question, TaskKind, YesNo

WholeLevel = Annotated[int, Field(ge=0, le=7)]
"""A level of proficiency as people give it: 0 none, 7 as high as anybody's."""

Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


class Levels(Form):
    """The level of each skill that was asked for; or, from whoever it was escalated to, why there is none."""

    levels: dict[Skill, WholeLevel] = {}
    waived_because: Sentence | None = None

    @model_validator(mode="after")
    def _levels_or_waived(self) -> Self:
        if bool(self.levels) is (self.waived_because is not None):
            raise ValueError("give either levels or waived_because")
        return self


class PlanChoice(Form):
    """The learner's plan: as proposed, or with trainings of the catalogue added and removed."""

    agree: bool
    add: list[TrainingId] = []
    remove: list[TrainingId] = []
    comment: Sentence | None = None

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        if not self.agree:
            raise ValueError("agree to the plan, with what you add and remove; or withdraw from the path")
        if set(self.add) & set(self.remove):
            raise ValueError("the same training is added and removed")
        return self


class SeatReply(Form):
    """Whether the learner takes the seat that has become free."""

    take: bool
    comment: Sentence | None = None


class Attended(StrEnum):
    """How much of a workshop somebody attended."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


class Attendance(Form):
    """How much of the workshop the learner attended, from whoever held it; ``hours`` where that is another number than
    the catalogue's, or of what was attended in part."""

    attended: Attended
    hours: Decimal | None = Field(default=None, gt=0, le=1000, decimal_places=2)
    comment: Sentence | None = None

    @model_validator(mode="after")
    def _was_there(self) -> Self:
        if self.hours is not None and self.attended is Attended.NONE:
            raise ValueError("hours: who has not attended it has spent none")
        return self


class NotCompleted(Form):
    """Why an e-learning can't be completed. That it was completed, the learning system says by itself."""

    not_completed_because: Sentence


class Evidence(Form):
    """What the learner has done, with a link to it where there is one."""

    evidence: Sentence
    link: Link | None = None


class PathFate(Form):
    """What becomes of a path whose placement has ended early."""

    go_on: bool
    reason: Sentence


EXAMS_SINCE, EXAMS_UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What is so far off is a slip of the pen, and nothing can be counted from it."""


class ExamResult(Form):
    """What came of an exam; ``percent`` of the points where there are any.

    ``sat_at`` is when it was sat, where that was not when it was asked for.
    """

    passed: bool
    sat_at: Instant | None = Field(default=None, ge=EXAMS_SINCE, lt=EXAMS_UNTIL)
    percent: int | None = Field(default=None, ge=0, le=100)
    comment: Sentence | None = None


SKILLS_SELF = Question(TaskKind.SKILLS_SELF, Levels)
SKILLS_MANAGER = Question(TaskKind.SKILLS_MANAGER, Levels)
CALIBRATION = Question(TaskKind.CALIBRATION, Levels)
PLAN_CHOICE = Question(TaskKind.PLAN_CHOICE, PlanChoice)
PLAN_APPROVAL = Question(TaskKind.PLAN_APPROVAL, YesNo)
SEAT_OFFER = ExpiringQuestion(TaskKind.SEAT_OFFER, SeatReply)
ATTENDANCE = Question(TaskKind.ATTENDANCE, Attendance)
E_LEARNING = Question(TaskKind.E_LEARNING, NotCompleted)
ASSIGNMENT_REPORT = Question(TaskKind.ASSIGNMENT_REPORT, Evidence)
SIGN_OFF = Question(TaskKind.SIGN_OFF, YesNo)
STUDY_EVIDENCE = Question(TaskKind.STUDY_EVIDENCE, Evidence)
EVIDENCE_REVIEW = Question(TaskKind.EVIDENCE_REVIEW, YesNo)
PATH_AFTER_PLACEMENT = Question(TaskKind.PATH_AFTER_PLACEMENT, PathFate)
EXAM_RESULT = Question(TaskKind.EXAM_RESULT, ExamResult)

QUESTIONS: tuple[AnyQuestion, ...] = (
    SKILLS_SELF,
    SKILLS_MANAGER,
    CALIBRATION,
    PLAN_CHOICE,
    PLAN_APPROVAL,
    SEAT_OFFER,
    ATTENDANCE,
    E_LEARNING,
    ASSIGNMENT_REPORT,
    SIGN_OFF,
    STUDY_EVIDENCE,
    EVIDENCE_REVIEW,
    PATH_AFTER_PLACEMENT,
    EXAM_RESULT,
)
