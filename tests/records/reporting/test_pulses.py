"""Means of pulses: nobody is given away, whichever reports somebody lays side by side."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from records.reporting.cases import PulseScore
from records.reporting.fairness import FEWEST
from records.reporting.models import PulseMean
from records.reporting.pulses import PulseMeans, hidden, tells

COHORTS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.integers(1, 5), min_size=1, max_size=9),
    max_size=6,
).map(
    lambda found: {
        cohort: {f"P-{cohort}{n}": score for n, score in enumerate(scores)} for cohort, scores in found.items()
    }
)
"""What people said in some cohorts, each of whom is in one."""


def said(cohort: str | None, *scores: int, week: int = 2, key: str = "support") -> list[PulseScore]:
    """So many people of a cohort have said this."""
    return [
        PulseScore(cohort, f"P-{cohort}{n}", "returner", week, key, "I feel supported", score)
        for n, score in enumerate(scores)
    ]


def shown(means: list[PulseMean]) -> list[tuple[Decimal | None, int | None]]:
    return [(pulse.mean, pulse.answers) for pulse in means]


def test_five_people_have_a_mean_and_four_have_none() -> None:
    means = PulseMeans([*said("SPRING", 5, 4, 4, 3, 5), *said("AUTUMN", 2, 1, 4, 4, 5, 3)])
    assert shown(means.of("SPRING")) == [(Decimal("4.20"), 5)]
    assert shown(means.of_all()) == [(Decimal("3.64"), 11)]
    few = PulseMeans(said("SPRING", 5, 4, 4, 3))
    assert shown(few.of("SPRING")) == shown(few.of_all()) == [(None, None)]


def test_what_would_tell_of_a_small_cohort_is_suppressed_with_it() -> None:
    means = PulseMeans([*said("SPRING", 5, 4, 4, 3, 5), *said("AUTUMN", 2, 1), *said(None, 3, 4, 5, 4, 3, 2, 2)])
    assert shown(means.of("AUTUMN")) == shown(means.of("SPRING")) == [(None, None)]
    assert shown(means.of(None)) == [(Decimal("3.29"), 7)]
    assert shown(means.of_all()) == [(Decimal("3.36"), 14)]


def test_where_all_said_the_same_a_mean_would_say_what_each_said() -> None:
    means = PulseMeans(
        [*said("SPRING", 1, 1, 1, 1, 1, 1), *said("AUTUMN", 2, 4, 4, 4, 5), *said("WINTER", *[3, 4] * 6)]
    )
    assert shown(means.of("SPRING")) == shown(means.of("AUTUMN")) == [(None, None)]
    assert shown(means.of("WINTER")) == [(Decimal("3.50"), 12)]


def test_a_question_is_for_itself_and_somebody_who_answers_twice_is_one_person() -> None:
    means = PulseMeans([*said("SPRING", 1, 2, 3, 4, 5), *said("SPRING", 5), *said("SPRING", 2, 2, week=6)])
    assert shown(means.of("SPRING")) == [(Decimal("3.80"), 5), (None, None)]


def test_nobody_can_tell_a_cohort_that_said_nothing_from_one_that_is_suppressed() -> None:
    means = PulseMeans([*said("SPRING", 1, 2), *said("AUTUMN", 1, 2, 3, 4, 5, 5)])
    assert means.of("SPRING") == means.of("WINTER")


@given(COHORTS)
def test_what_can_be_worked_out_from_the_total_tells_of_nobody(cohorts: dict[str, dict[str, int]]) -> None:
    not_shown = hidden(cohorts)

    assert not any(tells(cohorts, [cohort]) for cohort in cohorts.keys() - not_shown)
    if tells(cohorts, cohorts) or not not_shown:
        return  # there is no total to work anything out from, or nothing to work out
    assert len(not_shown) > 1 or not_shown == set(cohorts)
    assert not tells(cohorts, not_shown) or not_shown == set(cohorts)


@given(COHORTS)
def test_no_cohort_is_suppressed_that_need_not_be(cohorts: dict[str, dict[str, int]]) -> None:
    not_shown = hidden(cohorts)

    for cohort in not_shown:
        fewer = not_shown - {cohort}
        assert tells(cohorts, [cohort]) or len(fewer) < 2 or tells(cohorts, fewer)


@given(COHORTS)
def test_a_mean_that_is_shown_is_of_five_people_at_least(cohorts: dict[str, dict[str, int]]) -> None:
    means = PulseMeans(
        PulseScore(cohort, person, "returner", 2, "support", "I feel supported", score)
        for cohort, scores in cohorts.items()
        for person, score in scores.items()
    )
    everywhere = [*means.of_all(), *(pulse for cohort in cohorts for pulse in means.of(cohort))]
    assert all((pulse.mean is None) is (pulse.answers is None) for pulse in everywhere)
    assert all(pulse.answers is None or pulse.answers >= FEWEST for pulse in everywhere)
