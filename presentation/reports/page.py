"""The report as one page that needs nothing else: no network, no script, no other file. It is in English, as all that
the command line writes.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from languages.speech import Speech
from presentation.reports.charts import charts
from presentation.reports.sections import sections
from presentation.reports.words import headline
from records.reporting.models import Report

TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> str:
    """The page, as HTML. The charts come with all texts in them escaped; the template escapes all else."""
    speech = Speech()
    return (
        environment(TEMPLATES)
        .get_template("report.html")
        .render(
            report=report,
            headline=headline(report.in_all.counts, speech),
            sections=sections(report, speech),
            charts=charts(report, speech),
        )
    )


def environment(*directories: Path) -> Environment:
    """What fills in the templates of these directories: it escapes everything, and a missing fact is an error."""
    return Environment(
        loader=FileSystemLoader(directories),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
