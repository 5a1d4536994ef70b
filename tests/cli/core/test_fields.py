"""Answers typed as ``key=value``, read by the form of the task."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cli.core.errors import CommandError
from cli.core.fields import ask_for, described, parse
from domain.cohort.forms import MatchingReview
from domain.core.model import Money
from domain.core.questions import TaskKind, YesNo
from domain.learning.forms import Attendance, Levels
from domain.placement.forms import Goals, Proposal, Review, SessionNote
from domain.registry.answers import read_form
from domain.registry.forms import FORMS


def test_text_becomes_what_the_form_says() -> None:
    pairs = ["convert=yes", "reasons=a = b", "salary.amount=48000", "salary.currency=GBP", "starts_on=2027-01-04"]
    form = read_form(TaskKind.PROPOSAL, parse(Proposal, pairs))
    assert isinstance(form, Proposal)
    assert (form.convert, form.reasons, form.starts_on) == (True, "a = b", date(2027, 1, 4))
    assert form.salary == Money(amount=Decimal("48000.00"), currency="GBP")


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("no", False), ("true", True), ("N", False)])
def test_a_yes_or_no(said: str, meant: bool) -> None:
    assert YesNo.model_validate(parse(YesNo, [f"yes={said}", "reason=because"])).yes is meant


def test_a_list_is_given_by_repeating_its_key() -> None:
    assert parse(Goals, ["goals=one", "goals=two, three"]) == {"goals": ["one", "two, three"]}


def test_a_pair_may_hold_an_equals_sign() -> None:
    pairs = ["agree=no", "pin=P-7F3K2M=P-4CY9GS", "pin=P-2BF6TQ=P-4CY9GS", "forbid=P-7F3K2M=P-6NB4YV"]
    form = read_form(TaskKind.MATCHING_REVIEW, parse(MatchingReview, pairs))
    assert isinstance(form, MatchingReview)
    assert (form.agree, form.forbid) == (False, ["P-7F3K2M=P-6NB4YV"])
    assert form.pin == ["P-7F3K2M=P-4CY9GS", "P-2BF6TQ=P-4CY9GS"]


def test_what_is_left_out_stays_left_out() -> None:
    form = read_form(TaskKind.SESSION_NOTE, parse(SessionNote, ["held=yes", "minutes=45"]))
    assert form.model_dump(exclude_unset=True) == {"held": True, "minutes": 45}


@pytest.mark.parametrize(
    ("form", "pairs", "sentence"),
    [
        (YesNo, ["yes"], "“yes” is not of the form key=value"),
        (YesNo, ["=yes"], "key=value"),
        (YesNo, ["ja=yes"], "ja: there is no such field; the form has yes, reason"),
        (YesNo, ["yes=yes", "yes=no"], "yes: given twice"),
        (YesNo, ["yes.please=yes"], "yes: this field has no parts"),
        (Proposal, ["salary=48000 GBP"], "salary: give salary.amount=… and salary.currency=…"),
        (Proposal, ["salary.sum=1"], "salary: give salary.amount=…"),
        (Proposal, ["salary.amount=1", "salary.amount=2"], "salary.amount: given twice"),
    ],
)
def test_what_fits_no_field_is_refused(form: type[Any], pairs: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse(form, pairs)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("kind", TaskKind)
def test_every_form_says_what_each_field_takes(kind: TaskKind) -> None:
    fields = described(FORMS[kind])
    assert not [takes for _, takes, _ in fields if "None" in takes or "+00:00" in takes]
    assert {key.partition(".")[0] for key, _, _ in fields} == set(FORMS[kind].model_fields)
    assert all(takes for _, takes, _ in fields)


def test_the_bounds_of_a_field_are_told() -> None:
    takes = {key: what for key, what, _ in described(Review)}
    assert (takes["score"], takes["goals_met"]) == ("whole number, 1 to 5", "whole number, 0 to 8")
    assert {key: what for key, what, _ in described(Goals)} == {"goals": "text; repeat for more, 1 to 8 times"}
    assert {key: required for key, _, required in described(YesNo)} == {"yes": True, "reason": False}


def test_somebody_is_asked_field_by_field() -> None:
    answers: Iterator[str] = iter(["yes", "good work", "", "48000", "GBP", ""])
    asked: list[tuple[str, bool]] = []

    def ask(field: str, required: bool) -> str:
        asked.append((field.partition(" ")[0], required))
        return next(answers)

    assert ask_for(Proposal, ask) == {
        "convert": "yes",
        "reasons": "good work",
        "salary": {"amount": "48000", "currency": "GBP"},
    }
    assert asked[:3] == [("convert", True), ("reasons", True), ("title", False)]


def test_a_list_is_asked_for_until_nothing_more_comes() -> None:
    answers = iter(["one", "two", ""])
    required: list[bool] = []

    def ask(_: str, must: bool) -> str:
        required.append(must)
        return next(answers)

    assert ask_for(Goals, ask) == {"goals": ["one", "two"]}
    assert required == [True, False, False]


def test_levels_by_skill() -> None:
    """A mapping takes an entry for each name behind the dot, also one of several words."""
    given = parse(Levels, ["levels.sql=4", "levels.reading comprehension=2"])
    assert Levels.model_validate(given).levels == {"sql": 4, "reading comprehension": 2}
    takes = {key: takes for key, takes, _ in described(Levels)}
    assert takes["levels"] == "NAME=whole number, 0 to 7; repeat for more"
    for wrong, sentence in ((["levels=4"], "levels.NAME"), (["levels.sql=4", "levels.sql=5"], "given twice")):
        with pytest.raises(CommandError, match=sentence):
            parse(Levels, wrong)
    typed = iter(["sql=4", "python=3", "", ""])
    assert ask_for(Levels, lambda *_: next(typed)) == {"levels": {"sql": "4", "python": "3"}}


def test_what_is_chosen_from_is_named() -> None:
    """A form with a choice says what can be chosen."""
    assert described(Attendance)[0][1] == "none or partial or full"
