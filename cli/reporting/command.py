"""What came of it: the report for HR, as tables, as JSON, or as a page that can be mailed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, Cohort, a_file_to_write
from cli.core.output import say, say_result, show, write_page
from cli.reporting.table import render
from languages.speech import Speech
from presentation.reports.sections import sections
from presentation.reports.words import headline
from records.reporting import Report
from service.core.environment import records
from service.core.report import report as make

HtmlFile = Annotated[
    Path | None,
    typer.Option(
        "--html", parser=a_file_to_write, metavar="FILE", help="Write one page with charts, to be mailed or printed."
    ),
]
NOTHING = "There are no placements and no learning paths in the records yet."


app = Commands()


@app.command()
def report(cohort: Cohort = None, html: HtmlFile = None, as_json: AsJson = False) -> None:
    """Report what came of the programmes: outcomes, time, retention, cost, learning, fairness.

    Definitions of all figures: docs/reports.md. Nobody is named in it.
    """
    if html is not None and as_json:
        raise CommandError("give either --html or --json", "usage")
    with records() as database:
        made = make(database, cohort)
    if as_json:
        say_result(made.model_dump(mode="json"))
    elif made.empty:
        say(f"There are no cases in the cohort {cohort} yet." if cohort else NOTHING)
    elif html is not None:
        _write(made, html)
    else:
        _show(made)


def _show(made: Report) -> None:
    speech = Speech()
    say(headline(made.in_all.counts, speech))
    show(*render(sections(made, speech)))


def _write(made: Report, file: Path) -> None:
    from presentation.reports.page import (
        page,  # its charts take a second to load, which tables and JSON need not wait for
    )

    write_page(page(made), file)
