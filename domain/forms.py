"""The form of each kind of task, of all programmes."""

from __future__ import annotations

from collections.abc import Mapping

from domain import cohort_forms, learning_forms, placement_forms
from domain.questions import Form, TaskKind

FORMS: Mapping[TaskKind, type[Form]] = {
    question.kind: question.form
    for question in (*placement_forms.QUESTIONS, *learning_forms.QUESTIONS, *cohort_forms.QUESTIONS)
}
