"""The last day of a placement: as it was planned at first, and of one that ends early."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from domain.core.model import Fixed, Instant
from domain.placement.agreements import Extension


class LastDay(Fixed):
    """The ``day``, and whether the placement was ``over`` then: it had come to the last day that was planned."""

    day: date | Instant
    over: bool


def last_day_of(today: date, planned: date | None, worked_until: date | None) -> LastDay:
    """The last day of a placement that is ended ``today``, by its calendar.

    ``planned`` is the last day as it was planned; none while a leave moves it. Whoever ``worked_until`` a day before,
    as HR says, had that as the last. Else it is today; or the planned one, where that is over already.
    """
    over = planned is not None and planned < today
    return LastDay(day=worked_until or (planned if planned is not None and over else today), over=over)


def planned_last_day(starts_on: date, weeks: int, extensions: Iterable[Extension]) -> date:
    """The last day as it was planned at first: of so many ``weeks`` now, without what was agreed to be added."""
    added = sum(extension.weeks for extension in extensions if extension.agreed)
    return starts_on + timedelta(weeks=weeks - added, days=-1)
