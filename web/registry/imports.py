"""Imports: a file is sent, checked row by row, and imported as a whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Viewer, may
from languages.marking import translatable
from languages.speech import begun
from service.core.errors import Refused
from service.core.importing import Imported
from service.core.uploads import Upload, keep, load, settle
from service.registry.imports import MOST_BYTES, RIGHTS, ImportKind, import_file
from web.core.pages import page, redirect, speech
from web.core.reading import posted
from web.core.rights import check, signed_in
from web.core.surroundings import at_length, surroundings
from web.core.uploading import DAY_ORDERS, FILE, sent

log = logging.getLogger("waymark.console")

IMPORTS = "/imports"
UNFIT = 422
SHOWN_AT_MOST = 500
"""So many problems are shown; nobody reads more at once."""


@dataclass(frozen=True)
class Words:
    """What is imported, as the pages say it."""

    title: str
    what: str
    accepts: str


KINDS: Mapping[ImportKind, Words] = {
    ImportKind.PEOPLE: Words(
        translatable("People"),
        translatable("Who works here or will: names, addresses, skills, managers. A CSV file."),
        ".csv,.txt",
    ),
    ImportKind.ROLES: Words(
        translatable("Roles"),
        translatable("What people can be placed in, with its people and pay. A YAML file; import people first."),
        ".yaml,.yml",
    ),
    ImportKind.PROFILES: Words(
        translatable("Profiles"),
        translatable("What roles ask for: skills and levels. Your own CSV or YAML file."),
        ".csv,.txt,.yaml,.yml",
    ),
    ImportKind.CATALOGUE: Words(
        translatable("Catalogue"),
        translatable("Trainings and certificates. A YAML file; import people and profiles first."),
        ".yaml,.yml",
    ),
    ImportKind.SKILLS: Words(
        translatable("Skill levels"),
        translatable("Which levels people were found to have, by whom, on which day. A CSV file."),
        ".csv,.txt",
    ),
}


def _allowed(request: Request) -> tuple[Viewer, ImportKind]:
    """Whoever is signed in, and what they want to import and may."""
    signed_in(request)
    kind = next((kind for kind in ImportKind if kind == request.path_params["kind"]), None)
    if kind is None:
        raise HTTPException(404)
    return check(request, RIGHTS[kind]), kind


async def imports(request: Request) -> Response:
    """What can be imported."""
    viewer = signed_in(request)
    kinds = [(kind.value, words) for kind, words in KINDS.items() if may(viewer, RIGHTS[kind])]
    if not kinds:
        raise HTTPException(403)
    return page(request, "registry/imports.html", kinds=kinds)


async def send(request: Request) -> Response:
    """The form for a file; it is kept for its check."""
    viewer, kind = _allowed(request)
    if request.method != "POST":
        return _form(request, kind)
    given = await sent(request, MOST_BYTES[kind])
    if given.wrong is not None:
        return _form(request, kind, speech(request).text(given.wrong))
    order = given.form.value("day_order")
    options = {"day_order": order if order in DAY_ORDERS else "iso"}
    database = surroundings(request).database
    upload = await asyncio.to_thread(keep, database, viewer.person, _kept_as(kind), given.name, given.content, options)
    return redirect(f"{IMPORTS}/{kind}/{upload}")


def _form(request: Request, kind: ImportKind, wrong: str | None = None) -> Response:
    return page(
        request,
        "registry/import_send.html",
        status=UNFIT if wrong else 200,
        errors=[(FILE, wrong)] if wrong else (),
        wrong=wrong,
        kind=kind.value,
        words=KINDS[kind],
        most=MOST_BYTES[kind] // 2**20,
        day_orders=DAY_ORDERS if kind is ImportKind.SKILLS else {},
        back=IMPORTS,
    )


async def report(request: Request) -> Response:
    """What is wrong with a file by row and column, and what of it can be imported; then what came of it."""
    viewer, kind = _allowed(request)
    upload = await _upload(request, viewer, kind)
    if upload.outcome is not None:
        return _page(request, kind, upload, None)
    try:
        found = await at_length(request, _import, request, kind, upload, clean_only=False, store=False)
    except Refused as refused:
        return _form(request, kind, begun(speech(request).sentence(str(refused))))
    return _page(request, kind, upload, found)


def _page(request: Request, kind: ImportKind, upload: Upload, found: Imported | None) -> Response:
    problems, said = found.report.problems if found else [], speech(request)
    changed = ((upload.outcome or {}).get("differences") or [])[:SHOWN_AT_MOST]
    return page(
        request,
        "registry/import_report.html",
        kind=kind.value,
        words=KINDS[kind],
        upload=upload,
        report=found.report if found else None,
        problems=[
            {
                "where": said.sentence(problem.where),
                "column": said.sentence(problem.column or ""),
                "rule": said.sentence(problem.rule),
            }
            for problem in problems[:SHOWN_AT_MOST]
        ],
        more=max(0, len(problems) - SHOWN_AT_MOST),
        outcome=upload.outcome,
        differences=[
            each | {"before": said.sentence(each["before"]), "after": said.sentence(each["after"])} for each in changed
        ],
        back=IMPORTS if upload.outcome else f"{IMPORTS}/{kind}",
    )


async def store(request: Request) -> Response:
    """Import a file that was checked: all of it, or the clean entries where that is wanted."""
    viewer, kind = _allowed(request)
    clean_only = (await posted(request)).value("clean_only") == "yes"
    upload, database = await _upload(request, viewer, kind), surroundings(request).database
    if upload.outcome is None:
        found = await at_length(request, _import, request, kind, upload, clean_only=clean_only, store=True)
        if found.stored is not None:
            outcome = found.stored.model_dump(mode="json")
            log.info(
                "a file was imported", extra={"kind": kind.value, "by": viewer.person, "changed": found.stored.changed}
            )
            await asyncio.to_thread(settle, database, upload.id, viewer.person, _kept_as(kind), outcome)
    return redirect(f"{IMPORTS}/{kind}/{upload.id}")


async def _upload(request: Request, viewer: Viewer, kind: ImportKind) -> Upload:
    database = surroundings(request).database
    return await asyncio.to_thread(load, database, request.path_params["upload"], viewer.person, _kept_as(kind))


def _import(request: Request, kind: ImportKind, upload: Upload, *, clean_only: bool, store: bool) -> Imported:
    database, order = surroundings(request).database, upload.options["day_order"]
    return import_file(database, kind, upload.name, upload.content, order, clean_only=clean_only, store=store)


def _kept_as(kind: ImportKind) -> str:
    return f"import {kind}"


routes = [
    Route(IMPORTS, imports, methods=["GET"]),
    Route(f"{IMPORTS}/{{kind}}", send, methods=["GET", "POST"]),
    Route(f"{IMPORTS}/{{kind}}/{{upload}}", report, methods=["GET"]),
    Route(f"{IMPORTS}/{{kind}}/{{upload}}/import", store, methods=["POST"]),
]
