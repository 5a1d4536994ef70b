"""Rehearsals: started with the file of a cohort, watched, and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.chart import Chart
from records.tables.uploads import RehearsalRecord
from rehearsal.figures import Rehearsed
from rehearsal.sections import headline, sections
from service.cohort.rehearsals import (
    GOING_ON,
    AnotherRuns,
    RehearsalState,
    all_of,
    begin,
    load,
    running,
    stands,
    stop,
)
from service.core.errors import Unknown
from service.core.today import today
from service.core.uploads import Upload
from service.core.uploads import load as load_upload
from service.placement.starting import first_start_date
from web.cohort.files import COHORT, LARGEST_POLICY, NoPolicy, hr_of_any, policy_in, policy_of, shipped, upload_of
from web.cohort.launching import NO_DATE
from web.cohort.rehearsing import run
from web.core.errors import STATUS
from web.core.pages import page, redirect, speech
from web.core.reading import MOST_BYTES, posted
from web.core.rights import check
from web.core.surroundings import at_length, surroundings
from web.core.uploading import content_of

REHEARSALS = "/rehearsals"
UNFIT = 422
RUNS = (1, 3, 5)
SEED_DIGITS = 9
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

PAST = translatable("The first day can't be in the past.")
NO_SEED = translatable("Enter a whole number from 0 on, of at most nine digits.")

_DRAWING = Lock()


async def rehearsals(request: Request) -> Response:
    """Those there are."""
    viewer, around = check(request, Action.REHEARSALS), surroundings(request)
    found = await asyncio.to_thread(all_of, around.database, viewer)
    rows = [(record, *STATES[stands(record, around.now())]) for record in found]
    going_on = await asyncio.to_thread(running, around.database)
    shown = going_on if going_on and going_on.id not in {record.id for record in found} else None
    return page(request, "cohort/rehearsals.html", rows=rows, running=shown, back="/cohorts")


async def new(request: Request) -> Response:
    """The form to start one with a file that was checked, or its start."""
    check(request, Action.REHEARSALS)
    viewer, around = hr_of_any(request), surroundings(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return redirect(f"/cohorts/uploads/{upload.id}")
    if request.method != "POST":
        return await _form(request, upload, {}, {})
    form = await posted(request, at_most=LARGEST_POLICY + MOST_BYTES, files=2)
    typed = {key: form.value(key).strip() for key in ("starts_on", "seed", "runs")}
    wrong = _wrong(typed, speech(request))
    options: dict[str, Any] = {}
    if content := await content_of(form, "against", LARGEST_POLICY):
        try:
            policy = await at_length(request, policy_in, content, form.files["against"].filename or "policy")
            options["against"] = policy.model_dump(mode="json")
        except NoPolicy as error:
            wrong["against"] = begun(speech(request).sentence(str(error)))
    if wrong:
        return await _form(request, upload, typed, wrong, UNFIT)
    options |= {
        "led_by": viewer.person,
        "upload": upload.id,
        "day_order": upload.options["day_order"],
        "policy": upload.options.get("policy"),
        "runs": int(typed["runs"]) if typed["runs"] in map(str, RUNS) else RUNS[0],
        "seed": int(typed["seed"] or 1),
        "starts_on": (_day(typed["starts_on"]) or first_start_date(today())).isoformat(),
    }
    try:
        rehearsal = await asyncio.to_thread(begin, around.database, viewer.person, upload.name, options)
    except AnotherRuns:
        return await _form(request, upload, typed, {}, STATUS["conflict"])
    around.beside.spawn(run(around, rehearsal, upload.name, upload.content, options))
    return redirect(f"{REHEARSALS}/{rehearsal}")


def _wrong(typed: Mapping[str, str], said: Speech) -> dict[str, str]:
    """What is wrong with which field."""
    wrong = {}
    if typed["starts_on"]:
        day = _day(typed["starts_on"])
        if day is None or day < today():
            wrong["starts_on"] = said.text(PAST if day else NO_DATE)
    seed = typed["seed"]
    if seed and not (seed.isascii() and seed.isdecimal() and len(seed) <= SEED_DIGITS):
        wrong["seed"] = said.text(NO_SEED)
    return wrong


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


async def _form(
    request: Request, upload: Upload, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> Response:
    return page(
        request,
        "cohort/rehearse.html",
        status=status,
        errors=[(key if key == "against" else f"f-{key}", sentence) for key, sentence in wrong.items()],
        wrong=wrong,
        typed=typed,
        upload=upload,
        running=await asyncio.to_thread(running, surroundings(request).database),
        refused=status == STATUS["conflict"],
        policy=(policy_of(upload) or shipped()).label,
        first_day=first_start_date(today()),
        runs=RUNS,
        back=f"/cohorts/uploads/{upload.id}",
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
        left_out=[*made.left_out, *(row for row in made.left_out_against if row not in made.left_out)] if made else [],
        headline=headline(made, said) if made else "",
        parts=sections(made, said) if made else [],
        charts=await asyncio.to_thread(_charts, made, said) if made else {},
        rehearsed=_rehearsed(record, said),
        again=await _again(request, record, viewer) if state not in GOING_ON else None,
        back=REHEARSALS,
    )


def _rehearsed(record: RehearsalRecord, said: Speech) -> list[tuple[str, str]]:
    """What is rehearsed, as it was asked for."""
    options = record.options
    policies = [f"{policy['id']}@{policy['version']}" for policy in map(options.get, ("policy", "against")) if policy]
    tried, *others = policies if options.get("policy") else [shipped().label, *policies]
    facts = [
        (said.text("Policy"), tried),
        *((said.text("Compared with"), other) for other in others),
        (said.text("First day"), said.day(options["starts_on"]) if options.get("starts_on") else ""),
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
