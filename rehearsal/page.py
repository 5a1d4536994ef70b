"""The report of a rehearsal as one page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

from pathlib import Path

from presentation.reports.page import TEMPLATES, environment
from rehearsal.charts import charts
from rehearsal.figures import Rehearsed
from rehearsal.sections import headline, sections

OURS = Path(__file__).parent / "templates"


def page(rehearsed: Rehearsed) -> str:
    """The page, as HTML."""
    template = environment(OURS, TEMPLATES).get_template("rehearsal.html")
    return template.render(
        made=rehearsed, headline=headline(rehearsed), sections=sections(rehearsed), charts=charts(rehearsed)
    )
