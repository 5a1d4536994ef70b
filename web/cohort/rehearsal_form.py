"""The form to rehearse the cohort of a file that was checked, and its start."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from domain.core.access import Action, Viewer
from languages.marking import translatable
from presentation.forms.looks import Look
from records.database import Database
from rehearsal.habits import HabitsError, read_habits
from service.cohort.rehearsals import begin, running
from service.core.today import today
from service.core.uploads import Upload
from service.placement.starting import first_start_date
from service.registry.starting import placement_policy
from web.cohort.files import REHEARSALS, STARTS_ON, UPLOADS, hr_of_any, policy_of, upload_of, with_first_day
from web.cohort.rehearsing import run
from web.core.asked import AFile, Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings
from web.registry.policies import LARGEST_POLICY, OF_PLACEMENTS

RUNS = (1, 3, 5)
SEED_DIGITS = 9

PAST = translatable("The first day can't be in the past.")
NO_SEED = translatable("Enter a whole number from 0 on, of at most nine digits.")


def _not_past(_: Database, day: date) -> date:
    if day < today():
        raise ValueError(PAST)
    return day


def _seed(_: Database, number: int) -> int:
    if not 0 <= number < 10**SEED_DIGITS:
        raise ValueError(NO_SEED)
    return number


def _people(_: Database, file: Upload) -> str:
    """How people behave, as a file says it. Raises ``ValueError`` for one that can't be used."""
    text = file.text()
    try:
        read_habits(text, file.name)
    except HabitsError as error:
        raise ValueError(str(error)) from None
    return text


REHEARSE = FormWords(
    title=translatable("Rehearse it"),
    lead=translatable(
        "See what would probably happen, with simulated people. Nothing real is touched. It takes minutes; you need "
        "not wait here."
    ),
    button=translatable("Start the rehearsal"),
    asked=(
        OF_PLACEMENTS.asked(
            "against",
            translatable("Policy to compare with"),
            translatable("The same people go through both, and the page shows both side by side."),
            empty=translatable("none; it is rehearsed by itself"),
            rare=False,
        ),
        Asked(
            STARTS_ON,
            translatable("First day"),
            translatable("More than five weeks ahead it is brought nearer by whole weeks, which saves waiting for it."),
            Look.DATE,
            empty="%(day)s",
            required=False,
            reads=_not_past,
        ),
        Asked(
            "runs",
            translatable("How often"),
            translatable("Several times show how much it varies; each takes as long again."),
            Look.SELECT,
        ),
        Asked(
            "seed",
            translatable("Seed"),
            translatable("With the same number people behave the same again, with another one otherwise."),
            Look.NUMBER,
            empty="1",
            required=False,
            reads=_seed,
        ),
        Asked(
            "people",
            translatable("How people behave"),
            translatable("A YAML file like the one that comes with Waymark, with figures of your own."),
            Look.FILE,
            empty=translatable("the file that comes with Waymark"),
            required=False,
            reads=_people,
            rare=True,
            file=AFile(".yaml,.yml", LARGEST_POLICY, "habits"),
        ),
    ),
)


async def new(request: Request) -> Response:
    """The form to start one with a file that was checked, or its start."""
    check(request, Action.REHEARSALS)
    viewer, around = hr_of_any(request), surroundings(request)
    upload = await upload_of(request, viewer)
    if upload.outcome is not None:
        return redirect(f"{UPLOADS}/{upload.id}")

    async def start(values: Mapping[str, Any], _: str) -> Response:
        options = _options(values, upload, viewer)
        rehearsal = await asyncio.to_thread(begin, around.database, viewer.person, upload.name, options)
        around.background.spawn(run(around, rehearsal, upload.name, upload.content, options))
        return redirect(f"{REHEARSALS}/{rehearsal}")

    offered = {
        "against": await asyncio.to_thread(OF_PLACEMENTS.offered, around.database),
        "runs": {str(number): str(number) for number in RUNS},
    }
    policy = policy_of(upload) or placement_policy()
    form = FormPage(
        with_first_day(REHEARSE, speech(request)),
        f"{REHEARSALS}/new/{upload.id}",
        f"{UPLOADS}/{upload.id}",
        start,
        offered,
        given={"runs": str(RUNS[0])},
        caption=upload.name,
        template="cohort/rehearse.html",
        facts={"running": await asyncio.to_thread(running, around.database), "policy": policy.label},
    )
    return await form_page(request, form)


def _options(values: Mapping[str, Any], upload: Upload, viewer: Viewer) -> dict[str, Any]:
    """With what it is run, as JSON."""
    against = values.get("against")
    return {
        "led_by": viewer.person,
        "upload": upload.id,
        "day_order": upload.options.get("day_order", "iso"),
        "policy": upload.options.get("policy"),
        "against": against.model_dump(mode="json") if against else None,
        "runs": int(values["runs"]),
        "seed": values.get("seed", 1),
        "starts_on": values.get("starts_on", first_start_date(today())).isoformat(),
        "people": values.get("people"),
    }
