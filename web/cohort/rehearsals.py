"""Rehearsals: started with the file of a cohort, watched, and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from languages.marking import translatable
from languages.speech import Speech
from presentation.chart import Chart
from records.database import Database
from records.tables.uploads import RehearsalRecord
from rehearsal.figures import Rehearsed
from rehearsal.sections import headline, sections
from service.cohort.rehearsals import GOING_ON, RehearsalState, all_of, load, running, stands, stop
from service.core.errors import Unknown
from service.core.people import names_of
from service.core.uploads import load as load_upload
from service.registry.starting import placement_policy
from web.cohort.files import COHORT, REHEARSALS
from web.cohort.rehearsal_form import new
from web.core.pages import page, redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings

AGAIN_SECONDS = 10
"""After so long the page of one that runs is loaded again."""

STATES: Mapping[RehearsalState, tuple[str, str]] = {
    RehearsalState.RUNNING: (translatable("Running"), "blue"),
    RehearsalState.STOPPING: (translatable("Being stopped"), "yellow"),
    RehearsalState.DONE: (translatable("Done"), "green"),
    RehearsalState.STOPPED: (translatable("Stopped"), "grey"),
    RehearsalState.ENDED: (translatable("Stopped"), "grey"),
    RehearsalState.FAILED: (translatable("Nothing came of it"), "red"),
    RehearsalState.BROKE_OFF: (translatable("Broke off"), "red"),
}

_DRAWING = Lock()


async def rehearsals(request: Request) -> Response:
    """Those there are."""
    viewer, around = check(request, Action.REHEARSALS), surroundings(request)
    found = await asyncio.to_thread(all_of, around.database, viewer)
    rows = [(record, *STATES[stands(record, around.now())]) for record in found]
    going_on = await asyncio.to_thread(running, around.database)
    shown = going_on if going_on and going_on.id not in {record.id for record in found} else None
    return page(request, "cohort/rehearsals.html", rows=rows, running=shown, back="/cohorts")


async def rehearsal(request: Request) -> Response:
    """How far it is, or what would happen."""
    viewer, around, said = check(request, Action.REHEARSALS), surroundings(request), speech(request)
    record = await asyncio.to_thread(load, around.database, request.path_params["rehearsal"], viewer)
    state = stands(record, around.now())
    made = await asyncio.to_thread(_made, record, around.database)
    follows = state in GOING_ON and "still" not in request.query_params
    word, tone = STATES[state]
    return page(
        request,
        "cohort/rehearsal.html",
        headers={"Refresh": str(AGAIN_SECONDS)} if follows else {},
        record=record,
        state=state.value,
        word=word,
        tone=tone,
        follows=follows,
        seconds=AGAIN_SECONDS,
        made=made,
        left_out=[*made.left_out, *(row for row in made.left_out_against if row not in made.left_out)] if made else [],
        headline=headline(made, said) if made else "",
        parts=sections(made, said) if made else [],
        charts=await asyncio.to_thread(_charts, made, said) if made else {},
        rehearsed=_rehearsed(record, made, said),
        again=await _again(request, record, viewer) if state not in GOING_ON else None,
        back=REHEARSALS,
    )


def _made(record: RehearsalRecord, database: Database) -> Rehearsed | None:
    """What came of it, with the names of its people, whom the file has named."""
    if not record.result:
        return None
    made = Rehearsed.model_validate(_known(record.result))
    return made.with_names(names_of(database, made.people()))


def _rehearsed(record: RehearsalRecord, made: Rehearsed | None, said: Speech) -> list[tuple[str, str]]:
    """What is rehearsed, as it was asked for, and on which day it begins where that is another."""
    options = record.options
    asked = options.get("starts_on")
    begins = made.begins_on.isoformat() if made else asked
    policies = [f"{policy['id']}@{policy['version']}" for policy in map(options.get, ("policy", "against")) if policy]
    tried, *others = policies if options.get("policy") else [placement_policy().label, *policies]
    facts = [
        (said.text("Policy"), tried),
        *((said.text("Compared with"), other) for other in others),
        (said.text("First day"), said.day(begins) if begins else ""),
        (said.text("First day that was asked for"), said.day(asked) if asked and asked != begins else ""),
        (said.text("How often"), str(options.get("runs", 1))),
        (said.text("Seed"), str(options.get("seed", 1))),
    ]
    return [(name, value) for name, value in facts if value]


async def _again(request: Request, record: RehearsalRecord, viewer: Viewer) -> str | None:
    """The form to start one with the same file, for as long as that is kept for whoever sent it."""
    upload = record.options.get("upload", "")
    try:
        await asyncio.to_thread(load_upload, surroundings(request).database, upload, viewer.person, COHORT)
    except Unknown:
        return None
    return f"{REHEARSALS}/new/{upload}"


def _known(result: Mapping[str, Any]) -> dict[str, Any]:
    """What of the command's report the rehearsal itself is made of."""
    return {name: value for name, value in result.items() if name in Rehearsed.model_fields}


def _charts(made: Rehearsed, said: Speech) -> Mapping[str, list[Chart]]:
    from rehearsal.charts import charts  # noqa: PLC0415  # takes a second to load, which other pages need not wait for

    with _DRAWING:
        return charts(made, said)


async def stop_it(request: Request) -> Response:
    """Have it end."""
    viewer = check(request, Action.REHEARSALS)
    wanted = request.path_params["rehearsal"]
    await asyncio.to_thread(stop, surroundings(request).database, wanted, viewer)
    return redirect(f"{REHEARSALS}/{wanted}")


routes = [
    Route(REHEARSALS, rehearsals, methods=["GET"]),
    Route(f"{REHEARSALS}/new/{{upload}}", new, methods=["GET", "POST"]),
    Route(f"{REHEARSALS}/{{rehearsal}}", rehearsal, methods=["GET"]),
    Route(f"{REHEARSALS}/{{rehearsal}}/stop", stop_it, methods=["POST"]),
]
