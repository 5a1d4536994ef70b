"""A cohort from its file to its launch: sent, checked row by row, and launched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.naming import cohort_case
from languages.marking import translatable
from presentation.forms.looks import Look
from service.cohort.viewing import cohorts, names_alone
from service.core.uploads import Upload, read_otherwise
from web.cohort.files import A_COHORT, COHORT, COHORTS, UPLOADS, hr_of_any, upload_of
from web.cohort.report import Report
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import page, redirect
from web.core.rights import check
from web.core.surroundings import surroundings
from web.core.uploading import DAY_ORDER, day_orders
from web.registry.policies import OF_PLACEMENTS

SEND = FormWords(
    title=translatable("Check and launch a cohort"),
    lead=translatable(
        "Send the file with those who take part. It is checked row by row; nothing starts before you say so."
    ),
    button=translatable("Check the file"),
    asked=(
        Asked(
            "file",
            translatable("File of the cohort"),
            translatable("A CSV file of at most %(size)s MB. It is kept for a day, for you alone."),
            Look.FILE,
            of={"size": A_COHORT.at_most // 2**20},
            file=A_COHORT,
        ),
        DAY_ORDER,
        OF_PLACEMENTS.asked("policy", translatable("Policy"), rare=False),
    ),
)


NOT_READ_OTHERWISE: Mapping[str, Any] = {"cohort": "", "beside": "", "update_people": False}
"""How a file is read at first, also one that was sent before."""


async def all_cohorts(request: Request) -> Response:
    """The cohorts there are."""
    viewer = check(request, Action.COHORTS)
    database = surroundings(request).database
    found = await asyncio.to_thread(cohorts, database)
    alone = await asyncio.to_thread(names_alone, database, viewer)
    return page(
        request,
        "cohort/cohorts.html",
        cohorts=found,
        names=[
            (name, f"/board?{urlencode({'cohort': name, 'which': 'all'})}", f"/reports?{urlencode({'cohort': name})}")
            for name in alone
        ],
        reports=may(viewer, Action.REPORTS),
        case_of=cohort_case,
        launches=viewer.is_hr,
        rehearses=may(viewer, Action.REHEARSALS),
    )


async def send(request: Request) -> Response:
    """The form for the file of a cohort; it is kept for its check."""
    viewer, database = hr_of_any(request), surroundings(request).database

    async def keep(values: Mapping[str, Any], _: str) -> Response:
        upload: Upload = values["file"]
        policy = values.get("policy")
        options = {
            "day_order": values["day_order"],
            "policy": policy.model_dump(mode="json") if policy else None,
            **NOT_READ_OTHERWISE,
        }
        await asyncio.to_thread(read_otherwise, database, upload.id, viewer.person, COHORT, options)
        return redirect(f"{UPLOADS}/{upload.id}")

    offered = {
        "day_order": day_orders(request),
        "policy": await asyncio.to_thread(OF_PLACEMENTS.offered, database),
    }
    form = FormPage(SEND, f"{COHORTS}/new", COHORTS, keep, offered, given={"day_order": "iso"})
    return await form_page(request, form)


async def report(request: Request) -> Response:
    """What is wrong with the file by row and column, who can take part, and the form to launch it."""
    viewer = hr_of_any(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return page(request, "cohort/launched.html", upload=upload, outcome=upload.outcome, back=COHORTS)
    return await Report(request, viewer, upload).page()


async def read_anew(request: Request) -> Response:
    """Read the file in another way, and check it again."""
    viewer = hr_of_any(request)
    return await form_page(request, Report(request, viewer, await upload_of(request, viewer)).read_form())


async def launch(request: Request) -> Response:
    """Launch the cohort with the people of the file: all, or those whose rows are clean where that is wanted."""
    viewer = hr_of_any(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return redirect(f"{UPLOADS}/{upload.id}")
    return await form_page(request, Report(request, viewer, upload).launch_form())


routes = [
    Route(COHORTS, all_cohorts, methods=["GET"]),
    Route(f"{COHORTS}/new", send, methods=["GET", "POST"]),
    Route(f"{UPLOADS}/{{upload}}", report, methods=["GET"]),
    Route(f"{UPLOADS}/{{upload}}/read", read_anew, methods=["POST"]),
    Route(f"{UPLOADS}/{{upload}}/launch", launch, methods=["POST"]),
]
