"""Rehearsals: started with the file of a cohort, watched, and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.drawing import Chart
from rehearsal.figures import Rehearsed
from rehearsal.sections import headline, sections
from service.cohort.rehearsals import GOING_ON, RehearsalState, all_of, begin, load, stands, stop
from service.core.errors import Refused
from web.cohort.files import LARGEST_POLICY, NoPolicy, hr_of_any, policy_in, shipped, upload_of
from web.cohort.rehearsing import run
from web.core.errors import STATUS
from web.core.pages import page, redirect, speech
from web.core.reading import MOST_BYTES, posted
from web.core.rights import check
from web.core.surroundings import surroundings
from web.core.uploading import content_of

REHEARSALS = "/rehearsals"
UNFIT = 422
RUNS = (1, 3, 5)
AGAIN_SECONDS = 10
"""After so long the page of one that runs is loaded again."""

STATES: Mapping[RehearsalState, tuple[str, str]] = {
    RehearsalState.RUNNING: (translatable("Running"), "blue"),
    RehearsalState.STOPPING: (translatable("Being stopped"), "yellow"),
    RehearsalState.DONE: (translatable("Done"), "green"),
    RehearsalState.STOPPED: (translatable("Stopped"), "grey"),
    RehearsalState.FAILED: (translatable("Broke off"), "red"),
}

_DRAWING = Lock()


async def rehearsals(request: Request) -> Response:
    """Those there are."""
    viewer, around = check(request, Action.REHEARSALS), surroundings(request)
    found = await asyncio.to_thread(all_of, around.database, viewer)
    rows = [(record, *STATES[stands(record, around.now())]) for record in found]
    return page(request, "cohort/rehearsals.html", rows=rows, back="/cohorts")


async def new(request: Request) -> Response:
    """The form to start one with a file that was checked, or its start."""
    check(request, Action.REHEARSALS)
    viewer, around, said = hr_of_any(request), surroundings(request), speech(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return redirect(f"/cohorts/uploads/{upload.id}")
    if request.method != "POST":
        return _form(request, upload.id, upload.name, [])
    form = await posted(request, at_most=LARGEST_POLICY + MOST_BYTES, files=2)
    runs = form.value("runs")
    options: dict[str, Any] = {
        "led_by": viewer.person,
        "day_order": upload.options["day_order"],
        "policy": upload.options.get("policy"),
        "runs": int(runs) if runs in map(str, RUNS) else RUNS[0],
    }
    if content := await content_of(form, "against", LARGEST_POLICY):
        try:
            policy = policy_in(content, form.files["against"].filename or "policy")
            options["against"] = policy.model_dump(mode="json")
        except NoPolicy as error:
            return _form(request, upload.id, upload.name, [("against", begun(said.sentence(str(error))))])
    try:
        rehearsal = await asyncio.to_thread(begin, around.database, viewer.person, upload.name, options)
    except Refused as refused:
        sentence = begun(said.sentence(str(refused)))
        return _form(request, upload.id, upload.name, [("", sentence)], STATUS.get(refused.kind, 409))
    around.beside.spawn(run(around, rehearsal, upload.content, options))
    return redirect(f"{REHEARSALS}/{rehearsal}")


def _form(request: Request, upload: str, name: str, errors: list[tuple[str, str]], status: int = UNFIT) -> Response:
    return page(
        request,
        "cohort/rehearse.html",
        status=status if errors else 200,
        errors=[(key or None, sentence) for key, sentence in errors],
        wrong=dict(errors),
        upload=upload,
        name=name,
        policy=shipped().label,
        runs=RUNS,
        back=f"/cohorts/uploads/{upload}",
    )


async def rehearsal(request: Request) -> Response:
    """How far it is, or what would happen."""
    viewer, around, said = check(request, Action.REHEARSALS), surroundings(request), speech(request)
    record = await asyncio.to_thread(load, around.database, request.path_params["rehearsal"], viewer)
    state = stands(record, around.now())
    made = Rehearsed.model_validate(_known(record.result)) if record.result else None
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
        headline=headline(made, said) if made else "",
        parts=sections(made, said) if made else [],
        charts=await asyncio.to_thread(_charts, made, said) if made else {},
        back=REHEARSALS,
    )


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
