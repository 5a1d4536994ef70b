"""The board: the cases that somebody's duties let them see, by filters that stand in the address.

Why a case is at risk stands there for its HR alone, as on its own page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.model import CohortId
from domain.core.naming import Programme, cohort_case
from domain.registry.stages import STAGES
from languages.marking import translatable
from languages.speech import Speech, begun
from languages.terms import PARTY
from presentation.journey.picture import short_day
from records.queries.core.board import BoardFilter, Which
from service.cohort.viewing import cohort as cohort_on_record
from service.core.paging import ROWS
from service.registry.board import BoardRow
from service.registry.board_page import BoardPage, board_page, choices
from web.core.changes import ALL, events
from web.core.pages import page, speech
from web.core.paging import page_in, pages_around
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.case_lines import Tag
from web.registry.case_words import GOOD, PROGRAMMES, paused_said

BOARD = "/board"
GONE = 204
LONGEST = 80
"""Characters of a filter: more is nobody's name."""

IN_ORDER = {programme: stages for programme, stages in STAGES.items() if programme is not Programme.COHORT}
"""The programmes of the board, with their stages in order."""

WHICH: Mapping[Which, str] = {
    "running": translatable("That run"),
    "ended": translatable("That have ended"),
    "all": translatable("All"),
}


@dataclass(frozen=True)
class Line:
    """A row of the board, in the reader's language."""

    case: str
    person: str
    programme: str
    role: str
    stage: str
    week: str
    tags: Sequence[Tag]
    waiting: str
    due: str
    late: bool
    at_risk: bool
    risks: Sequence[str]
    """Why it is at risk, as far as the reader may know."""


@dataclass(frozen=True)
class Total:
    """How many cases are in a stage, with the address that shows those alone."""

    word: str
    number: int
    link: str
    chosen: bool


def wanted_in(request: Request) -> tuple[BoardFilter, int]:
    """What the address asks for, and which page; what makes no sense is not asked."""
    query = request.query_params

    def text(name: str) -> str | None:
        return query.get(name, "").strip()[:LONGEST] or None

    programme = text("programme")
    which: Which = "running"
    for known in WHICH:
        if query.get("which") == known:
            which = known
    wanted = BoardFilter(
        programme=programme if programme in list(IN_ORDER) else None,
        stage=text("stage"),
        cohort=text("cohort"),
        role=text("role"),
        person=text("person"),
        at_risk=query.get("at_risk") == "1",
        overdue=query.get("overdue") == "1",
        which=which,
    )
    return wanted, page_in(query)


def address(wanted: BoardFilter, *, to: str = BOARD, number: int = 1, **changes: Any) -> str:
    """The address that asks for this, or for this with changes."""
    asked = {**vars(wanted), **changes}
    if asked["which"] == "running":
        del asked["which"]
    query = {name: "1" if value is True else value for name, value in asked.items() if value}
    if number > 1:
        query["page"] = str(number)
    return f"{to}?{urlencode(query)}" if query else to


async def board(request: Request) -> Response:
    """The page."""
    viewer, around = check(request, Action.BOARD), surroundings(request)
    mark = await around.changes.mark(ALL)
    offered = await asyncio.to_thread(choices, around.database, viewer)
    said, (wanted, _) = speech(request), wanted_in(request)
    return await _page(
        request,
        "registry/board.html",
        mark=mark,
        offered=offered,
        stages=_stages(wanted, said),
        programmes=[(programme.value, said.text(PROGRAMMES[programme])) for programme in IN_ORDER],
        which=[(which, said.text(word)) for which, word in WHICH.items()],
    )


async def live(request: Request) -> Response:
    """What of the page follows the records; nothing for whoever may not see it any more."""
    viewer = request.state.viewer
    if viewer is None or not may(viewer, Action.BOARD):
        return Response(status_code=GONE)
    return await _page(request, "registry/board_live.html")


async def follow(request: Request) -> Response:
    """Events, one whenever something has changed in any case."""
    check(request, Action.BOARD)
    return events(request, surroundings(request).changes, ALL)


async def _page(request: Request, template: str, **facts: Any) -> Response:
    around, viewer = surroundings(request), signed_in(request)
    wanted, number = wanted_in(request)
    found = await asyncio.to_thread(board_page, around.database, viewer, wanted, number, around.now())
    said = speech(request)
    return page(
        request,
        template,
        **facts,
        wanted=wanted,
        found=found,
        lines=[_line(*each, said) for each in zip(found.rows, found.programmes, found.risks, strict=True)],
        totals=_totals(found, wanted, said),
        numbers=[(number, address(wanted, number=number)) for number in pages_around(found.page, found.pages)],
        at_risk=address(wanted, at_risk=not wanted.at_risk),
        overdue=address(wanted, overdue=not wanted.overdue),
        live=address(wanted, to=f"{BOARD}/live", number=found.page),
        links=await asyncio.to_thread(_links, request, wanted.cohort) if wanted.cohort else [],
        filtered=wanted != BoardFilter(),
        first=(found.page - 1) * ROWS + 1,
    )


def _links(request: Request, cohort: CohortId) -> list[tuple[str, str]]:
    """The pages about the cohort whose placements are shown, if it was launched: whoever has a board may see it."""
    found, said = cohort_on_record(surroundings(request).database, cohort), speech(request)
    if found is None:
        return []
    links = [(f"/cases/{cohort_case(cohort)}", said.text("Cohort: %(name)s") % {"name": found.title})]
    if may(signed_in(request), Action.REPORTS):
        links.append((f"/reports?{urlencode({'cohort': cohort})}", said.text("Its report")))
    return links


def _line(row: BoardRow, programme: str, risks: Sequence[str], said: Speech) -> Line:
    week = said.text("%(week)s of %(weeks)s") % {"week": row.week, "weeks": row.weeks} if row.week and row.weeks else ""
    tags = [Tag(paused_said(row.planned_back, said), "yellow")] if row.paused else []
    if row.outcome:
        tags.append(Tag(begun(said.outcome(row.outcome)), "green" if row.outcome in GOOD else "grey"))
    return Line(
        case=row.case,
        person=row.person,
        programme=said.text(PROGRAMMES[Programme(programme)]),
        role=row.role,
        stage=begun(said.stage(row.stage)),
        week=week,
        tags=tags,
        waiting=", ".join(said.word(PARTY, party) for party in row.waiting_for),
        due=short_day(row.due, said.zone, said.language, year=True) if row.due else "",
        late=row.overdue,
        at_risk=bool(row.at_risk),
        risks=[begun(said.sentence(risk)) for risk in risks],
    )


def _totals(found: BoardPage, wanted: BoardFilter, said: Speech) -> list[Total]:
    """How many there are by stage, in the order of the programmes; only those stages in which there are any."""
    several = len({count.programme for count in found.counts}) > 1
    totals = []
    for programme, stages in IN_ORDER.items():
        by_stage = {count.stage: count for count in found.counts if count.programme == programme}
        for stage in stages:
            if (count := by_stage.get(str(stage))) is None:
                continue
            word = begun(said.stage(count.stage))
            word = f"{said.text(PROGRAMMES[programme])}: {word}" if several else word
            chosen = wanted.stage == count.stage and wanted.programme in (None, programme)
            link = address(wanted, stage=None) if chosen else address(wanted, stage=count.stage, programme=programme)
            totals.append(Total(word, count.cases, link, chosen))
    return totals


def _stages(wanted: BoardFilter, said: Speech) -> list[tuple[str, str]]:
    """The stages that can be chosen: those of the programme, or of all."""
    programmes = [programme for programme in IN_ORDER if wanted.programme in (None, programme)]
    known = dict.fromkeys(str(stage) for programme in programmes for stage in IN_ORDER[programme])
    return [(stage, begun(said.stage(stage))) for stage in known]


routes = [
    Route(BOARD, board, methods=["GET"]),
    Route(f"{BOARD}/live", live, methods=["GET"]),
    Route(f"{BOARD}/events", follow, methods=["GET"]),
]
