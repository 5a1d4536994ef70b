"""The forms that the cases of all programmes have."""

from __future__ import annotations

from domain.core.model import PersonId, Sentence
from domain.core.questions import AnyQuestion, Form, Question, TaskKind


class Successor(Form):
    """HR names who takes over a part from somebody who leaves, with a reason where there is something to say."""

    to: PersonId
    reason: Sentence | None = None

    def people(self) -> list[PersonId]:
        """The successor."""
        return [self.to]


SUCCESSOR = Question(TaskKind.SUCCESSOR, Successor)

QUESTIONS: tuple[AnyQuestion, ...] = (SUCCESSOR,)

KINDS = frozenset(question.kind for question in QUESTIONS)
"""The kinds of tasks that the cases of all programmes have."""
