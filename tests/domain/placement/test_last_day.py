"""The last day of a placement that ends early."""

from __future__ import annotations

from datetime import date

import pytest

from domain.placement.last_day import LastDay, last_day_of

TODAY, BEFORE, AFTER = date(2027, 3, 10), date(2027, 3, 5), date(2027, 4, 23)


@pytest.mark.parametrize(
    ("planned", "worked_until", "last_day"),
    [
        (AFTER, None, LastDay(day=TODAY, over=False)),
        (TODAY, None, LastDay(day=TODAY, over=False)),
        (BEFORE, None, LastDay(day=BEFORE, over=True)),
        (None, None, LastDay(day=TODAY, over=False)),  # a leave moves it, nobody knows how far
        (AFTER, BEFORE, LastDay(day=BEFORE, over=False)),
        (None, BEFORE, LastDay(day=BEFORE, over=False)),
        (BEFORE, date(2027, 3, 2), LastDay(day=date(2027, 3, 2), over=True)),
    ],
)
def test_it_is_today_or_the_planned_one_or_as_hr_says(
    planned: date | None, worked_until: date | None, last_day: LastDay
) -> None:
    assert last_day_of(TODAY, planned, worked_until) == last_day
