"""Titles of a policy and their translations."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.core.languages import TRANSLATIONS
from domain.core.titles import texts_in, titles, translated_in, untranslated
from domain.placement.policy import Policy
from tests.domain.factories import shipped_policy

LAPTOP = "onboarding.items.laptop"


def translated(translations: dict[str, Any]) -> Policy:
    return Policy.model_validate({**shipped_policy().model_dump(), "translations": translations})


def test_the_shipped_policy_translates_all_its_titles() -> None:
    policy = shipped_policy()
    assert set(policy.translations) == set(TRANSLATIONS)
    assert untranslated(policy, policy.translations) == []
    assert {LAPTOP, "cohort.events.kick_off"} <= set(titles(policy))


@pytest.mark.parametrize(
    ("translations", "sentence"),
    [
        ({"it": {}}, "translations.it: there is no such language; it must be one of de, fr, es"),
        ({"de": {"onboarding.items.lap": "Laptop"}}, "translations.de: there is no title onboarding.items.lap"),
        ({"de": {LAPTOP: " "}}, "must not be empty|at least 1 character"),
        ({"de": "Laptop"}, "valid dict"),
    ],
)
def test_translations_of_nothing_are_refused(translations: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        translated(translations)


def test_a_language_may_translate_some_titles_only() -> None:
    policy = translated({"de": {LAPTOP: "Notebook bestellt"}})
    assert f"de: {LAPTOP}" not in untranslated(policy, policy.translations)
    assert "de: cohort.events.kick_off" in untranslated(policy, policy.translations)


def test_a_letter_carries_the_translations_of_the_titles_in_it_and_no_others() -> None:
    policy = shipped_policy()
    laptop = titles(policy)[LAPTOP]
    facts = {"reasons": [f"{laptop}: not done by the gate start"], "subject": "improvement plan", "n": 1}

    found = translated_in(policy, policy.translations, texts_in(facts))

    assert set(found) == set(TRANSLATIONS)
    assert found["de"] == {laptop: "Laptop und Telefon bestellt und eingerichtet"}
    assert translated_in(policy, policy.translations, ["improvement plan"]) == {}
    assert translated_in(policy, {}, texts_in(facts)) == {}
