"""Names and values in words, for mails and for the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from domain.core.model import Money


def spoken(name: str) -> str:
    """A name of ours as people say it: ``mentor request``, ``e-learning``."""
    return _SPOKEN.get(name, name.replace("_", " "))


_SPOKEN = {
    "e_learning": "e-learning",
    "skills_self": "skills, by oneself",
    "skills_manager": "skills, by the manager",
    "preboarding": "pre-boarding",
}


def listed(words: Iterable[str]) -> str:
    """Several words as people say them: ``placement, decision or offer``."""
    *others, last = words
    return " or ".join(filter(None, [", ".join(others), last]))


def value_in_words(value: Any, text: Callable[[str], str]) -> str:
    """A JSON value in words: amounts, lists and forms on one line. ``text`` says each text, such as a date."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case str():
            return text(value)
        case {"amount": _, "currency": _, **others} if not others:
            return str(Money.model_validate(value))
        case dict():
            return ", ".join(f"{spoken(str(key))} {value_in_words(entry, text)}" for key, entry in value.items())
        case list():
            return "; ".join(value_in_words(entry, text) for entry in value) or "none"
    return str(value)
