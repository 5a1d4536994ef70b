"""What may stand in a cell of a spreadsheet, and what may not. Broken rules are ``ValueError`` with the rule."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from domain.core.characters import check_one_line, check_visible
from domain.core.working_pattern import WorkingPattern, read_patterns
from records.imports.core.report import Remedy

YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0", ""})

FORMULA = re.compile(r"^[=+\-@＝＋－＠]")
SIGNED_NUMBER = re.compile(r"^[+-]?\d[\d.,]*$")

SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""What a spreadsheet program shows, and writes, where a formula has failed."""

STANDS_FOR_NOTHING = frozenset({"n/a", "n.a.", "-", "--", "\u2013", "\u2014", "none", "null", "nil", "?"})
"""What people and programs write where there is nothing. As a skill it would be one that many have in common."""


class Remediable(ValueError):
    """A broken rule of a cell that is broken no more where something is said along with the file."""

    def __init__(self, rule: str, remedy: Remedy) -> None:
        super().__init__(rule)
        self.remedy = remedy


def is_safe_to_name(column: str) -> bool:
    """Whether the name of an unknown column may be repeated: not if it could be data in the wrong place."""
    return re.fullmatch(r"[\w .()/-]{1,30}", column) is not None and not re.search(r"\d{3}", column)


def check_beginning(cell: str) -> None:
    """Refuse a cell that begins with what spreadsheet programs skip before a formula; within a cell it does no harm."""
    if cell.startswith(("\t", "\r")):
        raise ValueError("must not begin with a tab or a line break")


def a_text(cell: str) -> str:
    """One line of text: newlines and other runs of blanks become one blank."""
    text = check_visible(unicodedata.normalize("NFC", " ".join(cell.split())))
    if text.upper() in SHEET_ERRORS:
        raise ValueError(f"must not be {text}, an error of the spreadsheet; put it right, or leave the cell empty")
    if FORMULA.match(text) and text != "-" and not SIGNED_NUMBER.match(text):
        raise ValueError("must not be a formula (begin with = + - or @)")
    return text


def a_name(cell: str) -> str:
    """One line of text, in which somebody has put no line break."""
    return a_text(check_one_line(cell))


def an_id(cell: str) -> str:
    """An id, all of which are in capital letters; or what stands for none, which is refused."""
    text = a_text(cell).upper()
    if text.lower() in STANDS_FOR_NOTHING:
        raise ValueError(f"must not be {cell.strip()}; leave the cell empty where there is none")
    return text


def a_list(cell: str) -> list[str]:
    """The entries between ``;`` or ``|``, in lower case, each once."""
    entries = [a_text(entry).lower() for entry in re.split("[;|]", cell)]
    if any(len(entry) > 60 for entry in entries):
        raise ValueError("an entry must not be longer than 60 characters")
    for entry in entries:
        if entry in STANDS_FOR_NOTHING:
            raise ValueError(f"must not hold {entry}; leave the cell empty where there is nothing")
    return list(dict.fromkeys(entry for entry in entries if entry))


def a_number(cell: str) -> int | None:
    """A whole number, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def a_yes(cell: str) -> bool:
    """Whether a yes stands there; nothing is a no."""
    text = a_text(cell).lower()
    if text not in YES | NO:
        raise ValueError("must be yes or no")
    return text in YES


def a_pattern(cell: str) -> list[WorkingPattern]:
    """Working patterns in a row; none where nothing stands."""
    return read_patterns(a_text(cell))


def a_decimal(cell: str) -> Decimal | None:
    """A number with at most two decimals after a point or a comma, or none where nothing stands."""
    text = a_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,2})?", text):
        raise ValueError("must be a number with at most two decimals, 0 or more")
    return Decimal(text.replace(",", "."))
