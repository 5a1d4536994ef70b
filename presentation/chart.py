"""What a chart is once it is drawn; without what draws it, which takes a second to load and a hundred megabytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """A chart as SVG, and in words."""

    svg: str
    caption: str
