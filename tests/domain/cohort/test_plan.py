"""A cohort's own dates: on working days, in order, and never within a pause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cohort.calls import CohortPlan, CohortPlanRequest
from domain.cohort.plan import plan_dates
from domain.cohort.state import CohortPause
from domain.placement.policy import CohortEvent
from tests.domain.factories import shipped_policy, utc, weekday

MONDAY = date(2027, 1, 4)
STARTS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
WEEKS = st.integers(1, 30)


def request(
    starts_on: date, weeks: int = 16, pauses: list[CohortPause] | None = None, events: list[CohortEvent] | None = None
) -> CohortPlanRequest:
    rules = shipped_policy().cohort
    return CohortPlanRequest(
        cohort="SPRING-2027",
        starts_on=starts_on,
        weeks=weeks,
        pauses=pauses or [],
        country="GB-ENG",
        time_zone="UTC",
        rules=rules if events is None else rules.model_copy(update={"events": events}),
    )


def planned(*args: object, **more: object) -> CohortPlan:
    return plan_dates(request(*args, **more), weekday, utc)  # type: ignore[arg-type]


def days(plan: CohortPlan) -> dict[str, date]:
    return {event.key: event.starts.date() for event in plan.dates}


def away(first: date, length: int) -> CohortPause:
    return CohortPause(first=first, back_on=first + timedelta(days=length))


@st.composite
def events(draw: st.DrawFn) -> list[CohortEvent]:
    """Up to five dates of a policy, counted from either end."""
    counted = st.one_of(
        st.tuples(st.just("start"), st.integers(0, 200)), st.tuples(st.just("end"), st.integers(-60, 30))
    )
    return [
        CohortEvent.model_validate(
            {"key": f"e{n}", "title": f"Event {n}", "counted_from": end, "days": days, "hour": 9, "minutes": 60}
        )
        for n, (end, days) in enumerate(draw(st.lists(counted, max_size=5)))
    ]


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[CohortPause]:
    """Up to three pauses, one after another."""
    found: list[CohortPause] = []
    first = start - timedelta(days=30)
    for _ in range(draw(st.integers(0, 3))):
        first += timedelta(days=draw(st.integers(0, 80)))
        length = draw(st.integers(0, 60))
        found.append(away(first, length))
        first += timedelta(days=length)
    return found


def test_the_shipped_dates_of_sixteen_weeks() -> None:
    plan = planned(MONDAY)

    assert [(event.key, event.starts, event.ends - event.starts) for event in plan.dates] == [
        ("kick_off", datetime(2027, 1, 4, 9, tzinfo=UTC), timedelta(minutes=120)),
        ("mid_point", datetime(2027, 3, 1, 14, tzinfo=UTC), timedelta(minutes=90)),
        ("showcase", datetime(2027, 4, 16, 14, tzinfo=UTC), timedelta(minutes=120)),
    ]
    assert plan.ends_on == date(2027, 4, 25)


def test_a_pause_moves_what_lies_after_it_by_its_length() -> None:
    # two weeks away, after the kick-off and before the mid-point
    plan = planned(MONDAY, pauses=[away(date(2027, 2, 1), 14)])

    assert days(plan) == {
        "kick_off": MONDAY,
        "mid_point": date(2027, 3, 15),
        "showcase": date(2027, 4, 30),
    }
    assert plan.ends_on == date(2027, 5, 9)


def test_what_the_working_day_after_a_weekend_was_for_is_not_lost_in_a_pause_from_the_weekend_on() -> None:
    saturday, sunday = date(2027, 1, 9), date(2027, 1, 10)
    assert days(planned(saturday))["kick_off"] == date(2027, 1, 11)

    assert days(planned(saturday, pauses=[away(sunday, 3)]))["kick_off"] == date(2027, 1, 13)


def test_a_showcase_that_was_held_stays_where_it_was() -> None:
    # the cohort stands still for a month in its last week, after the showcase of the week before
    plan = planned(MONDAY, pauses=[away(date(2027, 4, 20), 30)])

    assert (days(plan)["showcase"], plan.ends_on) == (date(2027, 4, 16), date(2027, 5, 25))


def test_a_pause_that_lasts_moves_nothing_yet() -> None:
    assert planned(MONDAY, pauses=[CohortPause(first=date(2027, 2, 1))]) == planned(MONDAY)


def test_a_country_in_which_nobody_works_is_no_endless_search() -> None:
    with pytest.raises(ValueError, match="no working day within a month"):
        plan_dates(request(MONDAY), lambda _: False, utc)


@given(st.data(), STARTS, WEEKS, events())
def test_dates_are_working_days_in_order_and_outside_every_pause(
    data: st.DataObject, start: date, weeks: int, wanted: list[CohortEvent]
) -> None:
    away = data.draw(pauses(start))
    plan = planned(start, weeks, away, wanted)

    on = [event.starts for event in plan.dates]
    assert sorted(event.key for event in plan.dates) == sorted(event.key for event in wanted)
    assert on == sorted(on)
    assert all(weekday(moment.date()) for moment in on)
    for day in [*(moment.date() for moment in on), plan.ends_on]:
        assert not any(pause.back_on and pause.first <= day < pause.back_on for pause in away)


@given(st.data(), STARTS, WEEKS, events())
def test_a_pause_changes_nothing_that_lies_before_it_and_brings_nothing_forward(
    data: st.DataObject, start: date, weeks: int, wanted: list[CohortEvent]
) -> None:
    earlier = data.draw(pauses(start))
    since = max((earlier_pause.back_on or earlier_pause.first for earlier_pause in earlier), default=start)
    pause = away(since + timedelta(days=data.draw(st.integers(0, 100))), data.draw(st.integers(0, 90)))

    before, after = planned(start, weeks, earlier, wanted), planned(start, weeks, [*earlier, pause], wanted)

    then = days(after)
    for key, day in days(before).items():
        assert (then[key] == day) if day < pause.first else (then[key] >= day)
    assert after.ends_on >= before.ends_on


def test_a_date_says_where_it_is_held_if_the_policy_does() -> None:
    first = shipped_policy().cohort.events[0]
    there = first.model_copy(update={"place": "Room 4, 2 Bridge Street"})
    assert [event.place for event in planned(MONDAY, events=[there]).dates] == ["Room 4, 2 Bridge Street"]
    assert [event.place for event in planned(MONDAY, events=[first]).dates] == [None]
