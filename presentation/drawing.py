"""Drawing charts as SVG to stand in a page, each with its text alternative.

Text stays text, ids are the same each time and differ between charts, and nothing is fetched from anywhere. There is no
style and no image within, so that pages with a strict policy (CSP) can have them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

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
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
}


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
    """Only the drawing itself: without the file's own head, as wide as there is room, its ids its own."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = _without_styles(svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(caption)}"', 1)


def _without_styles(svg: str) -> str:
    """With attributes in the place of styles, which a page that allows none within it would not follow."""
    found = re.search(r"<style[^>]*>\*\{(.*?)\}</style>", svg)
    svg = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' style="([^"]*)"', lambda style: _attributes(style[1]), svg)
    return svg.replace("<svg", f"<svg{_attributes(found[1])}", 1) if found else svg


def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
