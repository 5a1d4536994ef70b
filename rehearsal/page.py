"""The report of a rehearsal as one page that needs nothing else: no network, no script, no other file. In English, as
all that the command line writes.
"""

from __future__ import annotations

from pathlib import Path

from languages.speech import Speech
from presentation.reports.page import TEMPLATES, environment
from rehearsal.charts import charts
from rehearsal.figures import Rehearsed
from rehearsal.sections import headline, sections

OURS = Path(__file__).parent / "templates"


def page(rehearsed: Rehearsed) -> str:
    """The page, as HTML."""
    template, speech = environment(OURS, TEMPLATES).get_template("rehearsal.html"), Speech()
    return template.render(
        made=rehearsed,
        headline=headline(rehearsed, speech),
        sections=sections(rehearsed, speech),
        charts=charts(rehearsed, speech),
    )
