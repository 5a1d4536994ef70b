"""The catalogues of translations hold all that people read, each message with the same facts in every language."""

from __future__ import annotations

import re

import pytest

from activities.core.texts import forms_of, missing, renewed, written
from domain.core.languages import ENGLISH, TRANSLATIONS, read_by
from languages.catalogues import path_of, read, translations

NOT_TRANSLATED_YET: dict[str, list[str]] = {"de": [], "fr": [], "es": []}
"""Messages that may be read in English for now. Nothing else may: add the translation instead."""


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_nothing_is_left_without_a_translation(language: str) -> None:
    assert missing(renewed(language)) == NOT_TRANSLATED_YET[language]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_catalogue_is_as_make_texts_writes_it(language: str) -> None:
    assert path_of(language).read_bytes() == written(renewed(language)), "run `make texts`"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_tells_the_same_facts_as_its_message(language: str) -> None:
    catalog = read(language)
    for message in catalog:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for form in forms_of(message, catalog):
            assert places_of(form) == places_of(english), message.id
            assert form.count("\n") == english.count("\n"), message.id


def places_of(text: str) -> set[str]:
    """The places of facts in a text: ``%(day)s``, ``{title}``."""
    return set(re.findall(r"%\([a-z_]+\)s|\{[a-z_]+\}", text))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_message_without_a_translation_is_read_in_english(language: str) -> None:
    assert translations(language).gettext("Nobody has written this yet.") == "Nobody has written this yet."
    assert translations(language).npgettext("sentence", "{n} thing", "{n} things", 2) == "{n} things"


@pytest.mark.parametrize(
    ("languages", "read_in"),
    [
        (["de", "en"], "de"),
        (["en", "de"], ENGLISH),
        (["pl", "fr", "de"], "fr"),
        (["ta"], ENGLISH),
        ([], ENGLISH),
    ],
)
def test_people_read_the_first_of_their_languages_that_there_is(languages: list[str], read_in: str) -> None:
    assert read_by(languages) == read_in
