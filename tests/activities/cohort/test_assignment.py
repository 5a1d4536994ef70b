"""Giving out places: no other way to do it is better, and nobody gets what is not allowed."""

from __future__ import annotations

import random
import time
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.cohort.assignment import assign
from domain.cohort.matching import Objective

Matrix = list[list[int]]
objectives = st.sampled_from(["best_total", "most_people"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[Matrix, list[int]]:
    """Up to four who seek and three with places; scores often equal or far apart, pairs often not allowed."""
    places = draw(st.lists(st.integers(0, 3), max_size=3))
    score = st.one_of(st.sampled_from([-1, 0, 10]), st.integers(0, 10_000))
    row = st.lists(score, min_size=len(places), max_size=len(places))
    return draw(st.lists(row, max_size=4)), places


def aims(scores: Matrix, chosen: tuple[int | None, ...], objective: Objective) -> tuple[int, int]:
    """By which ways to give out places are compared: the greatest is the best."""
    pairs = [row[mentor] for row, mentor in zip(scores, chosen, strict=True) if mentor is not None]
    return (sum(pairs), len(pairs)) if objective == "best_total" else (len(pairs), sum(pairs))


def all_ways(scores: Matrix, places: list[int]) -> list[tuple[int | None, ...]]:
    """Every allowed way to give out the places."""
    options = [[None, *(n for n, score in enumerate(row) if score >= 0)] for row in scores]
    return [
        way for way in product(*options) if all(way.count(mentor) <= number for mentor, number in enumerate(places))
    ]


@settings(max_examples=400)
@given(tables(), objectives)
def test_no_other_way_is_better(table: tuple[Matrix, list[int]], objective: Objective) -> None:
    scores, places = table
    chosen = tuple(assign(scores, places, objective))

    ways = all_ways(scores, places)
    assert chosen in ways
    assert aims(scores, chosen, objective) == max(aims(scores, way, objective) for way in ways)


def test_the_best_total_may_leave_somebody_out_and_the_most_people_may_cost_some_of_it() -> None:
    # Given one who suits the first mentor perfectly and the second a little, and one who may have only the first
    scores, places = [[10_000, 1_000], [2_000, -1]], [1, 1]

    assert assign(scores, places, "best_total") == [0, None]
    assert assign(scores, places, "most_people") == [1, 0]


def test_one_more_person_counts_more_than_whatever_it_costs() -> None:
    # Given two pairs that bring all there is, and a third person who gets a place only if both pairs are given up
    scores = [[10, 0, -1], [-1, 10, 0], [0, -1, -1]]

    assert assign(scores, [1, 1, 1], "best_total") == [0, 1, None]
    assert assign(scores, [1, 1, 1], "most_people") == [1, 2, 0]


def test_of_equal_totals_the_one_with_more_people_is_taken() -> None:
    # Given a total of 2 for two people, or for all three
    assert assign([[1, 1, 2], [-1, 0, 1], [-1, 0, 0]], [1, 1, 1], "best_total") == [0, 2, 1]


@pytest.mark.parametrize("seekers", [1, 2, 5])
def test_who_suits_nobody_at_all_still_gets_a_place_that_is_free(seekers: int) -> None:
    for objective in ("best_total", "most_people"):
        assert sorted(map(str, assign([[0]] * seekers, [2], objective))) == sorted(
            ["0"] * min(2, seekers) + ["None"] * max(0, seekers - 2)
        )


def test_scores_that_differ_by_the_last_decimal_count_however_many_there_are() -> None:
    # Given a thousand who are all alike, but for a ten-thousandth, and one place
    scores = [[9_999]] * 998 + [[10_000]] + [[9_999]]
    for objective in ("best_total", "most_people"):
        assert assign(scores, [1], objective).index(0) == 998


@pytest.mark.parametrize(
    ("scores", "places", "complaint"),
    [
        ([[0.5]], [1], "whole"),
        ([[1]], [-1], "negative"),
        ([[1, 2]], [1], "column"),
        ([[2**52], [1]], [1], "exactly"),
    ],
)
def test_what_cannot_be_solved_exactly_is_refused(scores: Matrix, places: list[int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        assign(scores, places, "most_people")


@pytest.mark.parametrize("objective", ["best_total", "most_people"])
@pytest.mark.parametrize("different", [10_001, 3, 1])
def test_a_thousand_who_seek_and_four_hundred_mentors_take_seconds_at_most(
    objective: Objective, different: int
) -> None:
    scores = np.random.default_rng(5).integers(0, different, (1_000, 400))
    scores[np.random.default_rng(6).random((1_000, 400)) < 0.1] = -1
    places = random.Random(7).choices([0, 1, 2, 3], k=400)

    began = time.perf_counter()
    chosen = assign(scores, places, objective)

    assert time.perf_counter() - began < 10  # a tenth of a second when nobody else needs the machine
    used = Counter(mentor for mentor in chosen if mentor is not None)
    assert used.total() == min(sum(places), 1_000)
    assert all(number <= places[mentor] for mentor, number in used.items())
