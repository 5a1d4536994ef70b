"""Charts as they stand in a page: texts are as they were typed, all else is the chart's own."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes

from presentation.drawing import draw_chart, label_rows

NAME = "{http://www.w3.org/2000/svg}"


def drawn(*labels: str, name: str = "bars", caption: str = "Bars.") -> str:
    def draw(axes: Axes) -> None:
        axes.barh(range(len(labels)), range(len(labels)), label="all of it")
        label_rows(axes, labels)
        axes.legend()

    return draw_chart(name, draw, caption, "Bars", rows=len(labels)).svg


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{NAME}text")]


@pytest.mark.parametrize(
    "typed",
    [
        'x style="fill:#000"',
        "#1f77b4",
        'an id="1" href="#1"',
        "url(#first)",
        "</text><script>1</script>",
        "<svg><style>*{}</style>",
        "<metadata>&amp;</metadata>",
        "$x$ and 50%",
    ],
)
def test_a_label_stands_there_as_it_was_typed(typed: str) -> None:
    svg = drawn(typed, "another", caption=typed)
    assert typed in texts(svg)
    assert ElementTree.fromstring(svg).get("aria-label") == typed


def test_a_character_that_no_drawing_can_hold_is_left_out() -> None:
    assert "bell" in texts(drawn("be\x07ll"))


def test_a_drawing_has_no_style_and_its_ids_are_those_of_one_chart_of_the_page() -> None:
    root = ElementTree.fromstring(drawn("one", "two"))
    assert root.tag == f"{NAME}svg"
    assert (root.get("role"), root.get("width"), root.get("height")) == ("img", None, None)
    assert not [element for element in root.iter() if element.tag in (f"{NAME}style", f"{NAME}metadata")]
    assert not [element for element in root.iter() if "style" in element.attrib]
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert all(id.startswith("bars-") for id in ids)
    values = [value for element in root.iter() for value in element.attrib.values()]
    referred = {value[5:-1] for value in values if value.startswith("url(#")}
    referred |= {value[1:] for value in values if value.startswith("#bars")}
    assert referred
    assert referred <= {*ids}
