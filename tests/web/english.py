"""What of a page is English for a reader of another language: texts that are the same in both, and words that only
English has."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from html.parser import HTMLParser

from domain.core.model import PersonId
from languages.catalogues import read
from languages.speech import begun
from records.database import Database
from records.tables.core import PersonRecord

SPOKEN = ("aria-label", "alt", "title", "placeholder")
"""Attributes whose texts people hear or read."""

SILENT = ("script", "style")

A_WORD = re.compile(r"[A-Za-z]{3}")

WORDS = [
    *("the", "is", "are", "and", "of", "has", "have", "must", "with", "who", "which", "from", "their", "they", "this"),
    *("that", "not", "for", "its", "it", "be", "been", "can't", "there", "nobody", "somebody", "as", "by", "to", "you"),
    *("your", "week", "day", "due", "asked"),
]
"""Words of English that are none of German, French or Spanish, nor names."""

ENGLISH = re.compile(rf"\b({'|'.join([*WORDS, *map(str.capitalize, WORDS)])})\b")

CODES = re.compile(r"`[^`]*`|https?://\S+|\S+@\S+|\b[\w-]+\.(?:csv|yaml)\b|\b[A-Z][A-Z0-9-]*\b")
"""Names of keys, addresses, policies with their versions, files, and ids."""


def reads(database: Database, person: PersonId, language: str) -> None:
    """Somebody reads this language from now on."""
    with database.session() as session:
        session.get_one(PersonRecord, person).languages = [language]


class _Texts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def texts_of(page: str) -> list[str]:
    """All that a page says, as it stands in its text nodes and in what is read aloud."""
    return [said for text in _Texts(page).texts if (said := " ".join(text.split()))]


def english_in(page: str, in_english: str, typed: Collection[str] = ()) -> list[str]:
    """What of a page that somebody reads in German is English, but for what people have ``typed``.

    ``in_english`` is the same page as an English reader has it. A text is suspected that is the same in both, unless it
    is a message that German says alike; or that has a word of English.
    """
    same = set(texts_of(in_english)) - alike()
    longest_first = sorted(typed, key=len, reverse=True)
    return [
        text
        for text in dict.fromkeys(texts_of(page))
        if _suspected(text, text in same) and _suspected(_without(text, longest_first), text in same)
    ]


@cache
def alike() -> frozenset[str]:
    """Messages that are the same in German, also as they begin a sentence."""
    same = {str(message.id) for message in read("de") if message.id and message.id == message.string}
    return frozenset(same | set(map(begun, same)))


def _suspected(text: str, same: bool) -> bool:
    return bool((same and A_WORD.search(text)) or ENGLISH.search(text))


def _without(text: str, typed: Sequence[str]) -> str:
    for words in typed:
        text = text.replace(words, "")
    return CODES.sub("", text)
