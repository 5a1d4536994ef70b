"""Values as people say them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.core.questions import TaskKind
from domain.core.wording import spoken, value_in_words


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (True, "yes"),
        (None, "none"),
        (8, "8"),
        ([], "none"),
        (["sql", "excel"], "SQL; EXCEL"),
        ({"data visualisation": "4", "sql": 5}, "data visualisation 4, sql 5"),
        ({"amount": "2500", "currency": "GBP"}, "2,500.00 GBP"),
        ([{"training": "sql", "cost": {"amount": "45", "currency": "EUR"}}], "training SQL, cost 45.00 EUR"),
    ],
)
def test_a_value_is_told_without_brackets_and_quotes(value: Any, sentence: str) -> None:
    assert value_in_words(value, str.upper) == sentence


def test_names_of_ours_are_said_as_people_say_them() -> None:
    assert spoken("mentor_request") == "mentor request"
    assert spoken("e_learning") == "e-learning"
    assert not [kind for kind in TaskKind if "_" in spoken(kind.value)]
