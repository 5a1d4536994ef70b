"""What may stand in a cell of a spreadsheet, and what may not. Broken rules are ``ValueError`` with the rule."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0", ""})

FORMULA = re.compile(r"^[=+\-@＝＋－＠]")
SIGNED_NUMBER = re.compile(r"^[+-]?\d[\d.,]*$")

PROTECTED_WORDS = frozenset(
    {
        "gender",
        "sex",
        "pronouns",
        "age",
        "aged",
        "birth",
        "birthday",
        "birthdate",
        "dob",
        "ethnic",
        "ethnicity",
        "race",
        "racial",
        "nationality",
        "disability",
        "disabilities",
        "disabled",
        "parental",
        "parent",
        "parents",
        "marital",
        "married",
        "pregnancy",
        "pregnant",
        "children",
        "religion",
        "religious",
        "faith",
        "orientation",
        "veteran",
    }
)
PROTECTED_PAIRS = (frozenset({"reason", "break"}), frozenset({"leave", "type"}), frozenset({"break", "type"}))


def is_protected(column: str) -> bool:
    """Whether a column (as ``like_this``) holds a protected characteristic, by the words of its name.

    Gender, age, ethnicity, disability, parental status, the reason of the break, the type of leave; and the rest of
    what equality law protects.
    """
    words = set(re.findall(r"[a-z]+", column))
    return bool(words & PROTECTED_WORDS) or any(pair <= words for pair in PROTECTED_PAIRS)


def is_safe_to_name(column: str) -> bool:
    """Whether the name of an unknown column may be repeated: not if it could be data in the wrong place."""
    return re.fullmatch(r"[\w .()/-]{1,30}", column) is not None and not re.search(r"\d{3}", column)


def a_text(cell: str, _separators: str = "") -> str:
    """One line of text: newlines and other runs of blanks become one blank."""
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("must not hold control characters")
    if FORMULA.match(text) and text != "-" and not SIGNED_NUMBER.match(text):
        raise ValueError("must not be a formula (begin with = + - or @)")
    return text


def a_list(cell: str, separators: str) -> list[str]:
    """The entries between any of the separators, in lower case, each once."""
    entries = [a_text(entry).lower() for entry in re.split(f"[{re.escape(separators)}]", cell)]
    if any(len(entry) > 60 for entry in entries):
        raise ValueError("an entry must not be longer than 60 characters")
    return list(dict.fromkeys(entry for entry in entries if entry))


def a_number(cell: str, _separators: str = "") -> int | None:
    """A whole number, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError("must be a whole number, not negative")
    return int(text)


def a_yes(cell: str, _separators: str = "") -> bool:
    """Whether a yes stands there; nothing is a no."""
    text = a_text(cell).lower()
    if text not in YES | NO:
        raise ValueError("must be yes or no")
    return text in YES


def a_decimal(cell: str, _separators: str = "") -> Decimal | None:
    """A number with at most two decimals after a point or a comma, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,2})?", text):
        raise ValueError("must be a number with at most two decimals, not negative")
    return Decimal(text.replace(",", "."))


def a_date(cell: str, _separators: str = "") -> date | None:
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
