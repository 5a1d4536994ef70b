"""Rounding: half up as people do it, and what decided something is never told as if it had decided otherwise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.model import Party
from domain.core.rounding import hundredth, percent
from domain.placement.decision import ReviewRound, close_round
from tests.domain.factories import shipped_policy


@pytest.mark.parametrize(
    ("part", "of", "said"), [(1, 8, 13), (3, 8, 38), (1, 200, 1), (1, 40, 3), (0, 5, 0), (5, 5, 100)]
)
def test_half_a_percent_goes_up(part: int, of: int, said: int) -> None:
    assert percent(part, of) == said


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_percentage_is_off_by_no_more_than_half(part: int, of: int) -> None:
    off = percent(part, of) - Fraction(100 * part, of)
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


@given(st.decimals(0, 7, places=5), st.decimals(0, 7, places=2))
def test_what_is_below_a_limit_is_told_below_it(value: Decimal, limit: Decimal) -> None:
    told = hundredth(value, limit)

    assert (told < limit) == (value < limit)
    assert abs(told - value) < Decimal("0.01")
    assert told == told.quantize(Decimal("0.01"))


def test_a_mean_of_2_998_is_below_3() -> None:
    weights = {Party.MANAGER: 0.998, Party.MENTOR: 0.001, Party.RETURNER: 0.001}
    rules = shipped_policy().reviews.model_copy(update={"weights": weights})
    review = ReviewRound(n=1, title="week 4", scores={Party.MANAGER: 3, Party.MENTOR: 2, Party.RETURNER: 2})

    close_round(review, rules)

    assert (review.combined, review.below_threshold) == (Decimal("2.99"), True)


def test_a_mean_of_exactly_3_is_not_below_3() -> None:
    review = ReviewRound(n=1, title="week 4", scores={Party.MANAGER: 3, Party.MENTOR: 3, Party.RETURNER: 3})

    close_round(review, shipped_policy().reviews)

    assert (review.combined, review.below_threshold) == (Decimal("3.00"), False)
