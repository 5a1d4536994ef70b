"""The page of a case, of whatever programme: its journey, what is open, what was decided, what can be asked of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.model import CaseId
from domain.core.naming import Programme, programme_of
from engine.errors import EngineUnreachable
from languages.marking import translatable
from languages.speech import Speech
from service.core.access import in_case
from service.core.errors import Unknown
from service.registry.case_page import CasePage, case_page
from web.core.changes import digest, events
from web.core.pages import page, speech
from web.core.rights import SignInNeeded, signed_in
from web.core.surroundings import surroundings
from web.registry.actions import action_page
from web.registry.case_facts import case_facts
from web.registry.case_lines import CaseFacts
from web.registry.my_cases import MY_CASES

GONE = 204
"""What a page that follows is told where there is nothing to show any more: it stays as it is."""


STARTED = translatable("It is started.")


async def read(request: Request) -> CasePage:
    """The case that the address names, as whoever is signed in sees it.

    Raises ``SignInNeeded``, and ``Unknown`` for a case that is not there, or not for them.
    """
    around = surroundings(request)
    viewer = signed_in(request)
    return await case_page(around.connect, around.database, _case(request), viewer, around.now())


def _case(request: Request) -> CaseId:
    case: str = request.path_params["case"]
    if not case.isascii() or len(case) > 40:
        raise Unknown(f"no case {case[:40]}")
    return case.upper()


def said_in(request: Request, shown: CasePage) -> Speech:
    """How things are said to the reader, with the texts of the case's policy in their language."""
    return replace(speech(request), titles=shown.titles)


async def case(request: Request) -> Response:
    """The page."""
    signed_in(request)
    of_cohort = programme_of(_case(request)) is Programme.COHORT
    before = await surroundings(request).changes.mark(_case(request)) if of_cohort else ""
    shown = await read(request)
    said = said_in(request, shown)
    return page(
        request,
        "registry/case.html",
        facts=await _facts(request, shown, said),
        speech=said,
        asked=shown.asked.value,
        ended=shown.records.ended,
        mark=before or digest(shown.mark),
        notice=_notice(request, shown, said),
        back="/board" if may(shown.there.viewer, Action.BOARD) else MY_CASES,
    )


def _notice(request: Request, shown: CasePage, said: Speech) -> str | None:
    """What has just been done, by what the address says of it."""
    done = request.query_params.get("done", "")
    if done == "started":
        return said.text(STARTED)
    try:
        return said.text(action_page(shown.records.programme, done).done)
    except KeyError:
        return None


async def live(request: Request) -> Response:
    """What of the page follows the records; nothing for whoever may not see it any more."""
    try:
        shown = await read(request)
    except (SignInNeeded, Unknown):
        return Response(status_code=GONE)
    said = said_in(request, shown)
    return page(
        request,
        "registry/case_live.html",
        facts=await _facts(request, shown, said),
        speech=said,
        asked=shown.asked.value,
        ended=shown.records.ended,
    )


async def _facts(request: Request, shown: CasePage, said: Speech) -> CaseFacts:
    around = surroundings(request)
    namespace = around.settings.namespace
    if shown.there.viewer.operator and around.settings.temporal_ui:
        with suppress(EngineUnreachable):
            namespace = (await around.connect()).namespace
    return await asyncio.to_thread(case_facts, shown, said, around.settings.temporal_ui, namespace)


async def follow(request: Request) -> Response:
    """Events, one whenever something has changed in the case."""
    around, case_id = surroundings(request), _case(request)
    there = await asyncio.to_thread(in_case, around.database, signed_in(request), case_id)
    if not there.may(Action.COHORT if programme_of(case_id) is Programme.COHORT else Action.CASE):
        raise Unknown(f"no case {case_id}")
    return events(request, around.changes, case_id)


routes = [
    Route("/cases/{case}", case, methods=["GET"]),
    Route("/cases/{case}/live", live, methods=["GET"]),
    Route("/cases/{case}/events", follow, methods=["GET"]),
]
