"""Whether an answer to a task of each kind, of all programmes, can be put right."""

from __future__ import annotations

from collections.abc import Mapping

from domain.cohort import reopening as of_cohorts
from domain.core.questions import TaskKind
from domain.core.reopening import OF_ALL_PROGRAMMES, Rule
from domain.learning import reopening as of_learning
from domain.placement import reopening as of_placements

REOPENING: Mapping[TaskKind, Rule] = {
    **OF_ALL_PROGRAMMES,
    **of_placements.REOPENING,
    **of_learning.REOPENING,
    **of_cohorts.REOPENING,
}
"""The rule of each kind of task."""
