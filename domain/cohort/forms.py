"""The forms of a cohort: what HR is asked about it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from domain.core.model import PERSON_ID, PersonId, Sentence
from domain.core.questions import AnyQuestion, Form, Question, TaskKind

PairText = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^{PERSON_ID}={PERSON_ID}$")]
"""A returner and a mentor, as HR writes them: ``P-7F3K2M=P-4CY9GS``."""


class MatchingReview(Form):
    """HR agrees to a proposed matching, or has it made again with pairs that must be (``pin``) or must not be.

    What was pinned or forbidden before stays so, unless the other is said of the same pair now, or it is lifted.
    """

    agree: bool
    pin: list[PairText] = []
    forbid: list[PairText] = []
    lift: list[PairText] = []
    reason: Sentence | None = None

    def people(self) -> list[PersonId]:
        """The mentors that are pinned; to forbid somebody unknown does no harm."""
        return [pair.partition("=")[2] for pair in self.pin]

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.agree and (self.pin or self.forbid or self.lift):
            raise ValueError("agree to the matching as it is, or pin, forbid and lift pairs and see it again")
        if not self.agree and not (self.pin or self.forbid or self.lift or self.reason):
            raise ValueError("say which pairs to pin, forbid or lift, or the reason why it is to be made again")
        return self


MATCHING_REVIEW = Question(TaskKind.MATCHING_REVIEW, MatchingReview)

QUESTIONS: tuple[AnyQuestion, ...] = (MATCHING_REVIEW,)
