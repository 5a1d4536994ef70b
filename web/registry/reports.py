"""What came of the programmes, as a page; its filter stands in the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from domain.core.model import CohortId
from domain.core.naming import cohort_case
from languages.marking import translatable
from languages.speech import Speech
from presentation.chart import Chart
from presentation.reports.section import Section
from presentation.reports.sections import sections
from presentation.reports.words import headline
from records.database import Database
from records.reporting import Report
from service.cohort.viewing import cohorts, names_alone
from service.core.report import report as make
from service.core.report import titles_in
from web.core.pages import page, speech
from web.core.rights import check
from web.core.surroundings import at_length, surroundings

REPORTS = "/reports"

Charts = Mapping[str, Sequence[Chart]]

_DRAWING = Lock()
"""What draws has settings that all threads share."""


async def reports(request: Request) -> Response:
    """The page."""
    viewer = check(request, Action.REPORTS)
    asked = request.query_params.get("cohort", "").strip()[:40]
    known = await asyncio.to_thread(_cohorts, surroundings(request).database, viewer)
    wanted = next((cohort for cohort in (asked, asked.upper()) if cohort in known), asked.upper())
    made: Report | None = None
    parts: list[Section] = []
    charts: Charts = {}
    if not wanted or wanted in known:
        made, parts, charts = await at_length(request, _facts, request, wanted)
    return page(
        request,
        "reports/report.html",
        cohorts=known,
        wanted=wanted,
        links=_links(wanted, launched=known[wanted] is not None) if made and wanted else [],
        report=made,
        headline=headline(made.in_all.counts, speech(request)) if made and not made.empty else "",
        parts=parts,
        charts=charts,
    )


def _cohorts(database: Database, viewer: Viewer) -> Mapping[CohortId, str | None]:
    """What each cohort is called that was launched; and the names that cases carry without one, which have no title."""
    return {cohort.cohort: cohort.title for cohort in cohorts(database)} | dict.fromkeys(names_alone(database, viewer))


def _links(cohort: CohortId, *, launched: bool) -> list[tuple[str, str]]:
    """The pages about the cohort: whoever may see reports may see them too."""
    board = urlencode({"cohort": cohort, "which": "all"})
    return [
        *([(f"/cases/{cohort_case(cohort)}", translatable("The page of the cohort"))] if launched else []),
        (f"/board?{board}", translatable("Its placements on the board")),
    ]


def _facts(request: Request, wanted: CohortId) -> tuple[Report, list[Section], Charts]:
    """The report of the cohort that is wanted, or of all."""
    database = surroundings(request).database
    made = make(database, wanted or None)
    if made.empty:
        return made, [], {}
    said = speech(request)
    said = replace(said, titles=titles_in(database, said.language))
    drawn = _charts(made.model_dump_json(exclude={"made_at"}), made.made_at.isoformat()[:10], said.language)
    return made, sections(made, said), drawn


@lru_cache(maxsize=16)
def _charts(report: str, day: str, language: str) -> Charts:
    """The charts of a report, given as JSON but for when it was made: drawn once for as long as nothing changes."""
    from presentation.reports.charts import charts  # noqa: PLC0415  # takes a second to load, which other pages need not wait for

    with _DRAWING:
        made = Report.model_validate_json(f'{{"made_at":"{day}T00:00:00Z",{report[1:]}')
        return charts(made, Speech(language))


routes = [Route(REPORTS, reports, methods=["GET"])]
