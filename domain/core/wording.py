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
    "follow_up": "follow-up",
    "preboarding": "pre-boarding",
    "offboarding": "off-boarding",
    "offboarding_item": "off-boarding item",
    "changeover_item": "change-over item",
}


def listed(words: Iterable[str]) -> str:
    """Several words as people say them: ``placement, decision or offer``."""
    *others, last = words
    return " or ".join(filter(None, [", ".join(others), last]))


def value_in_words(
    value: Any,
    text: Callable[[str], str],
    name: Callable[[str], str] = spoken,
    money: Callable[[Money], str] = str,
    word: Callable[[str], str] = str,
    number: Callable[[float], str] = str,
    and_more: str = "; ",
) -> str:
    """A JSON value in words: amounts, lists and forms on one line. ``text`` says each text, such as a date.

    In another language than English, ``name`` says names of fields, ``money`` amounts, ``number`` numbers, and ``word``
    the words of ours: ``yes``, ``no`` and ``none``; ``and_more`` stands between entries of a list.
    """

    def say(entry: Any) -> str:
        return value_in_words(entry, text, name, money, word, number, and_more)

    match value:
        case bool():
            return word("yes" if value else "no")
        case None:
            return word("none")
        case str():
            return text(value)
        case {"amount": _, "currency": _, **others} if not others:
            return money(Money.model_validate(value))
        case dict():
            return ", ".join(f"{name(str(key))} {say(entry)}" for key, entry in value.items())
        case list():
            return and_more.join(say(entry) for entry in value) or word("none")
        case int() | float():
            return number(value)
    return str(value)
