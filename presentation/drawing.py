"""Drawing charts as SVG to stand in a page, each with its text alternative.

Text stays text, ids are the same each time and differ between charts, and nothing is fetched from anywhere. There is no
style and no image within, so that pages with a strict policy (CSP) can have them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.dom.minidom import Element, Text, parseString

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from presentation.chart import Chart

BLUE, LIGHT, ORANGE, GREY = "#1f5fa8", "#9dbfe3", "#c65d00", "#6b7280"
WIDE = 5.2
"""Inches; narrow enough to be read on a phone."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
}

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML can hold."""


def label_rows(axes: Axes, labels: Sequence[str]) -> None:
    """A row for each label, the first on top."""
    axes.set_yticks(range(len(labels)), [_short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _short(label: str) -> str:
    """A label that leaves room for the chart."""
    return label if len(label) <= 26 else f"{label[:25]}…"


def draw_chart(name: str, draw: Callable[[Axes], None], caption: str, title: str, *, rows: int) -> Chart:
    """A chart that ``draw`` draws, as high as so many rows need; ``name`` differs from all others in the page."""
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": f"waymark-{name}"}):
        figure = Figure(figsize=(WIDE, 0.55 + 0.32 * rows), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        drawn = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing, transparent=True)
    return Chart(_to_stand_in_a_page(drawn.getvalue(), name, caption), title)


def _to_stand_in_a_page(svg: str, name: str, caption: str) -> str:
    """Only the drawing itself: without the file's own head, as wide as there is room, its ids its own.

    Nothing but elements and their attributes is changed: texts are what people have typed.
    """
    root = parseString(NOT_IN_XML.sub("", svg[svg.index("<svg") :])).documentElement
    assert root is not None
    for metadata in [*root.getElementsByTagName("metadata")]:
        _drop(metadata)
    for size in ("width", "height"):
        root.removeAttribute(size)
    _put_styles_into_attributes(root)
    for element in [root, *root.getElementsByTagName("*")]:
        for attribute, value in [*element.attributes.items()]:
            element.setAttribute(attribute, _own_ids(attribute, value, name))
    root.setAttribute("role", "img")
    root.setAttribute("aria-label", caption)
    return root.toxml()


def _own_ids(attribute: str, value: str, name: str) -> str:
    """What an attribute says, with ids and what refers to them as they are within the page."""
    if attribute == "id":
        return f"{name}-{value}"
    if attribute.endswith("href"):
        return value.replace("#", f"#{name}-", 1)
    return value.replace("url(#", f"url(#{name}-")


def _put_styles_into_attributes(root: Element) -> None:
    """Attributes in the place of styles, which a page that allows none within it would not follow."""
    for style in [*root.getElementsByTagName("style")]:
        everywhere = "".join(text.data for text in style.childNodes if isinstance(text, Text)).strip()
        _set_all(root, everywhere.removeprefix("*{").removesuffix("}"))
        _drop(style)
    for element in root.getElementsByTagName("*"):
        if element.hasAttribute("style"):
            said = element.getAttribute("style")
            element.removeAttribute("style")
            _set_all(element, said)


def _drop(element: Element) -> None:
    parent = element.parentNode
    assert isinstance(parent, Element)
    parent.removeChild(element)


def _set_all(element: Element, style: str) -> None:
    """Each thing that a style says as an attribute of its own."""
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            element.setAttribute(name.strip(), value.strip())
