"""Working patterns for tests: as strategies, and as people write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from domain.core.working_pattern import WEEKDAYS, WorkingPattern, WorkingWeek

hours = st.decimals(Decimal(0), Decimal(8), places=2)
weeks = (
    st.lists(hours, min_size=5, max_size=5)
    .filter(any)
    .map(lambda found: WorkingWeek(**dict(zip(WEEKDAYS, found, strict=False))))
)
shares = st.decimals(Decimal("0.01"), Decimal(100), places=2)


@st.composite
def patterns_in_a_row(draw: st.DrawFn, first: date, days: int, *, from_a_day: bool = False) -> list[WorkingPattern]:
    """Up to four patterns, from before ``first`` on or from days within so many after it."""
    offsets = sorted(draw(st.sets(st.integers(1, days), min_size=1 if from_a_day else 0, max_size=3)))
    since: list[date | None] = [first + timedelta(days=offset) for offset in offsets]
    if not from_a_day and draw(st.booleans()):
        since.insert(0, None)
    return [draw(a_pattern(day)) for day in since]


def a_pattern(since: date | None) -> st.SearchStrategy[WorkingPattern]:
    """A pattern from that day on."""
    return st.one_of(
        weeks.map(lambda week: WorkingPattern(since=since, week=week)),
        shares.map(lambda share: WorkingPattern(since=since, share=share)),
    )
