"""Choosing the trainings that close most within hours and budget: a small integer programme.

The most valuable plan; among equals the cheapest, then the shortest, then the one whose ids come first. Each is a solve
of its own, bound by what the ones before it found, so that no mixture of weights decides. The solver counts in floating
point: whatever it finds is checked in whole numbers, and solved again without it where that shows a difference.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, inf, lcm
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from domain.core.rounding import HUNDREDTH
from domain.learning.catalogue import Catalogue, Training
from domain.learning.gaps import Gap
from domain.learning.plan import LearningPlanRequest, PlanProposal, plan_of
from domain.learning.trainings import credit, helping, obtainable

ENOUGH_SECONDS = 20.0
"""The best plan found by then is proposed, should that ever be too little to prove that there is no better one."""

IDS_AT_ONCE = 16
"""So many ids are put in order by one solve, which counts in powers of two."""

HALF = 0.5
"""All rows count in whole numbers; less than half of one is what the solver may be off by."""

Chosen = frozenset[int]
"""The trainings of a plan, by their place among the candidates."""


def choose(request: LearningPlanRequest, catalogue: Catalogue) -> PlanProposal:
    """The best plan for these gaps within the limits, and all that might be chosen instead. The same for the same."""
    limits, currency = request.limits, request.limits.budget.currency
    offered = [
        training for training in catalogue.trainings if training.id not in {*request.leaving_out, *request.passed}
    ]
    candidates = helping(obtainable(offered, request.passed, currency, request.when), request.gaps)
    chosen = _Programme(candidates, request).best() if candidates else frozenset()
    plan = plan_of(
        [candidates[n] for n in chosen], request.gaps, request.passed, currency, request.when, offered, limits
    )
    return PlanProposal(plan=plan, candidates=candidates)


@dataclass(frozen=True)
class _Row:
    """``low <= sum of factors x variables <= high``."""

    factors: Mapping[int, int]
    low: float = -inf
    high: float = inf

    def holds(self, values: Mapping[int, int]) -> bool:
        """Whether it holds for these variables; the others are 0."""
        return self.low <= sum(factor * values.get(n, 0) for n, factor in self.factors.items()) <= self.high


class _Programme:
    """Variables: whether each training is taken; then, of each gap, whether each further level in it is reached.

    A further level is reached when a training is taken that leads to it.
    """

    def __init__(self, candidates: Sequence[Training], request: LearningPlanRequest) -> None:
        self._until = time.monotonic() + ENOUGH_SECONDS
        self._trainings = range(len(candidates))
        self._cents = {n: _cents(candidate.cost.amount) for n, candidate in enumerate(candidates)}
        self._hours = {n: candidate.hours for n, candidate in enumerate(candidates)}
        self._leading: dict[int, list[int]] = {}
        self._worth = self._levels(candidates, request.gaps)
        self._rows = [
            _Row(self._hours, high=request.limits.hours + HALF),
            _Row(self._cents, high=_cents(request.limits.budget.amount) + HALF),
            *(_Row({level: -1, **dict.fromkeys(which, 1)}, low=0) for level, which in self._leading.items()),
            *_prerequisites(candidates),
        ]

    def best(self) -> Chosen:
        """The best plan; an empty one where nothing that helps can be planned."""
        best = self._better({level: -worth for level, worth in self._worth.items()}, frozenset())
        self._rows.append(_Row(self._worth, low=_sum(self._worth, self._values(best)) - HALF))
        for measure in (self._cents, self._hours):
            best = self._better(measure, best)
            self._rows.append(_Row(measure, high=_sum(measure, self._values(best)) + HALF))
        for start in self._trainings[::IDS_AT_ONCE]:
            block = self._trainings[start : start + IDS_AT_ONCE]
            best = self._better({n: -(1 << (block.stop - 1 - n)) for n in block}, best)
            self._rows += [_Row({n: 1}, low=int(n in best), high=int(n in best)) for n in block]
        return best

    def _levels(self, candidates: Sequence[Training], gaps: Sequence[Gap]) -> dict[int, int]:
        """What each further level is worth, by its variable, in whole numbers; and which trainings lead to it."""
        worth: dict[int, Fraction] = {}
        for gap in gaps:
            credits = [credit(candidate, gap) for candidate in candidates]
            below = gap.assessed
            for level in sorted({further for further in credits if further > gap.assessed}):
                variable = len(candidates) + len(worth)
                worth[variable] = Fraction(gap.priority) / Fraction(gap.missing) * Fraction(level - below)
                self._leading[variable] = [n for n in self._trainings if credits[n] >= level]
                below = level
        scale = lcm(*(value.denominator for value in worth.values()))
        whole = {variable: int(value * scale) for variable, value in worth.items()}
        common = gcd(*whole.values())
        return {variable: value // common for variable, value in whole.items()}

    def _better(self, objective: Mapping[int, int], before: Chosen) -> Chosen:
        """The plan that keeps to all rows and makes the objective least; ``before`` where the solver finds none."""
        wrong: list[_Row] = []
        while (found := self._solve(objective, wrong)) is not None:
            if all(row.holds(self._values(found)) for row in self._rows):
                return found
            wrong.append(_Row({n: -1 if n in found else 1 for n in self._trainings}, low=1 - len(found)))
        return before

    def _solve(self, objective: Mapping[int, int], wrong: Sequence[_Row]) -> Chosen | None:
        seconds_left = self._until - time.monotonic()
        if seconds_left <= 0:
            return None
        rows, size = [*self._rows, *wrong], len(self._trainings) + len(self._worth)
        costs = np.zeros(size)
        costs[list(objective)] = list(objective.values())
        result = milp(
            costs,
            integrality=np.arange(size) < len(self._trainings),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(_matrix(rows, size), [row.low for row in rows], [row.high for row in rows]),
            options={"mip_rel_gap": 0.0, "time_limit": seconds_left},
        )
        return None if result.x is None else frozenset(n for n in self._trainings if result.x[n] > HALF)

    def _values(self, chosen: Chosen) -> dict[int, int]:
        """The variables that are 1 for a plan."""
        reached = [level for level, which in self._leading.items() if not chosen.isdisjoint(which)]
        return dict.fromkeys([*chosen, *reached], 1)


def _prerequisites(candidates: Sequence[Training]) -> list[_Row]:
    """A training is taken only with what it requires; what is no candidate has been passed."""
    place = {candidate.id: n for n, candidate in enumerate(candidates)}
    return [
        _Row({n: -1, place[need]: 1}, low=0)
        for n, training in enumerate(candidates)
        for need in training.requires
        if need in place
    ]


def _matrix(rows: Sequence[_Row], columns: int) -> Any:
    entries = [(factor, n, column) for n, row in enumerate(rows) for column, factor in row.factors.items()]
    factors, lines, across = zip(*entries, strict=True)
    return csr_array((np.array(factors, dtype=float), (lines, across)), shape=(len(rows), columns))


def _sum(factors: Mapping[int, int], values: Mapping[int, int]) -> int:
    return sum(factor * values.get(n, 0) for n, factor in factors.items())


def _cents(amount: Decimal) -> int:
    return int(amount / HUNDREDTH)
