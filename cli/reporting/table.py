"""The report as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from presentation.reports.section import Section
from presentation.tables import cell, table


def render(sections: Sequence[Section]) -> list[RenderableType]:
    """The sections one after the other: a table with what it says, or a sentence where there is nothing."""
    return [part for section in sections for part in _render(section)]


def _render(section: Section) -> list[RenderableType]:
    if not section.rows:
        return [cell(f"{section.title}: {section.empty}")]
    made = table(section.title, section.columns, section.rows)
    for number in made.columns[section.words :]:
        number.justify = "right"
    made.padding = (0, 0, 0, 1)  # eleven columns have to stand beside each other
    made.caption, made.caption_justify = cell(section.caption, "dim"), "left"
    return [made]
