"""What a person can be asked: the kinds of tasks, and how a kind goes with the form of its answer.

The forms themselves are in the module ``forms`` of each subject, as :mod:`domain.placement.forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from pydantic import model_validator

from domain.core.model import Message, PersonId, Sentence


class TaskKind(StrEnum):
    """What a person is asked."""

    ELIGIBILITY_OVERRIDE = "eligibility_override"
    MENTOR_REQUEST = "mentor_request"
    MENTOR_NOMINATION = "mentor_nomination"
    CHECKLIST_ITEM = "checklist_item"
    GOALS = "goals"
    GOALS_AGREEMENT = "goals_agreement"
    SESSION_NOTE = "session_note"
    MANAGER_REVIEW = "manager_review"
    MENTOR_REVIEW = "mentor_review"
    SELF_REVIEW = "self_review"
    IMPROVEMENT_PLAN = "improvement_plan"
    IMPROVEMENT_CHECK = "improvement_check"
    PROPOSAL = "proposal"
    APPROVAL = "approval"
    CONFIRMATION = "confirmation"
    OFFER = "offer"
    EXTENSION_CONSENT = "extension_consent"
    PATTERN_CONSENT = "pattern_consent"
    FOLLOW_UP = "follow_up"
    OFFBOARDING_ITEM = "offboarding_item"
    CHANGEOVER_ITEM = "changeover_item"
    MENTOR_WISH = "mentor_wish"
    PULSE = "pulse"
    MENTOR_PULSE = "mentor_pulse"

    SKILLS_SELF = "skills_self"
    SKILLS_MANAGER = "skills_manager"
    CALIBRATION = "calibration"
    PLAN_CHOICE = "plan_choice"
    PLAN_APPROVAL = "plan_approval"
    SEAT_OFFER = "seat_offer"
    ATTENDANCE = "attendance"
    E_LEARNING = "e_learning"
    ASSIGNMENT_REPORT = "assignment_report"
    SIGN_OFF = "sign_off"
    STUDY_EVIDENCE = "study_evidence"
    EVIDENCE_REVIEW = "evidence_review"
    PATH_AFTER_PLACEMENT = "path_after_placement"

    EXAM_RESULT = "exam_result"

    MATCHING_REVIEW = "matching_review"

    SUCCESSOR = "successor"
    RIGHT_PERSON = "right_person"


class Form(Message):
    """Base of all forms."""

    def people(self) -> list[PersonId]:
        """Whom the answer names; each has to be in the records."""
        return []

    def reason_against(self, _facts: Mapping[str, Any]) -> str | None:
        """Why the answer does not fit the ``facts`` that were asked about, with the field before it; or none."""
        return None


class YesNo(Form):
    """A yes, or a no with its reason."""

    yes: bool
    reason: Sentence | None = None

    @model_validator(mode="after")
    def _a_no_has_a_reason(self) -> Self:
        if not self.yes and self.reason is None:
            raise ValueError("a no needs its reason")
        return self


@runtime_checkable
class Waivable(Protocol):
    """A form which whoever it was escalated to may leave empty, saying why there is no answer."""

    waived_because: str | None


F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Question(Generic[F]):
    """A kind of task together with its form, so that asking it returns that form.

    It stays open until somebody answers or it is called off: time never decides about a person.
    """

    kind: TaskKind
    form: type[F]


@dataclass(frozen=True)
class ExpiringQuestion(Generic[F]):
    """A question that runs out with its time. Not a :class:`Question`: whoever asks it has to say what follows then."""

    kind: TaskKind
    form: type[F]


AnyQuestion: TypeAlias = Question[Any] | ExpiringQuestion[Any]
