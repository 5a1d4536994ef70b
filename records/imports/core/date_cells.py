"""Dates in the cells of a spreadsheet: as ISO 8601 writes them, or in an order that is declared; never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from records.imports.core.cells import Remediable, a_text
from records.imports.core.report import Remedy

DayOrder = Literal["iso", "dmy", "mdy", "ymd"]
"""How a file writes its dates besides ISO 8601: in no other way, or with day, month and year in this order."""

A_DAY, A_MONTH, A_YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})", r"(?P<year>[0-9]{4})"
MARK, SAME_MARK = r"(?P<mark>[/.-])", r"(?P=mark)"
IN_ORDER = {
    "dmy": re.compile(A_DAY + MARK + A_MONTH + SAME_MARK + A_YEAR),
    "mdy": re.compile(A_MONTH + MARK + A_DAY + SAME_MARK + A_YEAR),
    "ymd": re.compile(A_YEAR + MARK + A_MONTH + SAME_MARK + A_DAY),
}
SAMPLE = {"dmy": "07/09/2026", "mdy": "09/07/2026", "ymd": "2026/09/07"}

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

AS_DATES = "format the column as yyyy-mm-dd"
OTHER_ORDER = "perhaps the file writes day, month and year in another order"

WITH_A_TIME = re.compile(r"([0-9/.-]{8,10})[T ]+[0-9]{1,2}:[0-9]{2}.*")
DAY_NUMBER = re.compile(r"[1-9][0-9]{4}([.,][0-9]+)?")
NO_DAY = re.compile(r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}[/.-][0-9]{1,2}")
SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}")


def dates(order: DayOrder) -> Callable[[str], date | None]:
    """What reads the dates of a file that declares this order: ISO 8601 always, and 31/12/2026, 31.12.2026 or
    31-12-2026 where that is their order. Years have four digits.
    """

    def a_date_in_order(cell: str) -> date | None:
        text = a_text(cell)
        if not text:
            return None
        written = None if ISO.fullmatch(text) or order == "iso" else IN_ORDER[order].fullmatch(text)
        if written is None and not ISO.fullmatch(text):
            raise _why_not(text, order)
        try:
            if written is None:
                return date.fromisoformat(text)
            return date(int(written["year"]), int(written["month"]), int(written["day"]))
        except ValueError:
            in_order = f", in the order of {SAMPLE[order]}" if written else ""
            raise ValueError(f"must be a day that the calendar has{in_order}") from None

    return a_date_in_order


def _why_not(text: str, order: DayOrder) -> ValueError:
    """The rule for what is no date, with what to do where it can be told what it is instead."""
    rule = _rule_for(text, order)
    return Remediable(rule, Remedy.DAY_ORDER) if rule.endswith(OTHER_ORDER) else ValueError(rule)


def _rule_for(text: str, order: DayOrder) -> str:
    rule = "must be a date, such as 2026-09-07" + ("" if order == "iso" else f" or {SAMPLE[order]}")
    if WITH_A_TIME.fullmatch(text):
        return f"{rule}, without a time; {AS_DATES}"
    if DAY_NUMBER.fullmatch(text):
        return f"{rule}; a spreadsheet counts days like this, so {AS_DATES}"
    if NO_DAY.fullmatch(text):
        return f"{rule}; the day is missing"
    if SHORT_YEAR.fullmatch(text):
        return f"{rule}, with the year in four digits"
    if order == "iso" and any(written.fullmatch(text) for written in IN_ORDER.values()):
        return f"{rule}; {OTHER_ORDER}"
    return rule
