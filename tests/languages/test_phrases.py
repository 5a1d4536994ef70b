"""Sentences of ours are recognised, whatever they are about; what people type stays as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.decisions import DecisionRow
from domain.core.delivery import Delivery
from domain.core.languages import TRANSLATIONS
from domain.core.model import PERSON_ID
from domain.core.wording import spoken
from languages.phrases import Phrase, kind_of, phrases, recognise
from languages.speech import Speech
from tests import recordings
from tests.activities.core.letter_examples import recorded_letters
from tests.replaying import calls_in

ROOT = Path(__file__).parents[2]

VALUES = {
    "n": "3",
    "day": "2027-03-01",
    "at": "2027-03-01T09:00Z",
    "money": "1,250.00 GBP",
    "id": "P-7F3K2M",
    "who": "P-7F3K2M",
    "people": "P-7F3K2M, P-4CY9GS",
    "code": "DATA1",
    "key": "length.weeks",
    "words": "red, green",
    "tongues": "de, fr",
    "region": "GB-ENG",
    "given": "“x”",
    "party": "head of HR",
    "parties": "HR, mentor",
    "stage": "follow-up",
    "stages": "matching or offer",
    "kind": "workshop",
    "taskkind": "mentor request",
    "several": "red, green and blue",
    "either": "red or green",
    "rule": "no gap",
    "parts": "red, green",
    "text": "Joins (and windows)",
}

BY_TITLE = frozenset(
    {"checklist_item", "offboarding_item", "changeover_item", "e_learning", "assignment_report", "study_evidence"}
)
"""Tasks whose subject is what the policy or the catalogue calls something."""


@pytest.mark.parametrize("phrase", phrases(), ids=lambda phrase: phrase.one)
def test_a_sentence_is_recognised_by_its_own_phrase_with_all_its_values(phrase: Phrase) -> None:
    values = {place: VALUES[kind_of(place)] for place in phrase.places}
    for form in filter(None, (phrase.one, phrase.plural)):
        found = recognise(re.sub(r"\{([a-z_]+)\}", lambda place: values[place[1]], form))
        assert found is not None
        assert found.phrase == phrase
        assert found.values == values


PUT_TOGETHER = frozenset((Path(__file__).parent / "put_together.txt").read_text(encoding="utf-8").splitlines())
"""Of these the test below can't tell."""


@pytest.mark.parametrize("phrase", phrases(), ids=lambda phrase: phrase.one)
def test_a_phrase_is_one_that_our_code_writes(phrase: Phrase) -> None:
    """Else somebody has changed the sentence, and it would be read in English from now on."""
    bare = {re.sub(r"\{[a-z_]+\}", "{}", form) for form in (phrase.one, phrase.plural) if form}
    assert phrase.one in PUT_TOGETHER or bare & sentences_in_code() or any(map(_made_of_parts, bare))


def _made_of_parts(form: str) -> bool:
    """Whether what stands between its places all stands somewhere in our code."""
    parts = [part.strip(" .,:;()") for part in form.split("{}")]
    return all(any(part in sentence for sentence in sentences_in_code()) for part in parts if part)


FOLDERS = ("domain", "workflows", "activities", "service", "records", "rehearsal", "web", "cli")


@cache
def sentences_in_code() -> frozenset[str]:
    """All texts of the programmes, their rules and what refuses something, with ``{}`` for what is filled in."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    return frozenset(text for file in files for text in _texts(ast.parse(file.read_text(encoding="utf-8"))))


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            yield node.value.replace("_", " ")  # values of enumerations, as they are spoken


@pytest.mark.parametrize("name", recordings.names_of_cases())
def test_what_recorded_cases_ask_and_invite_to_and_are_at_risk_for_is_recognised(name: str) -> None:
    for letter in recorded_letters(name):
        said = [] if letter.facts.get("kind") in BY_TITLE else [letter.facts.get("subject")]
        said += letter.facts["reasons"] if letter.template == "at_risk" else []
        said += [letter.invitation.summary] if letter.invitation else []
        for sentence in filter(None, said):
            assert recognise(sentence), f"{sentence!r} is none of languages/sentences.txt"


AN_ID = re.compile(rf"{PERSON_ID}|[A-Z][A-Z0-9-]+")
"""Somebody, or a role."""


@pytest.mark.parametrize("name", recordings.names_of_cases())
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_what_recorded_cases_have_decided_is_said_in_the_readers_language(name: str, language: str) -> None:
    speech = Speech(language)
    for decided in recorded_decisions(name):
        said = speech.decided(decided)
        assert said != spoken(decided) or AN_ID.fullmatch(decided), f"{decided!r} is said in English"


@cache
def recorded_decisions(name: str) -> frozenset[str]:
    """All that a recorded workflow has decided."""
    calls = calls_in(recordings.read(name))
    batches = [Delivery.model_validate_json(text).rows for call, text in calls if call == "deliver"]
    return frozenset(row.decided for rows in batches for row in rows if isinstance(row, DecisionRow))


@pytest.mark.parametrize(
    "typed",
    [
        "the project is over",
        "kein Platz frei",
        "week 4 was hard: no review",
        "{n} returners have no mentor",
        "",
        "%(day)s",
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_what_people_type_stays_as_it_is(typed: str, language: str) -> None:
    assert Speech(language).sentence(typed) == typed


LOOKS_LIKE_OURS = st.lists(
    st.sampled_from(
        [
            *(form for phrase in phrases() for form in (phrase.one, phrase.plural) if form),
            "; ",
            ": ",
            ", ",
            "(",
            "week 4",
        ]
    )
    | st.text(max_size=8)
    | st.from_regex(r"-?[\d,]{1,20}\.\d\d [A-Z]{3}|\d{4}-\d\d-\d\d(T\d\d:\d\dZ)?|\d+\.\d+", fullmatch=True),
    max_size=4,
).map("".join)


@given(typed=st.text(max_size=200) | LOOKS_LIKE_OURS, language=st.sampled_from(["de", "fr", "es"]))
def test_nothing_that_people_type_holds_up_a_letter(typed: str, language: str) -> None:
    assert isinstance(Speech(language).sentence(typed), str)
    assert Speech(language).value(typed) is not None
