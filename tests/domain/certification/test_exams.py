"""When an exam may be taken: the retake rule, whatever somebody does and whatever numbers the policy has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.certification.exams import Allowed, Attempt, NotAllowedBecause, NotBefore, next_attempt
from domain.core.months import months_after
from domain.learning.policy import ExamRules

MICROSOFT = ExamRules(first_retake_hours=24, later_retake_days=14, attempts=5, within_months=12)
START = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)

RULES = some.builds(
    ExamRules,
    first_retake_hours=some.integers(0, 100),
    later_retake_days=some.integers(0, 40),
    attempts=some.integers(1, 6),
    within_months=some.integers(1, 24),
)
INSTANTS = some.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


def attempts(*results: tuple[datetime, bool]) -> list[Attempt]:
    return [Attempt(n=n, at=at, passed=passed, by="P-EXAM") for n, (at, passed) in enumerate(results, start=1)]


def whoever_always_tries(rules: ExamRules, tries: Iterable[tuple[datetime, bool]]) -> list[Attempt]:
    """The attempts of somebody who tries at all these moments and is let in when the rule says so."""
    made: list[tuple[datetime, bool]] = []
    for at, passed in tries:
        if isinstance(next_attempt(attempts(*made), rules, at, None), Allowed):
            made.append((at, passed))
    return attempts(*made)


TRIES = some.lists(some.tuples(INSTANTS, some.booleans()), max_size=40).map(sorted)


def test_a_retake_after_three_days_is_too_early_for_a_second_failure() -> None:
    failed_once = attempts((START, False))
    assert isinstance(next_attempt(failed_once, MICROSOFT, START + timedelta(hours=24), None), Allowed)

    failed_twice = attempts((START, False), (START + DAY, False))
    refused = next_attempt(failed_twice, MICROSOFT, START + 4 * DAY, None)

    assert isinstance(refused, NotBefore)
    assert (refused.at, refused.why) == (START + 15 * DAY, NotAllowedBecause.RETAKE)
    assert "again from 2027-03-16T09:00Z on" in refused.sentence
    assert isinstance(next_attempt(failed_twice, MICROSOFT, START + 15 * DAY, None), Allowed)


def test_the_fifth_failure_within_twelve_months_calls_for_remediation_until_the_first_is_a_year_old() -> None:
    five = attempts(*((START + n * 20 * DAY, False) for n in range(5)))

    refused = next_attempt(five, MICROSOFT, START + 81 * DAY, None)

    assert isinstance(refused, NotBefore)
    assert (refused.at, refused.why) == (datetime(2028, 3, 1, 9, tzinfo=UTC), NotAllowedBecause.REMEDIATION)
    assert "5 times within 12 months: remediation comes first" in refused.sentence
    assert isinstance(next_attempt(five, MICROSOFT, refused.at, None), Allowed)


@pytest.mark.parametrize(("days_away", "may"), [(1, False), (0, True)])
def test_nobody_who_passed_tries_again_before_the_renewal_opens(days_away: int, may: bool) -> None:
    opens = START + 180 * DAY
    verdict = next_attempt(attempts((START, True)), MICROSOFT, opens - days_away * DAY, opens)
    assert isinstance(verdict, Allowed) is may
    assert may or (isinstance(verdict, NotBefore) and (verdict.at, verdict.why) == (opens, NotAllowedBecause.VALID))


def test_failures_before_a_pass_do_not_lengthen_the_wait_after_it() -> None:
    history = attempts((START, False), (START + DAY, False), (START + 20 * DAY, True), (START + 400 * DAY, False))
    verdict = next_attempt(history, MICROSOFT, START + 400 * DAY, None)
    assert isinstance(verdict, NotBefore)
    assert verdict.at == START + 401 * DAY


@given(RULES, TRIES, INSTANTS, some.lists(some.timedeltas(timedelta(0), timedelta(days=90)), min_size=40))
def test_how_long_results_take_makes_nobody_wait_longer(
    rules: ExamRules, tries: list[tuple[datetime, bool]], now: datetime, took: list[timedelta]
) -> None:
    made = whoever_always_tries(rules, tries)
    entered_late = [
        attempt.model_copy(update={"taken_at": attempt.at, "at": attempt.at + late})
        for attempt, late in zip(made, took, strict=False)
    ]

    assert next_attempt(entered_late, rules, now, None) == next_attempt(made, rules, now, None)


@given(RULES, TRIES)
def test_no_window_holds_more_attempts_than_the_policy_allows(
    rules: ExamRules, tries: list[tuple[datetime, bool]]
) -> None:
    made = whoever_always_tries(rules, tries)
    for n, first in enumerate(made):
        over = months_after(first.at, rules.within_months)
        assert sum(attempt.at < over for attempt in made[n:]) <= rules.attempts


@given(RULES, TRIES, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=800)))
def test_who_may_try_may_try_later_and_the_date_told_is_the_earliest(
    rules: ExamRules, tries: list[tuple[datetime, bool]], now: datetime, later: timedelta
) -> None:
    made = whoever_always_tries(rules, [attempt for attempt in tries if attempt[0] <= now])
    verdict = next_attempt(made, rules, now, None)
    if isinstance(verdict, Allowed):
        assert isinstance(next_attempt(made, rules, now + later, None), Allowed)
    else:
        assert isinstance(next_attempt(made, rules, verdict.at, None), Allowed)
        assert next_attempt(made, rules, verdict.at - timedelta(microseconds=1), None) == verdict


@given(RULES, TRIES, INSTANTS)
def test_another_failure_never_brings_the_next_try_nearer(
    rules: ExamRules, tries: list[tuple[datetime, bool]], now: datetime
) -> None:
    made = whoever_always_tries(rules, [attempt for attempt in tries if attempt[0] <= now])
    more = attempts(*((attempt.at, attempt.passed) for attempt in made), (now, False))
    before, after = (next_attempt(some_of, rules, now, None) for some_of in (made, more))
    if isinstance(before, NotBefore) and not (made and rules.later_retake_days * 24 < rules.first_retake_hours):
        assert isinstance(after, NotBefore)
        assert after.at >= before.at
