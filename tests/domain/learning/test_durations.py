"""Durations by ISO 8601, as learning systems send them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.learning.durations import TO_THE_HUNDREDTH, parse_duration


@pytest.mark.parametrize(
    ("text", "took"),
    [
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        ("P1DT2H", timedelta(hours=26)),
        ("P2W", timedelta(weeks=2)),
        ("PT5400.25S", timedelta(seconds=5400, milliseconds=250)),
        ("PT1.5H", timedelta(minutes=90)),
        ("PT0,5H", timedelta(minutes=30)),
        ("P0Y0M0DT1H0M0S", timedelta(hours=1)),
        ("PT0S", timedelta(0)),
        ("PT0.019S", timedelta(milliseconds=10)),  # what is finer than xAPI compares is cut off
    ],
)
def test_what_learning_systems_send(text: str, took: timedelta) -> None:
    assert parse_duration(text) == took


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "1H", "PT1H30", "PT1.5H3M", "-PT1H", "PT-1H", "pt1h", "PT1H ", "P1W2D", "P1DT", "PT٣H", None, 90,
     "P999999999Y", "1:30:00"],
)  # fmt: skip
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="must be a duration"):
        parse_duration(text)


WHOLE = st.integers(0, 99_999)


@given(WHOLE, st.integers(0, 999), st.integers(0, 999), st.integers(0, 99_999))
def test_parts_add_up(days: int, hours: int, minutes: int, hundredths: int) -> None:
    seconds = f"{hundredths // 100}.{hundredths % 100:02}"
    took = timedelta(days=days, hours=hours, minutes=minutes, milliseconds=10 * hundredths)
    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == took


@given(st.timedeltas(timedelta(0), timedelta(days=100_000)))
def test_what_others_write_of_a_span_is_read_as_that_span(took: timedelta) -> None:
    written = TypeAdapter(timedelta).dump_python(took, mode="json")
    if "Y" not in written and "M" not in written.partition("T")[0]:
        assert timedelta(0) <= took - parse_duration(written) < TO_THE_HUNDREDTH
