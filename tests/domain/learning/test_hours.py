"""Hours that were spent: each counts once, whoever says so and however often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.learning.enrolment import Enrolment, title_of_seats
from domain.learning.hours import (
    MOST_MEASURED,
    AttendedHours,
    HoursRules,
    HoursSource,
    MeasuredTime,
    OwnHours,
    hours_of,
    is_too_long,
    is_too_much,
    time_together,
    totals_of,
    workshop_hours,
)
from tests.school import e_learning, workshop

DAY = date(2027, 2, 16)
NOON = datetime(2027, 2, 16, 12, tzinfo=UTC)
RULES = HoursRules(
    own_per_day=Decimal(12), own_days_back=28, partial_share=Decimal("0.5"), most_times_planned=Decimal(3)
)

SPANS = st.lists(
    st.builds(
        MeasuredTime,
        until=st.none() | st.integers(0, 600).map(lambda minutes: NOON + timedelta(minutes=minutes)),
        took=st.integers(1, 300).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    min_size=1,
    max_size=6,
)


@given(SPANS, st.randoms(use_true_random=False))
def test_overlapping_spans_count_once_in_whatever_order_they_come(spans: list[MeasuredTime], chance: object) -> None:
    together = time_together(spans)
    assert max(span.took for span in spans) <= together <= sum((span.took for span in spans), timedelta(0))
    mixed = list(spans)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert time_together(mixed) == together
    assert time_together([*spans, *spans]) == together
    minutes = {
        minute
        for span in spans
        if span.until is not None
        for minute in range(
            (span.until - span.took - NOON) // timedelta(minutes=1), (span.until - NOON) // timedelta(minutes=1)
        )
    }
    untimed = [span.took for span in spans if span.until is None]
    assert together == max([timedelta(minutes=len(minutes)), *untimed])


def test_completed_and_passed_of_the_same_hour_are_that_hour() -> None:
    completed = MeasuredTime(until=NOON, took=timedelta(hours=2))
    passed = MeasuredTime(until=NOON - timedelta(minutes=5), took=timedelta(hours=1, minutes=55))
    again = MeasuredTime(until=NOON + timedelta(days=1), took=timedelta(hours=1))
    assert time_together([completed, passed]) == timedelta(hours=2)
    assert time_together([completed, passed, again]) == timedelta(hours=3)


SAID = st.dictionaries(st.integers(0, 20), st.integers(0, 1200).map(lambda hundredths: Decimal(hundredths) / 100))


@given(SAID, SAID.filter(bool), SPANS)
def test_what_others_have_seen_outweighs_what_the_learner_says(
    own: dict[int, Decimal], attended: dict[int, Decimal], spans: list[MeasuredTime]
) -> None:
    said = [OwnHours(on=DAY + timedelta(days=day), hours=hours) for day, hours in own.items()]
    alone = Enrolment(n=1, round=1, training=e_learning(), own_hours=said)
    measured = Enrolment(n=2, round=1, training=e_learning(), own_hours=said, measured=spans, measured_on=DAY)
    there = Enrolment(
        n=3,
        round=1,
        training=workshop(),
        own_hours=said,
        attended=[
            AttendedHours(session=f"S{n}", on=DAY, hours=hours) for n, hours in attended.items()
        ],
    )  # fmt: skip

    entries = [entry for enrolment in (alone, measured, there) for entry in hours_of(enrolment)]
    totals = totals_of(56, entries)

    assert totals.spent[HoursSource.LEARNER] == sum(own.values())  # once: of the training nobody else has seen
    assert totals.spent[HoursSource.ATTENDANCE] == sum(attended.values())
    assert totals.in_all == sum(entry.hours for entry in entries if entry.counts)
    assert len({entry.key for entry in entries}) == len(entries)
    assert len(entries) == 3 * len(own) + len(attended) + 1


def test_a_workshop_takes_its_hours_and_never_longer_than_it_lasts() -> None:
    training = workshop()
    (session, _) = training.sessions
    assert workshop_hours(session, training) == 8  # of 16 by the catalogue
    assert workshop_hours(session, training.model_copy(update={"hours": 7})) == 7


def test_what_was_left_open_is_too_long() -> None:
    assert not is_too_long(timedelta(hours=60), e_learning(), RULES)
    assert is_too_long(timedelta(hours=60, minutes=1), e_learning(), RULES)


def test_totals_are_told_by_who_says_so() -> None:
    own = [OwnHours(on=DAY, hours=Decimal("2.50"))]
    entries = hours_of(Enrolment(n=1, round=1, training=e_learning(), own_hours=own))
    assert totals_of(20, entries).sentence == "2.50 of 20 planned (own statement 2.50)"
    assert totals_of(20, []).sentence == "0 of 20 planned"


@given(SPANS, st.integers(0, 12_000))
def test_however_many_hours_there_are_they_can_be_shown_and_what_nobody_lives_to_learn_is_told_apart(
    spans: list[MeasuredTime], hours: int
) -> None:
    measured = [*spans, MeasuredTime(until=NOON + timedelta(days=900), took=timedelta(hours=hours))]
    enrolment = Enrolment(n=1, round=1, training=e_learning(), measured=measured, measured_on=DAY)

    (entry,) = hours_of(enrolment)

    assert totals_of(20, [entry]).in_all == entry.hours
    assert is_too_much(measured) == (entry.hours > MOST_MEASURED)


def test_the_seats_of_a_workshop_have_a_title_however_long_its_own_is() -> None:
    training = workshop(title="W" * 300)

    title = title_of_seats(training, training.sessions[0])

    assert len(title) == 300
    assert title.endswith(f", {training.sessions[0].starts:%Y-%m-%d %H:%M} UTC")
