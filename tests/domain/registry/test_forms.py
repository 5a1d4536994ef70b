"""What all subjects' forms have in common."""

from __future__ import annotations

from domain.cohort.forms import QUESTIONS
from domain.core.questions import TaskKind
from domain.placement.policy import COHORT_KINDS
from domain.registry.forms import FORMS


def test_every_kind_of_task_has_its_form() -> None:
    assert set(FORMS) == set(TaskKind)


def test_the_policy_of_placements_rules_all_that_a_cohort_asks() -> None:
    assert {question.kind for question in QUESTIONS} == COHORT_KINDS
