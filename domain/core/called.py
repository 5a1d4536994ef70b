"""Whether what somebody typed is a name, or a part of it: without capital letters and accents, and as Germans spell."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that are no letter with an accent."""

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How they are spelled by those who don't have them on their keys."""


LONGEST_NAME = 100
"""Characters: what is longer is no name, and its spellings are not kept."""


def spellings(name: str) -> tuple[str, ...]:
    """A name as people type it who don't have all its letters at hand: ``ubelacker`` and ``uebelacker``.

    None of them holds a line break. The records keep those of people's names: whatever changes them needs a migration
    that fills ``people.spellings`` anew.
    """
    return _of_a_name(name) if len(name) <= LONGEST_NAME else _spelled(name)


@lru_cache(maxsize=100_000)
def _of_a_name(name: str) -> tuple[str, ...]:
    return _spelled(name)


def _spelled(name: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFC", name.casefold())
    return tuple(dict.fromkeys((_plain(folded), _plain(folded.translate(_SPELLED)))))


def _plain(folded: str) -> str:
    apart = unicodedata.normalize("NFKD", folded.translate(_PLAIN))
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def holds(name: str, text: str) -> bool:
    """Whether a text is a part of this name."""
    names = spellings(name)
    return any(part in known for part in spellings(text) for known in names)
