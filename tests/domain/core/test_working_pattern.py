"""Working patterns: read as they are written, added up exactly, changed from a day on and never before it."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.working_pattern import (
    FULL_WEEK,
    WorkingPattern,
    WorkingTime,
    WorkingWeek,
    changed,
    patterns_text,
    read_patterns,
    reason_against,
)
from tests.domain.patterns import patterns_in_a_row

MONDAY = date(2027, 1, 4)


@given(patterns_in_a_row(MONDAY, 200))
def test_what_is_written_is_read_as_it_was(patterns: list[WorkingPattern]) -> None:
    assert read_patterns(patterns_text(patterns)) == patterns


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("mon-wed 8, thu 1", 25),
        ("Monday-Wednesday 8h, THU 1", 25),
        ("mon – fri 5", 25),
        ("62.5 %", 25),
        ("mon 7.5, wed 7.5", 15),
        ("100%", 40),
    ],
)
def test_a_week_is_written_by_days_or_as_a_share_of_full_time(written: str, hours: int) -> None:
    assert read_patterns(written)[0].hours_a_week(FULL_WEEK) == hours


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("half days", "days with their hours"),
        ("tues 8", "days with their hours"),
        ("mon 8 wed 8", "days with their hours"),
        ("mon 25", "at most 24 hours"),
        ("mon 0", "hours on at least one day"),
        ("mon-wed 8, tue 4", "tuesday stands there twice"),
        ("fri-mon 8", "from the earlier day"),
        ("0%", "more than 0%"),
        ("101%", "at most 100%"),
        ("from 2027-02-30 50%", "2027-02-30 is no day"),
        ("from 2200-01-01 50%", "too far away"),
        ("50%; 100%", "must say from which day on"),
        ("from 2027-03-01 50%; from 2027-02-01 100%", "from a later day"),
        ("; ".join(f"from 2027-{month:02}-{day:02} 50%" for month in (1, 2) for day in range(1, 8)), "at most 12"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_rule(written: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        read_patterns(written)


def test_a_phased_return_is_half_days_for_four_weeks_and_then_full() -> None:
    time = WorkingTime(read_patterns("mon-fri 4; from 2027-02-01 100%"))

    assert time.share_on(date(2027, 1, 31)) == Fraction(1, 2)
    assert time.share_on(date(2027, 2, 1)) == 1


@given(patterns_in_a_row(MONDAY, 60), st.integers(-30, 120))
def test_who_has_hours_on_each_day_of_full_time_has_that_share_and_nobody_has_more(
    patterns: list[WorkingPattern], days: int
) -> None:
    time, day = WorkingTime(patterns), MONDAY + timedelta(days=days)

    assert 0 < time.share_on(day) <= 1
    pattern = time.pattern_on(day)
    assert (pattern is None) == all(each.since is None or each.since > day for each in patterns) or pattern is not None
    assert time.up_to(day).share_on(day) == time.share_on(day)


@given(patterns_in_a_row(MONDAY, 60), patterns_in_a_row(MONDAY, 60, from_a_day=True), st.integers(-10, 90))
def test_a_change_leaves_what_lies_before_it_and_replaces_all_that_was_to_come(
    before: list[WorkingPattern], new: list[WorkingPattern], days: int
) -> None:
    day, first = MONDAY + timedelta(days=days), new[0].since
    assert first is not None

    now = WorkingTime(changed(before, new))

    expected = WorkingTime(before) if day < first else WorkingTime(new)
    assert (now.share_on(day), now.works_on(day)) == (expected.share_on(day), expected.works_on(day))
    assert read_patterns(patterns_text(changed(before, new))) == changed(before, new)


def test_nobody_is_placed_with_more_than_full_time_or_on_days_without_work() -> None:
    full = WorkingWeek(monday=7.5, tuesday=7.5, wednesday=7.5, thursday=7.5, friday=7.5)  # type: ignore[arg-type]

    assert reason_against(read_patterns("mon-fri 8"), full) == (
        "mon-fri 8 is more than the 37.5 hours a week that are full time"
    )
    assert reason_against(read_patterns("50%; from 2027-02-01 sat-sun 8"), full) == (
        "sat-sun 8 has no day on which work is done; those are mon-fri 7.5"
    )
    assert reason_against(read_patterns("fri-sat 8"), full) is None


def test_a_pattern_is_a_share_or_a_week() -> None:
    with pytest.raises(ValidationError, match="either a share or hours by weekday"):
        WorkingPattern()
    with pytest.raises(ValidationError, match="hours on at least one day"):
        WorkingWeek()
