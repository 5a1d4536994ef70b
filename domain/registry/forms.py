"""The form of each kind of task, of all programmes, and which kinds run out with their time."""

from __future__ import annotations

from collections.abc import Mapping

from domain.cohort import forms as cohort_forms
from domain.core import forms as core_forms
from domain.core.questions import AnyQuestion, ExpiringQuestion, Form, TaskKind
from domain.learning import forms as learning_forms
from domain.placement import forms as placement_forms

QUESTIONS: tuple[AnyQuestion, ...] = (
    *core_forms.QUESTIONS,
    *placement_forms.QUESTIONS,
    *learning_forms.QUESTIONS,
    *cohort_forms.QUESTIONS,
)

FORMS: Mapping[TaskKind, type[Form]] = {question.kind: question.form for question in QUESTIONS}

MAY_EXPIRE = frozenset(question.kind for question in QUESTIONS if isinstance(question, ExpiringQuestion))
"""All other tasks stay open until somebody answers: time never decides about a person."""
