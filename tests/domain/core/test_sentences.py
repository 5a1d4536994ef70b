"""Whatever is wrong, and wherever it is found: people read our sentences, never a library's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails
from pydantic_core._pydantic_core import list_all_errors  # each kind with an example: there is no other list of them

from domain.cohort import calls as cohort_calls  # noqa: F401 - their models
from domain.core import journal  # noqa: F401 - their models
from domain.core.model import Fixed, Message, Model
from domain.core.sentences import explain, place_in, violations
from domain.core.tasks import Refused
from domain.learning import state as upskilling  # noqa: F401 - their models
from domain.learning.catalogue import Certificate, Training
from domain.learning.xapi_text import Actor, NotAStatement, ParsedStatement, parse_statement
from domain.placement import (
    cohort_messages,  # noqa: F401 - their models
    matching,  # noqa: F401 - their models
)
from domain.placement import recommendation as pathway  # noqa: F401 - their models
from domain.registry.answers import read_form
from domain.registry.forms import FORMS

LIBRARY = re.compile(
    r"\bInput\b|\bshould\b|instance of|valid (string|integer|number|dict|list|boolean|date)|Field required|Extra inputs"
    r"|or equal to|match pattern|Value error|unable to|expected tag|\[type=|class '|Failed decoding|\^\[|\d items?\b"
)
"""What only a library says."""

GIVEN_UP = re.compile("can't be used|is not written as it has to be")

WRONG: tuple[Any, ...] = (
    None, "", " ", "x", "ä ö", "1,5", "x" * 5000, "a\0b", "2026-13-45", "2026-09-07 00:00", "#N/A", -1, 0, 1.5, 10**30,
    float("nan"), float("inf"), Decimal("1.005"), True, b"x", [], ["x"], [{}], {}, {"x": "y"}, {1: 2}, {"": None},
)  # fmt: skip


def models(base: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    """All models of the domain that are known by now."""
    for model in base.__subclasses__():
        if model.__module__.startswith("domain."):
            yield model
        yield from models(model)


MODELS = sorted(
    {model for model in models() if model not in (Model, Fixed, Message)}, key=lambda model: model.__qualname__
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__qualname__)
def test_every_field_that_is_wrong_is_told_in_words_of_ours(model: type[BaseModel]) -> None:
    # Given every field of a model with values that it may not take
    for value in WRONG:
        given = {(field.alias or name): value for name, field in model.model_fields.items()}
        try:
            model.model_validate({**given, "there-is-none": value})
        except ValidationError as error:
            # then each is told, and neither a library speaks nor are we at a loss
            said = explain(error)
            assert not LIBRARY.search(said), said
            assert not GIVEN_UP.search(said), (said, value)


@pytest.mark.parametrize("known", list_all_errors(), ids=lambda known: known["type"])
def test_no_kind_of_error_is_told_in_the_words_of_the_library(known: dict[str, Any]) -> None:
    context = known.get("example_context") or {}
    details = InitErrorDetails(type=known["type"], loc=("field",), input="x", ctx=dict(context))
    if known["type"] in ("value_error", "assertion_error"):
        details["ctx"] = {"error": ValueError("must be ours")}
    said = explain(ValidationError.from_exception_data("Form", [details]))
    assert said.startswith("field: ")
    assert not LIBRARY.search(said), said


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.value)
def test_no_answer_to_a_form_is_refused_in_the_words_of_a_library(kind: Any) -> None:
    for value in WRONG:
        for answer in (dict.fromkeys(FORMS[kind].model_fields, value), {"x": value}, value):
            said = refusal_of(kind, answer)
            assert not LIBRARY.search(said), said


def refusal_of(kind: Any, answer: Any) -> str:
    """Why an answer is refused; empty where it is taken."""
    try:
        read_form(kind, answer)
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("value", WRONG)
def test_no_statement_is_refused_in_the_words_of_a_library_nor_repeated(value: Any) -> None:
    for fields in (ParsedStatement.model_fields, Actor.model_fields):
        given = {(field.alias or name): value for name, field in fields.items()}
        with pytest.raises(NotAStatement) as refused:
            parse_statement({**given, "actor": given, "result": value})
        assert not LIBRARY.search(str(refused.value)), str(refused.value)
        assert ", not " not in str(refused.value)


def refusal(model: type[BaseModel], given: object) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)
    return explain(refused.value)


def test_a_sentence_names_the_field_the_rule_and_what_was_there() -> None:
    session = {"id": "S1", "starts": "2027-02-16T09:30:00Z", "ends": "2027-02-17T16:00:00", "seats": 0}
    said = refusal(
        Training,
        {"id": "sql one", "title": "", "kind": "mooc", "leads_to": {"sql": 9}, "hours": "ten", "cost": 5,
         "sessions": [session], "colour": "red"},
    )  # fmt: skip
    assert "hours: must be a whole number, not “ten”" in said
    assert "title: must not be empty" in said
    assert "leads_to.sql: must be 7 or less, not 9" in said
    assert "sessions number 1, seats: must be 1 or more, not 0" in said
    assert "sessions number 1, ends: must say how far it is from UTC" in said
    assert "cost: must be an amount and a currency, such as {amount: 2500, currency: EUR}, not 5" in said
    assert "colour: there is no such field" in said
    assert re.search("kind: must be workshop, .* or .*, not “mooc”", said)


@pytest.mark.parametrize(("field", "value"), [("name", "Ann\0Lee"), ("email", "ann at home"), ("gender", "woman")])
def test_what_is_personal_or_protected_is_never_repeated(field: str, value: str) -> None:
    class Somebody(Fixed):
        name: int = 1
        email: int = 1
        gender: int = 1

    assert value not in refusal(Somebody, {field: value})


def test_each_broken_rule_is_told_once_in_the_order_of_the_fields() -> None:
    with pytest.raises(ValidationError) as refused:
        Certificate.model_validate({})
    assert [broken_rule.where for broken_rule in violations(refused.value)] == [
        name for name, field in Certificate.model_fields.items() if field.is_required()
    ]


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ((), ""),
        (("salary", "amount"), "salary.amount"),
        (("goals", 1), "goals number 2"),
        (("sessions", 0, "seats"), "sessions number 1, seats"),
        (("levels", "a\u202eb"), "levels.(a name that can't be shown)"),
    ],
)
def test_a_place_is_named_as_people_count(location: tuple[int | str, ...], place: str) -> None:
    assert place_in(location) == place
