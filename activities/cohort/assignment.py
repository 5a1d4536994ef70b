"""Giving out places so that the total is best: an assignment, solved in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from domain.cohort.matching import Objective

EXACT = 2**53
"""The solver counts in floating point, which holds all whole numbers below this."""


def assign(scores: ArrayLike, places: Sequence[int], objective: Objective) -> list[int | None]:
    """The column for each row of a matrix of whole scores, or none. The same for the same.

    ``scores`` has a row for each who seeks and a column for each of ``places``; a pair with a negative score is not
    allowed, one with 0 is. ``best_total``: the best sum of scores, and of those with it one of the most rows.
    ``most_people``: the most rows, and of those one of the best sum. Raises ``ValueError`` for shapes that do not fit,
    scores that are not whole, negative places, and more than can be counted exactly.
    """
    matrix = _checked(scores, places)
    seekers = len(matrix)
    column_of = np.repeat(np.arange(len(places)), np.minimum(places, seekers).astype(int))
    if not seekers or not len(column_of):
        return [None] * seekers
    gains = _gains(matrix, objective)
    # To each row a column that stands for nobody, so that none has to take a pair that is not allowed.
    table = np.hstack([gains[:, column_of], np.zeros((seekers, seekers))])
    _, chosen = linear_sum_assignment(table, maximize=True)
    return [int(column_of[place]) if place < len(column_of) else None for place in chosen]


def _checked(scores: ArrayLike, places: Sequence[int]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    given = np.asarray(scores)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise ValueError("scores must be whole numbers")
    if min(places, default=0) < 0:
        raise ValueError("places must not be negative")
    if given.shape[1:] != (len(places),) and len(given):
        raise ValueError(f"scores must have a column for each of the {len(places)} places")
    return given.astype(np.int64).reshape(len(given), len(places))


def _gains(
    matrix: np.ndarray[tuple[int, int], np.dtype[np.int64]], objective: Objective
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """What each pair is worth, such that the second aim never outweighs the first; less than nobody if not allowed."""
    seekers, best = len(matrix), max(0, int(matrix.max()))
    factor, each = (seekers + 1, 1) if objective == "best_total" else (1, seekers * best + 1)
    if seekers * (factor * best + each) >= EXACT:
        raise ValueError("the scores are too large to be counted exactly")
    return np.where(matrix < 0, -1.0, factor * matrix.astype(np.float64) + each)
