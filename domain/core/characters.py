"""Characters that nobody sees, or that turn the direction of what stands around them: none may be in a name or an id.

A reader can't tell such a name from another one, and a name can pretend to be something else.
"""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing, though their categories don't say so."""

JOINERS = frozenset("\u200c\u200d")
JOINED = frozenset(
    {"ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU",
     "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR"}
)  # fmt: skip
"""Scripts whose letters a joiner or non-joiner shapes, so that names need it."""


def hidden_in(text: str) -> str | None:
    """The first hidden character of a text, as people can look it up; None where there is none.

    Line breaks and tabs count, as all control characters do; blanks don't.
    """
    for place, character in enumerate(text):
        if _is_hidden(character) and not (character in JOINERS and _shapes(text, place)):
            name = unicodedata.name(character, "a control character").lower()
            return f"U+{ord(character):04X} ({name})"
    return None


def check_visible(text: str) -> str:
    """The text, where nothing in it is hidden. Raises ``ValueError`` with the rule, naming the character."""
    hidden = hidden_in(text)
    if hidden is not None:
        raise ValueError(f"must not hold the invisible character {hidden}; type it anew")
    return text


def check_one_line(text: str) -> str:
    """The text, where it is one line. Raises ``ValueError`` with the rule."""
    if len(text.strip().splitlines()) > 1:
        raise ValueError("must be one line, without a line break")
    return text


def _is_hidden(character: str) -> bool:
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return True  # variation selectors
    return character in UNSEEN or unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp")


def _shapes(text: str, place: int) -> bool:
    """Whether a joiner stands between two letters of a script that needs it."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(unicodedata.name(letter, "").split(" ")[0] in JOINED for letter in around)


TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of what follows: by them a name could show another address than it has."""


def one_line(text: str) -> str:
    """A text in one line, fit for a header: line breaks and control characters, by which headers are forged, are blanks
    then."""
    spaced = "".join(
        " " if char in TURNING or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in text
    )
    return " ".join(spaced.split())
