"""Means of pulses: nobody is given away, whichever reports somebody lays side by side, one made after the other too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.reporting.cases import PulseScore
from records.reporting.models import PulseMean
from records.reporting.pulses import PulseMeans, all_the_same
from records.reporting.steps import FEWEST

CAME = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), max_size=40).map(
    lambda found: [
        PulseScore(cohort, f"P-{n}", "returner", 2, "support", "I feel supported", score)
        for n, (cohort, score) in enumerate(found)
    ]
)
"""What people said in some cohorts, in the order in which it came."""


def said(cohort: str | None, *scores: int, week: int = 2, key: str = "support") -> list[PulseScore]:
    """So many people of a cohort have said this."""
    return [
        PulseScore(cohort, f"P-{cohort}{n}", "returner", week, key, "I feel supported", score)
        for n, score in enumerate(scores)
    ]


def shown(means: list[PulseMean]) -> list[tuple[Decimal | None, int | None]]:
    return [(pulse.mean, pulse.answers) for pulse in means]


def test_five_people_have_a_mean_and_four_have_none() -> None:
    means = PulseMeans([*said("SPRING", 5, 4, 4, 3, 5), *said("AUTUMN", 2, 1, 4, 4)])
    assert shown(means.of("SPRING")) == [(Decimal("4.20"), 5)]
    assert shown(means.of("AUTUMN")) == [(None, None)]
    assert shown(means.of_all()) == [(Decimal("4.20"), 5)], "nothing follows of a cohort from what all said"


@pytest.mark.parametrize("sixth", [1, 5])
def test_what_the_sixth_has_said_does_not_follow_from_the_means_of_five_and_six(sixth: int) -> None:
    """Given a report of five answers, when one more comes, then the next report says the same; with ten it moves on."""
    five = said("SPRING", 5, 4, 4, 3, 5)
    before = PulseMeans(five)

    after = PulseMeans([*five, *said("SPRING", *[0] * 5, sixth)[5:]])

    assert after.of("SPRING") == before.of("SPRING")
    assert after.of_all() == before.of_all()
    ten = PulseMeans(said("SPRING", 5, 4, 4, 3, 5, sixth, 1, 2, 3, 4))
    assert [pulse.answers for pulse in ten.of("SPRING")] == [10]


def test_five_who_all_said_the_same_wait_for_the_next_five() -> None:
    """Else it would be known of each what they said: at first, and where somebody has the report before."""
    assert shown(PulseMeans(said("SPRING", 1, 1, 1, 1, 1)).of("SPRING")) == [(None, None)]
    assert shown(PulseMeans(said("SPRING", 1, 1, 1, 1, 1, 2)).of("SPRING")) == [(None, None)]
    assert shown(PulseMeans(said("SPRING", *[1] * 9, 2)).of("SPRING")) == [(Decimal("1.10"), 10)]
    later = PulseMeans(said("SPRING", 1, 2, 3, 4, 5, *[3] * 5))
    assert shown(later.of("SPRING")) == [(Decimal("3.00"), 5)]


def test_a_question_is_for_itself_and_of_somebody_who_answers_twice_the_first_answer_counts() -> None:
    """A later one would change what was shown before by what a single person has said."""
    means = PulseMeans([*said("SPRING", 1, 2, 3, 4, 5), *said("SPRING", 5), *said("SPRING", 2, 2, week=6)])
    assert shown(means.of("SPRING")) == [(Decimal("3.00"), 5), (None, None)]


def test_nobody_can_tell_a_cohort_that_said_nothing_from_one_that_is_suppressed() -> None:
    means = PulseMeans([*said("SPRING", 1, 2), *said("AUTUMN", 1, 2, 3, 4, 5, 5)])
    assert means.of("SPRING") == means.of("WINTER")


@given(CAME, st.integers(0, 40), st.integers(0, 40))
def test_two_reports_differ_by_five_answers_that_are_not_all_the_same_or_not_at_all(
    came: list[PulseScore], first: int, second: int
) -> None:
    """Whatever came between them; and what is shown is the mean of as many answers as the counts say."""
    sooner, later = sorted((first, second))
    before, after = PulseMeans(came[:sooner]), PulseMeans(came[:later])

    for cohort in "abc":
        of_cohort = [pulse.score for pulse in came[:later] if pulse.cohort == cohort]
        was, now = ([pulse.answers or 0 for pulse in means.of(cohort)] or [0] for means in (before, after))
        new = of_cohort[was[0] : now[0]]
        assert not new or (len(new) >= FEWEST and not all_the_same(new))
        (mean,) = [pulse.mean for pulse in after.of(cohort)] or [None]
        assert mean is None or abs(mean - Decimal(sum(of_cohort[: now[0]])) / now[0]) <= Decimal("0.005")
    in_all = [pulse.answers or 0 for pulse in after.of_all()]
    assert sum(in_all) == sum(pulse.answers or 0 for cohort in "abc" for pulse in after.of(cohort))
