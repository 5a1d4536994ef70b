"""What somebody lacks for a role: what counts, what it weighs, and in which order it stands."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.core.months import months_later
from domain.core.skills import RoleProfile, SkillLevel, Source
from domain.learning.gaps import Gap, apart, combined, levels_that_count, rank_gaps
from tests.domain.learning.learners import (
    ASSESSMENT,
    GAP,
    SKILLS,
    TODAY,
    found_levels,
    gaps,
    hundredths,
    level,
    profile,
    profiles,
)


def rank(role: RoleProfile, levels: list[SkillLevel]) -> list[Gap]:
    return rank_gaps(role, levels, TODAY, ASSESSMENT, GAP)


def raised(role: RoleProfile, skill: str, **more: object) -> RoleProfile:
    skills = [required.model_copy(update=more) if required.skill == skill else required for required in role.skills]
    return role.model_copy(update={"skills": skills})


def priority(found: list[Gap], skill: str) -> Decimal:
    return sum((gap.priority for gap in found if gap.skill == skill), Decimal(0))


def test_the_numbers_behind_a_rank_are_said() -> None:
    found = gaps(("sql", "5", "4", True), levels=[level("sql", "3", "self"), level("sql", "2", "manager")])

    assert [gap.sentence for gap in found] == [
        "sql: 5 required, 2.33 assessed (self 3 with weight 1, manager 2 with weight 2), importance 4, mandatory: "
        "priority 21.36"
    ]


def test_what_nobody_has_assessed_counts_as_nothing_and_says_so() -> None:
    (sql,) = gaps(("sql", "5", "4", False))

    assert [sql.assessed, sql.missing, sql.priority] == [Decimal(0), Decimal(5), Decimal(20)]
    assert "nobody has assessed it" in sql.sentence


def test_what_weighs_nothing_does_not_count_as_an_assessment() -> None:
    own_word_aside = ASSESSMENT.model_copy(update={"weights": {**ASSESSMENT.weights, Source.SELF: Decimal(0)}})

    assert combined([level("sql", "6", "self")], own_word_aside) is None
    assert combined([level("sql", "6", "self"), level("sql", "2", "manager")], own_word_aside) == 2


def test_a_level_counts_for_a_year_to_the_day() -> None:
    found = level("sql", "4", on=date(2026, 2, 28))

    assert levels_that_count([found], date(2027, 2, 28), ASSESSMENT) == [found]
    assert levels_that_count([found], date(2027, 3, 1), ASSESSMENT) == []
    assert levels_that_count([level("sql", "4", on=date(2028, 2, 29))], date(2029, 3, 1), ASSESSMENT) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = months_later(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_two_levels_between_learner_and_manager_have_to_be_talked_about_while_both_count() -> None:
    levels = [
        *(level("sql", of, source) for of, source in [("5", "self"), ("3", "manager"), ("4", "test")]),
        *(level("python", of, source) for of, source in [("4.99", "self"), ("3", "manager")]),
        level("excel", "7", "self", on=date(2025, 12, 1)),
        level("excel", "1", "manager"),
        level("statistics", "1", "self"),
    ]

    assert apart(levels, TODAY, ASSESSMENT) == ["sql"]


@given(profiles(), found_levels())
def test_gaps_are_what_is_missing_the_most_important_first(role: RoleProfile, levels: list[SkillLevel]) -> None:
    found = rank(role, levels)

    assert [(-gap.priority, gap.skill) for gap in found] == sorted((-gap.priority, gap.skill) for gap in found)
    for gap in found:
        assert gap.missing == gap.required - gap.assessed > 0
        assert gap.priority == gap.missing * gap.importance * (2 if gap.mandatory else 1) > 0
        assert gap.per_level == gap.importance * (2 if gap.mandatory else 1)
    closed = {required.skill: required.level for required in role.skills} | {gap.skill: Decimal(0) for gap in found}
    for skill, wanted in closed.items():
        assessed = combined(
            [found_level for found_level in levels_that_count(levels, TODAY, ASSESSMENT) if found_level.skill == skill],
            ASSESSMENT,
        )
        assert (assessed or 0) >= wanted


@given(profiles(), found_levels(), hundredths)
def test_what_is_required_more_or_matters_more_never_ranks_lower(
    role: RoleProfile, levels: list[SkillLevel], higher: Decimal
) -> None:
    before = rank(role, levels)
    for required in role.skills:
        was = priority(before, required.skill)
        assert priority(rank(raised(role, required.skill, importance=Decimal(5)), levels), required.skill) >= was
        assert priority(rank(raised(role, required.skill, mandatory=True), levels), required.skill) >= was
        if higher >= required.level:
            assert priority(rank(raised(role, required.skill, level=higher), levels), required.skill) >= was


@given(found_levels())
def test_what_is_combined_lies_between_what_was_found(levels: list[SkillLevel]) -> None:
    for skill in SKILLS:
        of_skill = [
            found_level for found_level in levels_that_count(levels, TODAY, ASSESSMENT) if found_level.skill == skill
        ]
        mean = combined(of_skill, ASSESSMENT)
        if mean is not None:
            assert (
                min(found_level.level for found_level in of_skill)
                <= mean
                <= max(found_level.level for found_level in of_skill)
            )


@given(profiles(), found_levels(), st.randoms(use_true_random=False))
def test_neither_what_is_stale_nor_an_order_changes_anything(
    role: RoleProfile, levels: list[SkillLevel], shuffler: random.Random
) -> None:
    stale = [found_level for found_level in levels if found_level.on < months_later(TODAY, -12)]
    assume(stale)
    fresh = [found_level for found_level in levels if found_level not in stale]
    shuffled = list(levels)
    shuffler.shuffle(shuffled)

    assert rank(role, levels) == rank(role, fresh) == rank(role, shuffled)


def test_the_newest_of_a_source_counts_and_of_one_day_the_last_given() -> None:
    before = level("sql", "2", "manager", on=TODAY - timedelta(days=9))
    then, talked = level("sql", "3", "manager"), level("sql", "4", "manager")

    assert levels_that_count([then, before], TODAY, ASSESSMENT) == [then]
    assert levels_that_count([then, before, talked], TODAY, ASSESSMENT) == [talked]


def test_a_role_whose_levels_are_reached_leaves_no_gap() -> None:
    assert rank(profile(("sql", "3", "5", True)), [level("sql", "3")]) == []
