"""JSON that others wrote is read strictly."""

import pytest

from domain.core.json_text import NamedTwice, NestedTooDeeply, NotFinite, NotJson, read_json


def test_what_stands_in_it_is_read() -> None:
    assert read_json('{"a": [1, {"a": null}], "b": "é"}') == {"a": [1, {"a": None}], "b": "é"}
    assert read_json(b'"\xc3\xa9"') == "é"


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 1}}', NamedTwice, None),
        ("[" * 200_000, NestedTooDeeply, None),
        ('{"a":\n1,}', NotJson, (2, 3)),
        (b'"\xff"', NotJson, None),
        ("1" * 5_000, NotJson, None),
    ],
    ids=["twice", "deep", "comma", "bytes", "long"],
)
def test_what_readers_may_read_differently_is_refused(
    text: str | bytes, kind: type[NotJson], where: tuple[int, int] | None
) -> None:
    with pytest.raises(NotJson) as refused:
        read_json(text)
    assert (type(refused.value), refused.value.where) == (kind, where)


def test_what_is_no_number_is_refused_where_it_matters() -> None:
    assert read_json("[-Infinity]") == [float("-inf")]
    with pytest.raises(NotFinite):
        read_json("[-Infinity]", finite=True)
