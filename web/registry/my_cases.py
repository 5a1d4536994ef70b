"""My cases: those in which whoever is signed in plays a part, with the way to each; what runs first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.case import ENDED
from domain.core.model import Party
from languages.speech import Speech, begun
from records.queries.own_cases import OwnCase
from service.registry.my_cases import cases_of
from web.core.pages import page, speech
from web.core.paging import page_in, pages_around
from web.core.rights import check
from web.core.surroundings import surroundings
from web.registry.case_lines import Tag
from web.registry.case_words import GOOD, PROGRAMMES, TONES

MY_CASES = "/cases"


@dataclass(frozen=True)
class Line:
    """A case in the list, in the reader's language."""

    case: str
    title: str
    what: str
    parts: str
    tags: Sequence[Tag]


async def my_cases(request: Request) -> Response:
    """The list."""
    viewer, said = check(request, Action.MY_CASES), speech(request)
    found = await asyncio.to_thread(
        cases_of, surroundings(request).database, viewer.person, page_in(request.query_params)
    )
    lines = [(case.stage == ENDED, _line(case, found.parts.get(case.case_id, ()), said)) for case in found.cases]
    return page(
        request,
        "registry/my_cases.html",
        running=[line for ended, line in lines if not ended],
        ended=[line for ended, line in lines if ended],
        totals=found.totals,
        first=found.first + 1,
        number=found.page,
        numbers=[(number, f"{MY_CASES}?page={number}") for number in pages_around(found.page, found.pages)],
    )


def _line(case: OwnCase, parts: Sequence[Party], said: Speech) -> Line:
    tags = []
    if case.outcome:
        tags.append(Tag(begun(said.outcome(case.outcome)), "green" if case.outcome in GOOD else "grey"))
    if not (case.outcome and case.stage == ENDED):
        tags.append(Tag(begun(said.stage(case.stage)), TONES.get(case.stage, "blue")))
    if case.paused:
        tags.append(Tag(said.text("Paused"), "yellow"))
    programme = PROGRAMMES.get(case.programme)
    return Line(
        case=case.case_id,
        title=case.person_name or case.person,
        what=", ".join(filter(None, [said.text(programme) if programme else "", case.role_title or case.role])),
        parts=", ".join(said.party(part.value) for part in parts),
        tags=tags,
    )


routes = [Route(MY_CASES, my_cases, methods=["GET"])]
