"""The texts of a policy that people read, such as the titles of its checklist, and their translations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from domain.core.languages import TRANSLATIONS

Translations = Mapping[str, Mapping[str, str]]
"""By language, and then by the dotted name of a title: ``{"de": {"onboarding.items.laptop": "Laptop bestellt"}}``."""


def titles(policy: BaseModel) -> dict[str, str]:
    """All titles within a policy, by their dotted names: ``onboarding.items.laptop``, ``cohort.events.kick_off``."""
    return dict(_titles(policy, ""))


def _titles(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """What has a ``key`` and a ``title`` of its own, however deep; an entry of a list is named by its key."""
    if isinstance(value, BaseModel):
        for name, inner in value:
            yield from _titles(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for entry in value:
            key, title = getattr(entry, "key", None), getattr(entry, "title", None)
            if isinstance(key, str) and isinstance(title, str):
                yield f"{place}.{key}", title


def wrong_translations(policy: BaseModel, translations: Translations) -> list[str]:
    """What is wrong with translations of a policy's texts, as sentences that name the key."""
    known = titles(policy)
    unknown_languages = [
        f"translations.{language}: there is no such language; it must be one of {', '.join(TRANSLATIONS)}"
        for language in translations
        if language not in TRANSLATIONS
    ]
    unknown_titles = [
        f"translations.{language}: there is no title {name} in the policy"
        for language, translated in translations.items()
        for name in translated
        if name not in known
    ]
    return [*unknown_languages, *unknown_titles]


def untranslated(policy: BaseModel, translations: Translations) -> list[str]:
    """The titles without a translation, where the policy has any in that language: ``de: cohort.events.kick_off``."""
    return [
        f"{language}: {name}"
        for language in translations
        for name in titles(policy)
        if name not in translations[language]
    ]


def translated_in(policy: BaseModel, translations: Translations, said: Iterable[str]) -> dict[str, dict[str, str]]:
    """The translations of those titles that stand in one of the texts ``said``, by language and title."""
    if not translations:
        return {}
    texts = list(said)
    there = {name: title for name, title in titles(policy).items() if any(title in text for text in texts)}
    found = {
        language: {title: translated[name] for name, title in there.items() if name in translated}
        for language, translated in translations.items()
    }
    return {language: by_title for language, by_title in found.items() if by_title}


def texts_in(value: Any) -> Iterator[str]:
    """All texts within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)
