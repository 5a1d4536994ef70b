"""Simulated people have an answer to whatever anybody is asked."""

from __future__ import annotations

import pytest

from domain.core.questions import TaskKind
from domain.registry.answers import read_form
from rehearsal.habits import REFUSABLE
from simulated.answers import UNWILLING, willing

FACTS = {"skills": ["sql", "python"], "questions": {"support": "I feel supported"}, "could": ["P-HRLEAD"]}


@pytest.mark.parametrize("kind", TaskKind)
def test_what_everybody_hopes_for_fits_the_form(kind: TaskKind) -> None:
    read_form(kind, willing(kind, FACTS, ["P-MENTOR1"]))


@pytest.mark.parametrize("kind", UNWILLING)
def test_a_no_has_all_that_its_form_asks_for(kind: TaskKind) -> None:
    read_form(kind, UNWILLING[kind])


def test_there_is_a_no_to_whatever_a_rehearsal_may_refuse() -> None:
    assert set(UNWILLING) >= REFUSABLE
