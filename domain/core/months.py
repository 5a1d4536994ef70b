"""Calendar months, as policies count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, UTC, date, datetime


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier where negative), or the last of a month that is too short for it.

    There is no day after the last that Python knows.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_after(moment: datetime, months: int) -> datetime:
    """So many calendar months later (earlier, where negative)."""
    in_utc = moment.astimezone(UTC)
    return datetime.combine(months_later(in_utc.date(), months), in_utc.timetz())
