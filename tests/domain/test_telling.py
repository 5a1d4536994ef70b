"""Values as people say them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.telling import told


@pytest.mark.parametrize(
    ("value", "says"),
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
def test_a_value_is_told_without_brackets_and_quotes(value: Any, says: str) -> None:
    assert told(value, str.upper) == says
