"""Protected characteristics: by which names of columns and fields they are known, and kept from everything else."""

from __future__ import annotations

import re

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
