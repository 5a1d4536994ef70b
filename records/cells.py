"""What may stand in a cell of a spreadsheet, and what may not. Broken rules are ``ValueError`` with the rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal

YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0", ""})

FORMULA = re.compile(r"^[=+\-@＝＋－＠]")
SIGNED_NUMBER = re.compile(r"^[+-]?\d[\d.,]*$")

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


def is_safe_to_name(column: str) -> bool:
    """Whether the name of an unknown column may be repeated: not if it could be data in the wrong place."""
    return re.fullmatch(r"[\w .()/-]{1,30}", column) is not None and not re.search(r"\d{3}", column)


def check_beginning(cell: str) -> None:
    """Refuse a cell that begins with what spreadsheet programs skip before a formula; within a cell it does no harm."""
    if cell.startswith(("\t", "\r")):
        raise ValueError("must not begin with a tab or a line break")


def a_text(cell: str) -> str:
    """One line of text: newlines and other runs of blanks become one blank."""
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("must not hold control characters")
    if FORMULA.match(text) and text != "-" and not SIGNED_NUMBER.match(text):
        raise ValueError("must not be a formula (begin with = + - or @)")
    return text


def a_list(cell: str) -> list[str]:
    """The entries between ``;`` or ``|``, in lower case, each once."""
    entries = [a_text(entry).lower() for entry in re.split("[;|]", cell)]
    if any(len(entry) > 60 for entry in entries):
        raise ValueError("an entry must not be longer than 60 characters")
    return list(dict.fromkeys(entry for entry in entries if entry))


def a_number(cell: str) -> int | None:
    """A whole number, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError("must be a whole number, not negative")
    return int(text)


def a_yes(cell: str) -> bool:
    """Whether a yes stands there; nothing is a no."""
    text = a_text(cell).lower()
    if text not in YES | NO:
        raise ValueError("must be yes or no")
    return text in YES


def a_decimal(cell: str) -> Decimal | None:
    """A number with at most two decimals after a point or a comma, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,2})?", text):
        raise ValueError("must be a number with at most two decimals, not negative")
    return Decimal(text.replace(",", "."))


def a_date(cell: str) -> date | None:
    """A day of the calendar, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a date, such as 2026-09-07")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day that the calendar has") from None


def dates(order: DayOrder) -> Callable[[str], date | None]:
    """What reads the dates of a file that declares this order: ISO 8601 always, and 31/12/2026, 31.12.2026 or
    31-12-2026 where that is their order. Years have four digits.
    """
    if order == "iso":
        return _an_iso_date
    written, sample = IN_ORDER[order], SAMPLE[order]

    def a_date_in_order(cell: str) -> date | None:
        text = a_text(cell)
        parts = written.fullmatch(text)
        if parts is None:
            try:
                return a_date(text)
            except ValueError:
                raise ValueError(f"must be a date, such as 2026-09-07 or {sample}") from None
        try:
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        except ValueError:
            raise ValueError(f"must be a day that the calendar has, in the order of {sample}") from None

    return a_date_in_order


def _an_iso_date(cell: str) -> date | None:
    """Tells those whose dates are of another order that they can say so."""
    try:
        return a_date(cell)
    except ValueError as broken:
        if any(written.fullmatch(cell.strip()) for written in IN_ORDER.values()):
            raise ValueError(f"{broken}; another order of day, month and year has to be declared") from None
        raise
