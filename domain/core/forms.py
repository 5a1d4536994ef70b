"""The forms that the cases of all programmes have."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from domain.core.model import PersonId, Sentence
from domain.core.questions import AnyQuestion, Form, Question, TaskKind


class Successor(Form):
    """HR names who takes over a part from somebody who leaves, with a reason where there is something to say.

    Whoever has left and is back keeps the part where they are named themselves.
    """

    to: PersonId
    reason: Sentence | None = None

    def people(self) -> list[PersonId]:
        """The successor."""
        return [self.to]


class RightPerson(Form):
    """Whose a task is, of which somebody has said that it is not theirs.

    Name the ``person`` who is to have it; or, where it is theirs after all, tell them why (``theirs_because``).
    """

    person: PersonId | None = None
    theirs_because: Sentence | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.person is None) == (self.theirs_because is None):
            raise ValueError("give either the person whose it is, or theirs_because")
        return self

    def people(self) -> list[PersonId]:
        """Whoever is named."""
        return [] if self.person is None else [self.person]


SUCCESSOR = Question(TaskKind.SUCCESSOR, Successor)

RIGHT_PERSON = Question(TaskKind.RIGHT_PERSON, RightPerson)

QUESTIONS: tuple[AnyQuestion, ...] = (SUCCESSOR, RIGHT_PERSON)

KINDS = frozenset(question.kind for question in QUESTIONS)
"""The kinds of tasks that the cases of all programmes have."""
