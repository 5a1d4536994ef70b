"""Forms: whatever one can hold goes to a page and comes back from it the same, in every language and zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.languages import LANGUAGES, TRANSLATIONS
from domain.core.questions import Form, TaskKind
from domain.registry.forms import FORMS
from languages.catalogues import read as catalogue
from languages.forms.about import NEXT, SEEN_BY
from languages.forms.registry import RULES, words_of
from languages.forms.words import FORM
from languages.speech import Speech
from presentation.forms.answers import read
from presentation.forms.fields import FieldKind, FormField, Many, fields_of
from presentation.forms.posted import MENTOR, RETURNER, typed_in
from presentation.forms.shown import Surrounding, shown
from tests.web.forms import SentBy, rendered

BERLIN = ZoneInfo("Europe/Berlin")

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=60)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)
PEOPLE = st.from_regex(r"P-[A-Z0-9]{3,12}", fullmatch=True)
MOMENTS = st.integers(0, 70_000_000).map(lambda minutes: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2)
VALUES: dict[FieldKind, st.SearchStrategy[Any]] = {
    FieldKind.TEXT: LINE,
    FieldKind.LONG_TEXT: LINES,
    FieldKind.LINK: st.from_regex(r"https://[a-z]{1,9}\.example/[a-z&=?;%0-9]{0,20}", fullmatch=True),
    FieldKind.WHOLE_NUMBER: st.integers(0, 480),
    FieldKind.NUMBER: st.decimals(Decimal("0.01"), 1000, places=2),
    FieldKind.MONEY: st.fixed_dictionaries({"amount": AMOUNTS.map(str), "currency": st.sampled_from(["EUR", "CHF"])}),
    FieldKind.DATE: st.dates(date(2001, 1, 1), date(2150, 1, 1)),
    FieldKind.MOMENT: MOMENTS,
    FieldKind.YES_NO: st.booleans(),
    FieldKind.PERSON: PEOPLE,
    FieldKind.PAIR: st.builds("{}={}".format, PEOPLE, PEOPLE),
}
JUNK = ["", " ", "yes", "no", "0", "99", "-1", "1,5", "x" * 4_001, "2026-13-45", "P-ABC", "<b>&", "a b"]
TRAININGS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{1,9}", fullmatch=True)
SKILLS = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)


def values_of(field: FormField) -> st.SearchStrategy[Any]:
    """What a field may hold, and now and then a little more."""
    one = st.sampled_from(field.choices) if field.choices else VALUES[field.kind]
    if field.kind is FieldKind.WHOLE_NUMBER and field.most is not None:
        one = st.integers(int(field.least or 0), int(field.most))
    if field.key in ("add", "remove"):
        one = TRAININGS
    if field.many is Many.LIST:
        return st.lists(one, min_size=field.fewest or 0, max_size=min(field.at_most or 6, 8))
    if field.many is Many.MAPPING:
        return st.dictionaries(SKILLS, one, min_size=1, max_size=5)
    return one


@st.composite
def filled(draw: st.DrawFn, form: type[Form]) -> Form:
    """A form that somebody has filled in rightly."""
    answer = {}
    for field in fields_of(form):
        if field.required or draw(st.booleans()):
            answer[field.key] = draw(values_of(field))
    try:
        made = form.model_validate(answer)
    except ValidationError:
        assume(False)
        raise
    assume(getattr(made, "done", None) is not False)  # which is the same as not to say anything of it
    return made


def typed_of(form: Form, zone: ZoneInfo) -> dict[str, list[str]]:
    """What somebody would have typed for it."""
    typed: dict[str, list[str]] = {}
    for field in fields_of(type(form)):
        value = getattr(form, field.key)
        if value is None:
            continue
        if field.many is Many.MAPPING:
            typed |= {f"{field.key}.{name}": [str(entry)] for name, entry in value.items()}
        elif field.kind is FieldKind.PAIR:
            typed[field.key + RETURNER] = [pair.partition("=")[0] for pair in value]
            typed[field.key + MENTOR] = [pair.partition("=")[2] for pair in value]
        elif field.many is Many.LIST:
            typed[field.key] = list(value)
        elif field.kind is FieldKind.MONEY:
            typed |= {f"{field.key}.amount": [str(value.amount)], f"{field.key}.currency": [value.currency]}
        elif field.kind is FieldKind.YES_NO:
            typed[field.key] = ["yes" if value else "no"]
        elif field.kind is FieldKind.MOMENT:
            local = value.astimezone(zone).replace(tzinfo=None)
            # of the hour that comes twice in autumn the first is meant: another can be typed with its offset
            assume(local.replace(tzinfo=zone).astimezone(UTC) == value)
            typed[field.key] = [local.isoformat(timespec="minutes")]
        else:
            typed[field.key] = [str(value)]
    return typed


def offered_for(form: Form) -> dict[str, dict[str, str]]:
    """What a task would offer, so that this could be chosen."""
    offered = {}
    for field in fields_of(type(form)):
        value = getattr(form, field.key)
        if field.many is Many.MAPPING or field.key in ("add", "remove"):
            offered[field.key] = {name: f"{name} <&> {name}" for name in [*value, "another"]}
    return offered


@pytest.mark.parametrize("kind", TaskKind)
@given(data=st.data())
@settings(max_examples=25)
def test_what_a_form_holds_goes_to_a_page_and_comes_back_the_same(kind: TaskKind, data: st.DataObject) -> None:
    # given a form that somebody has filled in, in whatever language
    form = data.draw(filled(FORMS[kind]))
    speech = Speech(data.draw(st.sampled_from(LANGUAGES)), BERLIN)
    around = Surrounding(
        offered=offered_for(form) if data.draw(st.booleans()) else {},
        currencies=["EUR"] if data.draw(st.booleans()) else [],
    )
    # when a page shows it, and a browser sends what is on the page
    page = rendered(shown(kind, speech, typed_of(form, BERLIN), (), around), speech)
    typed = typed_in(SentBy.of(page).pairs)
    # then it is read as the same
    found = read(kind, typed, speech)
    assert found.errors == ()
    assert FORMS[kind].model_validate(found.answer).model_dump() == form.model_dump()


@pytest.mark.parametrize("kind", TaskKind)
@given(data=st.data())
@settings(max_examples=15)
def test_whatever_is_typed_is_kept_and_what_is_wrong_is_said_in_plain_words(
    kind: TaskKind, data: st.DataObject
) -> None:
    # given anything at all in the controls of an empty form
    speech = Speech(data.draw(st.sampled_from(LANGUAGES)), BERLIN)
    empty = SentBy.of(rendered(shown(kind, speech, {}), speech))
    junk = st.sampled_from(JUNK)
    typed: dict[str, list[str]] = {}
    for control in empty.controls:
        typed.setdefault(control.name, []).append(data.draw(junk))
    typed = {name: texts if ":" in name or len(texts) > 2 else texts[:1] for name, texts in typed.items() if name}
    # when it is read
    found = read(kind, typed, speech)
    # then whatever is wrong is said in words of ours, beside a field that is there
    page = rendered(shown(kind, speech, typed, found.errors), speech)
    for error in found.errors:
        assert not re.search(r"[a-z]_[a-z]|%\(|Input should|value_error", error.sentence), error
        assert error.sentence.endswith((".", "?")), error
        assert error.id is None or f'id="{error.id}"' in page, error
        assert error.key is None or re.search(f'id="field-{error.key}[^"]*-error"', page), error
    # and what was typed is still there
    for name, value in SentBy.of(page).pairs:
        if value.strip() and name in typed and (name, kind) != ("done", TaskKind.CHECKLIST_ITEM):
            assert value.replace("\r\n", "\n").strip() in [text.strip() for text in typed[name]]


def test_every_field_of_every_form_has_its_words_in_all_languages() -> None:
    catalogues = {language: catalogue(language) for language in TRANSLATIONS}
    lacking = []
    for kind, form in FORMS.items():
        for field in fields_of(form):
            words = words_of(kind, field.key)
            assert words.label
            assert words.hint.endswith((".", "?"))
            given = {*field.choices} or ({"yes", "no"} if field.kind is FieldKind.YES_NO and words.choices else set())
            assert given <= words.choices.keys(), (kind, field.key)
            assert not re.search("[a-z]_[a-z]", " ".join([words.label, words.hint, *words.choices.values()]))
            for text in (words.label, words.hint, *words.choices.values(), NEXT[kind], SEEN_BY[kind]):
                for language, known in catalogues.items():
                    found = known.get(text, FORM)
                    lacking += [] if found is not None and found.string else [(language, text)]
    assert lacking == []


@pytest.mark.parametrize("kind", TaskKind)
def test_what_a_form_refuses_as_a_whole_is_said_in_plain_words(kind: TaskKind) -> None:
    """Each sentence of a validator that names a field by its key, or speaks of commands, has one for pages."""
    source = FORMS[kind]
    for answer in ({}, *({name: None} for name in source.model_fields)):
        try:
            source.model_validate(answer)
        except ValidationError as error:
            told = [detail["ctx"]["error"] for detail in error.errors() if detail["type"] == "value_error"]
            assert all(str(said) in RULES for said in told), told


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("en", "48,000.50", "48000.50"),
        ("en", "48000", "48000"),
        ("de", "48.000,50", "48000.50"),
        ("de", "48.000", "48000"),
        ("de", "48000.50", "48000.50"),
        ("fr", "48\u202f000,50", "48000.50"),
        ("fr", "48 000", "48000"),
        ("es", "48.000,50", "48000.50"),
    ],
)
def test_an_amount_is_read_as_the_readers_language_writes_it(language: str, typed: str, amount: str) -> None:
    given = {"convert": ["yes"], "reasons": ["r"], "salary.amount": [typed], "salary.currency": ["eur"]}
    found = read(TaskKind.PROPOSAL, given, Speech(language, BERLIN))
    assert found.errors == ()
    assert Decimal(found.answer["salary"]["amount"]) == Decimal(amount)
    assert found.answer["salary"]["currency"] == "EUR"


@pytest.mark.parametrize("typed", ["48.00.0", "1,2,3", "1e400", "NaN", "-", "48 EUR", "10000000000000"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_amount_is_refused_beside_its_field(language: str, typed: str) -> None:
    given = {"convert": ["yes"], "reasons": ["r"], "salary.amount": [typed], "salary.currency": ["EUR"]}
    assert [error.key for error in read(TaskKind.PROPOSAL, given, Speech(language, BERLIN)).errors] == ["salary"]


def test_a_moment_is_one_in_the_readers_zone() -> None:
    given = {"passed": ["yes"], "sat_at": ["2026-07-01T14:00"]}
    found = read(TaskKind.EXAM_RESULT, given, Speech("en", BERLIN))
    assert FORMS[TaskKind.EXAM_RESULT].model_validate(found.answer).model_dump()["sat_at"] == datetime(
        2026, 7, 1, 12, tzinfo=UTC
    )


def test_what_a_page_never_sends_is_refused_without_naming_keys() -> None:
    """A page of an older version, or somebody who makes up fields of their own."""
    for sent in ({"yes": ["yes"], "role": ["admin"]}, {"yes": ["yes", "no"]}, {"yes.no": ["yes"]}):
        (error,) = read(TaskKind.APPROVAL, sent, Speech()).errors
        assert "out of date" in error.sentence
