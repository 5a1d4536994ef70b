"""Imports: a file is sent, checked row by row, and imported as a whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Viewer, may
from languages.marking import translatable
from presentation.forms.looks import Look
from records.database import Database
from records.imports.core.report import Stored
from service.core.importing import Imported
from service.core.uploads import Upload, load, read_otherwise, settle
from service.registry.imports import MOST_BYTES, RIGHTS, ImportKind, check_own, import_file
from web.core.asked import AFile, Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import page, redirect, speech
from web.core.reading import posted
from web.core.reported import Rows, difference_rows, problem_rows
from web.core.rights import check, signed_in
from web.core.sent_once import name_of, sent_once
from web.core.surroundings import at_length, surroundings
from web.core.uploading import DAY_ORDER, day_orders

log = logging.getLogger("waymark.console")

IMPORTS = "/imports"
STORE_SECONDS = 300.0


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

    async def keep(values: Mapping[str, Any], _: str) -> Response:
        upload: Upload = values["file"]
        options = {"day_order": values.get("day_order", "iso")}
        database = surroundings(request).database
        await asyncio.to_thread(read_otherwise, database, upload.id, viewer.person, _kept_as(kind), options)
        return redirect(f"{IMPORTS}/{kind}/{upload.id}")

    here, offered = f"{IMPORTS}/{kind}", {"day_order": day_orders(request)}
    given = {"day_order": "iso"}
    form = FormPage(_words(kind), here, IMPORTS, keep, offered, given, caption=speech(request).text(CAPTION))
    return await form_page(request, form)


CAPTION = translatable("Imports")


def _words(kind: ImportKind) -> FormWords:
    """The form for a file of that kind."""
    words, most = KINDS[kind], MOST_BYTES[kind]
    file = Asked(
        "file",
        translatable("File"),
        translatable("At most %(size)s MB."),
        Look.FILE,
        reads=partial(_own, kind),
        of={"size": most // 2**20},
        file=AFile(words.accepts, most, _kept_as(kind)),
    )
    asked = [file, DAY_ORDER] if kind is ImportKind.SKILLS else [file]
    return FormWords(words.title, words.what, translatable("Check the file"), asked)


def _own(kind: ImportKind, _: Database, upload: Upload) -> Upload:
    """Raises :class:`Refused` for profiles that are in no format of one's own."""
    check_own(kind, upload.name, upload.content)
    return upload


async def report(request: Request) -> Response:
    """What is wrong with a file by row and column, and what importing it would change; then what came of it."""
    viewer, kind = _allowed(request)
    upload = await _upload(request, viewer, kind)
    if upload.outcome is not None:
        return _page(request, kind, upload, None)
    found = await at_length(request, _import, request, kind, upload, clean_only=True, store=False)
    return _page(request, kind, upload, found)


def _page(request: Request, kind: ImportKind, upload: Upload, found: Imported | None) -> Response:
    said = speech(request)
    outcome = Stored.model_validate(upload.outcome) if upload.outcome else None
    foreseen = found.foreseen if found else None
    changes = outcome or foreseen
    return page(
        request,
        "registry/import_report.html",
        kind=kind.value,
        words=KINDS[kind],
        upload=upload,
        report=found.report if found else None,
        problems=problem_rows(found.report.problems, said) if found else Rows(),
        foreseen=foreseen,
        outcome=outcome,
        differences=difference_rows(changes.differences, said) if changes else Rows(),
        back=IMPORTS if outcome else f"{IMPORTS}/{kind}",
    )


async def store(request: Request) -> Response:
    """Import a file that was checked: all of it, or the clean entries where that is wanted."""
    viewer, kind = _allowed(request)
    form = await posted(request)
    upload, database = await _upload(request, viewer, kind), surroundings(request).database

    async def do() -> Response:
        clean_only = form.value("clean_only") == "yes"
        found = await at_length(request, _import, request, kind, upload, clean_only=clean_only, store=True)
        if found.stored is not None:
            outcome = found.stored.model_dump(mode="json")
            log.info(
                "a file was imported", extra={"kind": kind.value, "by": viewer.person, "changed": found.stored.changed}
            )
            await asyncio.to_thread(settle, database, upload.id, viewer.person, _kept_as(kind), outcome)
        return redirect(f"{IMPORTS}/{kind}/{upload.id}")

    if upload.outcome is not None:
        return redirect(f"{IMPORTS}/{kind}/{upload.id}")
    return await sent_once(request, name_of(request, "", form.pairs), do, within=STORE_SECONDS)


async def _upload(request: Request, viewer: Viewer, kind: ImportKind) -> Upload:
    database = surroundings(request).database
    return await asyncio.to_thread(load, database, request.path_params["upload"], viewer.person, _kept_as(kind))


def _import(request: Request, kind: ImportKind, upload: Upload, *, clean_only: bool, store: bool) -> Imported:
    database, order = surroundings(request).database, upload.options.get("day_order", "iso")
    return import_file(database, kind, upload.name, upload.content, order, clean_only=clean_only, store=store)


def _kept_as(kind: ImportKind) -> str:
    return f"import {kind}"


routes = [
    Route(IMPORTS, imports, methods=["GET"]),
    Route(f"{IMPORTS}/{{kind}}", send, methods=["GET", "POST"]),
    Route(f"{IMPORTS}/{{kind}}/{{upload}}", report, methods=["GET"]),
    Route(f"{IMPORTS}/{{kind}}/{{upload}}/import", store, methods=["POST"]),
]
