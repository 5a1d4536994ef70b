"""How long the break of somebody in a cohort file is: as it stands there, or since the last day worked."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.core.months import months_later
from records.imports.core.csv_table import Row

MOST_MONTHS = 720
"""As long as a break can be by the model of an application."""


def whole_months(first: date, last: date) -> int:
    """The whole calendar months from one day to another; negative where the first comes later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if months_later(first, months) <= last else months - 1


def break_months(row: Row[Any], today: date) -> int | None:
    """The months of the break: as given, or from the last day worked. None where that can't be told, which is noted."""
    given, began = row.values.get("break_months"), row.values.get("break_began")
    if began is None:
        if given is None and not row.is_refused_in("break_months", "break_began"):
            row.refuse(break_column(row), "must be given: how many months, or in break_began the last day worked")
        return given
    months = whole_months(began, today)
    if began > today:
        row.refuse("break_began", "is still to come")
    elif months > MOST_MONTHS:
        row.refuse("break_began", f"must not be more than {MOST_MONTHS // 12} years ago")
    elif given is not None and abs(given - months) > 1:
        row.refuse("break_began", "differs from break_months by more than a month")
    else:
        return months if given is None else given
    return None


def break_column(row: Row[Any]) -> str:
    """The column in which the break stands, or should."""
    if row.values.get("break_months") is None and ("break_months" not in row.cells or row.values.get("break_began")):
        return "break_began"
    return "break_months"
