"""The four-fifths rule, and that nothing in it gives anybody away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise, zip_longest

from hypothesis import given
from hypothesis import strategies as st

from records.reporting.cases import Entered, Placement
from records.reporting.fairness import adverse_impact, suppressed, unsure
from records.reporting.models import Impact
from records.reporting.steps import FEWEST

FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40), max_size=8)


def applied(person: str, outcome: str | None, *, started: bool = True) -> Placement:
    """Somebody's placement: over, where it has an outcome."""
    entered = [Entered("placement", FIRST_DAY, 0)] if started else []
    entered += [Entered("ended", FIRST_DAY + timedelta(days=112), 0)] if outcome else []
    return Placement(f"R-{person}", f"P-{person}", None, "ended" if outcome else "placement", outcome, entered)


def impacts_of(**groups: Sequence[Placement]) -> list[Impact]:
    """The impact for a characteristic whose values are the names of these groups, of whom one after the other came."""
    values = {placement.person: {"gender": value} for value, group in groups.items() for placement in group}
    came = [placement for placement in chain.from_iterable(zip_longest(*groups.values())) if placement]
    in_turn = [
        replace(placement, entered=[entry._replace(arrived=entry.arrived + n) for entry in placement.entered])
        for n, placement in enumerate(came)
    ]
    return adverse_impact(in_turn, values)


def impact_of(**groups: Sequence[Placement]) -> Impact:
    (found,) = impacts_of(**groups)
    return found


def group(name: str, converted: int, released: int) -> list[Placement]:
    """So many people, those who are converted evenly among the others."""
    people = converted + released
    so_far = [n * converted // people for n in range(people + 1)]
    outcomes = ["converted" if after > before else "released" for before, after in pairwise(so_far)]
    return [applied(f"{name}{n}", outcome) for n, outcome in enumerate(outcomes)]


def test_exactly_four_fifths_is_not_under_four_fifths() -> None:
    at_the_edge = impact_of(female=group("F", 4, 6), male=group("M", 5, 5))
    below = impact_of(female=group("F", 7, 13), male=group("M", 9, 11))
    assert [
        (shown.conversions.ratio, shown.conversions.flagged) for shown in at_the_edge.groups if shown.conversions
    ] == [
        (0.8, False),
        (1.0, False),
    ]
    assert [shown.conversions.flagged for shown in below.groups if shown.conversions] == [True, False]


def test_a_ratio_under_four_fifths_is_not_told_as_four_fifths() -> None:
    found = impact_of(female=group("F", 51, 79), male=group("M", 64, 66))  # 0.797 of the best rate
    assert [(shown.conversions.ratio, shown.conversions.flagged) for shown in found.groups if shown.conversions] == [
        (0.79, True),
        (1.0, False),
    ]


def test_of_somebody_who_applied_twice_what_was_settled_first_counts() -> None:
    """A later placement would change by one what was shown before, and say of which group they are."""
    twice = applied("M0", "converted")
    twice.entered = [entry._replace(arrived=1000) for entry in twice.entered]
    found = impact_of(female=group("F", 3, 2), male=[*group("M", 2, 3), twice])
    male = found.groups[1]
    assert male.people == 5
    assert male.conversions is not None
    assert (male.conversions.selected, male.conversions.of) == (2, 5)


def test_who_is_not_decided_yet_has_not_been_turned_down() -> None:
    waiting = [applied(f"FW{n}", None, started=False) for n in range(10)]
    found = impact_of(female=[*group("F", 4, 1), *waiting], male=group("M", 2, 3))
    female = found.groups[0]
    assert female.people == 5
    assert female.conversions is not None
    assert (female.conversions.of, female.conversions.ratio) == (5, 1.0)


def test_a_group_of_which_few_are_decided_yet_shows_no_rate_nor_does_the_one_that_gives_it_away() -> None:
    waiting = [applied(f"FW{n}", None) for n in range(5)]
    found = impact_of(female=[*group("F", 1, 2), *waiting], male=group("M", 3, 4))
    assert [(shown.people, shown.conversions) for shown in found.groups] == [(8, None), (7, None)]
    assert all(shown.starts for shown in found.groups)  # all have started, which is decided


def test_nobody_selected_is_nobody_disadvantaged() -> None:
    found = impact_of(female=group("F", 0, 5), male=group("M", 0, 5))
    assert [(shown.conversions.ratio, shown.conversions.flagged) for shown in found.groups if shown.conversions] == [
        (None, False),
        (None, False),
    ]


def test_one_more_placement_that_is_over_changes_nothing_that_was_shown() -> None:
    """Given a report, when one more woman is converted, then the next report does not say that she is one."""
    women, men = group("F", 3, 2), group("M", 2, 3)
    before = impact_of(female=women, male=men)

    for n in range(1, 5):
        more = [applied(f"X{m}", "converted") for m in range(n)]
        assert impact_of(female=[*women, *more], male=men) == before


def test_who_withdraws_after_the_last_day_stays_who_was_selected() -> None:
    """Given a report, when one of the converted withdraws before employment begins, then the next report does not say
    of which group they are."""

    def converted(person: str) -> Placement:
        found = applied(person, "converted")
        found.entered = [found.entered[0], Entered("follow_up", FIRST_DAY + timedelta(days=112), 0)]
        return replace(found, stage="follow_up")

    women, men = [*group("F", 2, 2), converted("F4")], [*group("M", 2, 2), converted("M4")]
    before = impact_of(female=women, male=men)
    assert [shown.conversions.selected for shown in before.groups if shown.conversions] == [3, 3]

    withdrawn = replace(women[4], outcome="withdrawn", stage="ended")
    withdrawn.entered = [
        *withdrawn.entered,
        *(Entered(stage, FIRST_DAY + timedelta(days=120), 100) for stage in ("offboarding", "ended")),
    ]
    assert impact_of(female=[*women[:4], withdrawn], male=men) == before


def test_what_the_records_hear_late_takes_no_step_apart() -> None:
    """Given a report, when they hear of a woman who was converted long before, then the next report is the same."""
    women, men = group("F", 3, 2), group("M", 2, 3)
    before = impact_of(female=women, male=men)

    late = applied("X", "converted")
    late.entered = [entry._replace(at=entry.at - timedelta(days=365)) for entry in late.entered]
    assert impact_of(female=[*women, late], male=men) == before


def test_five_of_one_group_wait_for_others() -> None:
    """Who they are is known by who came out meanwhile; so would be of which group they are."""
    women, men = group("F", 3, 2), group("M", 2, 3)
    before = impact_of(female=women, male=men)

    assert impact_of(female=[*women, *group("X", 2, 3)], male=men) == before
    assert impacts_of(female=group("F", 5, 5)) == []
    mixed = impact_of(female=[*women, *group("X", 1, 2)], male=[*men, *group("Y", 0, 2)])
    assert [shown.people for shown in mixed.groups] == [8, 7]


@given(SIZES)
def test_what_can_be_worked_out_is_never_about_few_people_nor_a_single_group(sizes: dict[str, int]) -> None:
    hidden = suppressed(sizes)
    assert {value for value, size in sizes.items() if size < FEWEST} <= hidden
    if hidden and hidden != set(sizes):
        assert len(hidden) > 1
        assert sum(sizes[value] for value in hidden) >= FEWEST


@given(SIZES)
def test_large_groups_alone_are_all_shown(sizes: dict[str, int]) -> None:
    assert suppressed({value: size + FEWEST for value, size in sizes.items()}) == set()


DECIDED = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.integers(0, 15).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))),
    max_size=8,
)
"""How many of how many were selected in each group; of some nobody is decided yet."""


def tells_of_somebody(rates: dict[str, tuple[int, int]], hidden: set[str]) -> bool:
    """Whether the totals of a report and the rates that it shows say of a hidden group, or person, what came of it."""
    selected, of = (sum(rates[value][part] for value in hidden) for part in (0, 1))
    return of > 0 and (len(hidden) < 2 or of < FEWEST or selected in (0, of))


@given(DECIDED, st.sets(st.sampled_from("abcdefgh")))
def test_what_came_of_a_suppressed_group_cannot_be_worked_out_and_no_more_is_suppressed_than_that_takes(
    rates: dict[str, tuple[int, int]], already: set[str]
) -> None:
    hidden = unsure(rates, already)

    too_few = {value for value, (_, of) in rates.items() if of < FEWEST or value in already}
    assert too_few <= hidden
    assert hidden == set(rates) or not tells_of_somebody(rates, hidden)
    for value in hidden - too_few:
        assert tells_of_somebody(rates, hidden - {value}), value


@given(SIZES)
def test_no_group_is_suppressed_that_need_not_be(sizes: dict[str, int]) -> None:
    hidden = suppressed(sizes)
    for value in (hidden_value for hidden_value in hidden if sizes[hidden_value] >= FEWEST):
        fewer = hidden - {value}
        assert len(fewer) == 1 or sum(sizes[hidden_value] for hidden_value in fewer) < FEWEST


def test_a_suppressed_group_of_which_nobody_is_decided_hides_nothing_more() -> None:
    # Three of one group still wait, and the women are suppressed with them: two groups, so the others can be told of.
    waiting = [applied(f"X{n}", None) for n in range(3)]
    found = impact_of(x=waiting, female=group("F", 3, 3), male=group("M", 12, 8), other=group("O", 5, 6))
    assert [(shown.value, shown.suppressed, shown.conversions is not None) for shown in found.groups] == [
        ("female", True, False),
        ("male", False, True),
        ("other", False, True),
        ("x", True, False),
    ]


def test_that_all_of_a_small_group_were_turned_down_is_not_told_by_the_counts() -> None:
    # Three of one group and six of another, none of them converted: the total and "12 of 20" would say so of all nine.
    found = impact_of(x=group("X", 0, 3), female=group("F", 0, 6), male=group("M", 12, 8))
    assert [shown.suppressed for shown in found.groups] == [True, False, True]
    assert [shown.conversions for shown in found.groups] == [None, None, None]
