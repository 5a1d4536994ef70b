"""The languages that people are written to in, and which of them somebody reads."""

from __future__ import annotations

from collections.abc import Iterable

ENGLISH = "en"

TRANSLATIONS = ("de", "fr", "es")
"""ISO 639 codes of the languages that there is a catalogue for. All is written in English first."""

LANGUAGES = (ENGLISH, *TRANSLATIONS)


def read_by(languages: Iterable[str]) -> str:
    """The first of somebody's ``languages``, in their order, that we write in; English where there is none."""
    return next((language for language in languages if language in LANGUAGES), ENGLISH)
