"""The form of each kind of task, of all programmes, and which kinds run out with their time."""

from __future__ import annotations

from collections.abc import Mapping

from domain import cohort_forms, learning_forms, placement_forms
from domain.questions import AnyQuestion, ExpiringQuestion, Form, TaskKind

QUESTIONS: tuple[AnyQuestion, ...] = (
    *placement_forms.QUESTIONS,
    *learning_forms.QUESTIONS,
    *cohort_forms.QUESTIONS,
)

FORMS: Mapping[TaskKind, type[Form]] = {question.kind: question.form for question in QUESTIONS}

MAY_EXPIRE = frozenset(question.kind for question in QUESTIONS if isinstance(question, ExpiringQuestion))
"""All other tasks stay open until somebody answers: time never decides about a person."""
