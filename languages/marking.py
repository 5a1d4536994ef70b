"""Marks texts of ours in code, so that ``make texts`` finds them."""

from __future__ import annotations


def translatable(message: str) -> str:
    """The message itself: said to a reader later, by :meth:`languages.speech.Speech.text`."""
    return message
