"""What all subjects' forms have in common."""

from __future__ import annotations

from pathlib import Path

from domain.cohort.forms import QUESTIONS
from domain.core.questions import TaskKind
from domain.placement.policy import COHORT_KINDS
from domain.registry.forms import FORMS
from domain.registry.policy_file import read_any_policy

POLICIES = Path(__file__).parents[3] / "policies"


def test_every_kind_of_task_has_its_form() -> None:
    assert set(FORMS) == set(TaskKind)


def test_the_policy_of_placements_rules_all_that_a_cohort_asks() -> None:
    assert {question.kind for question in QUESTIONS} == COHORT_KINDS


def test_every_kind_of_task_has_its_rule_in_a_shipped_policy() -> None:
    shipped = [read_any_policy(path.read_text(), path.name) for path in POLICIES.glob("*.yaml")]
    assert {kind for policy in shipped for kind in policy.tasks} == {kind.value for kind in TaskKind}
