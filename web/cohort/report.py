"""What is wrong with the file of a cohort, row by row, with the forms to read it otherwise and to launch the cohort."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from domain.core.access import Action, Viewer, may
from domain.core.clock import REAL_LIFE
from domain.core.model import CohortId
from languages.marking import translatable
from languages.speech import begun
from presentation.forms.looks import Look
from records.imports.cohort.report import CohortReport
from records.imports.core.report import Remedy
from records.queries.core.policies import OtherContent
from service.cohort.checking import check_cohort_id
from service.cohort.launching import Launched, launch_file
from service.cohort.running import WantedCohort
from service.core.errors import Refused
from service.core.uploads import Upload, read_otherwise, settle
from service.registry.starting import placement_policy
from web.cohort.files import (
    COHORT,
    COHORTS,
    STARTS_ON,
    UPLOADS,
    check_roles,
    checked,
    file_of,
    may_update_people,
    policy_of,
    with_first_day,
)
from web.core.asked import Asked, as_text
from web.core.form_page import FilledForm, FormPage, FormWords, first_filled
from web.core.pages import page, redirect, speech
from web.core.reported import Rows, difference_rows, problem_rows
from web.core.surroundings import at_length, surroundings
from web.core.uploading import DAY_ORDER, day_orders

SECONDS = 60.0
"""So long a launch may take for each thousand people."""
LAUNCH_SECONDS = 600.0

LONGEST_REASON = 500

NOT_REACHED = translatable(
    "The cohort did not answer in time. Launch it again with the same id: what is done already stays, and the rest "
    "follows."
)

REMEDIES: Mapping[Remedy, str] = {
    Remedy.DAY_ORDER: translatable("Say below how the file writes dates."),
    Remedy.UPDATE_PEOPLE: translatable("Say below that people on record are to be changed."),
    Remedy.COHORT: translatable("Enter below for which cohort the file is."),
    Remedy.BESIDE: translatable("Say below why somebody is to have another placement."),
}
"""What helps against a problem, on this page."""


def _cohort_id(text: str) -> CohortId:
    """Raises :class:`Refused` for what can be no cohort's."""
    check_cohort_id(text.upper())
    return text.upper()


def _reason(text: str) -> str:
    """Raises ``ValueError`` for one that is too long."""
    if len(text) > LONGEST_REASON:
        raise ValueError(f"must be at most {LONGEST_REASON} characters")
    return text


READ = FormWords(
    title=translatable("Read the file in another way"),
    lead="",
    button=translatable("Check it again"),
    asked=(
        DAY_ORDER,
        Asked(
            "of",
            translatable("For which cohort (where it is there already)"),
            required=False,
            reads=as_text(_cohort_id),
        ),
        Asked(
            "beside",
            translatable("Why somebody is to have another placement beside the one they have"),
            required=False,
            reads=as_text(_reason),
        ),
        Asked(
            "update_people",
            translatable("Change people on record where the file says otherwise of them"),
            look=Look.TICK,
            required=False,
        ),
    ),
)

LAUNCH = FormWords(
    title=translatable("Launch it"),
    lead="",
    button="",
    asked=(
        Asked(
            "cohort",
            translatable("Id"),
            translatable(
                "Capital letters, digits and hyphens, such as SPRING-2027. With the id of a cohort that is there, "
                "people are added to it."
            ),
            reads=as_text(_cohort_id),
        ),
        Asked("title", translatable("Title"), translatable("What people call it."), required=False),
        Asked(
            STARTS_ON,
            translatable("First day"),
            look=Look.DATE,
            empty="%(day)s",
            required=False,
        ),
        Asked(
            "weeks",
            translatable("How many weeks"),
            look=Look.NUMBER,
            empty=translatable("as many as the policy says"),
            required=False,
        ),
        Asked("clean_only", "", look=Look.CERTAIN, required=False),
    ),
)


class Report:
    """The page that says what is wrong with a file, and its two forms."""

    def __init__(self, request: Request, viewer: Viewer, upload: Upload) -> None:
        self._request, self._viewer, self._upload = request, viewer, upload
        self._here, self._said = f"{UPLOADS}/{upload.id}", speech(request)

    def read_form(self) -> FormPage:
        """The form to read the file in another way."""
        options = self._upload.options
        given = {
            "day_order": options.get("day_order", "iso"),
            "update_people": "yes" if options.get("update_people") else "",
            "beside": options.get("beside", ""),
            "of": options.get("cohort", ""),
        }

        async def show(filled: FilledForm) -> Response:
            return await self.page(read=filled)

        offered = {"day_order": day_orders(self._request)}
        return FormPage(READ, f"{self._here}/read", self._here, self._read, offered, given, show=show)

    async def _read(self, values: Mapping[str, Any], _: str) -> Response:
        upload, viewer = self._upload, self._viewer
        options = {
            "day_order": values["day_order"],
            "update_people": bool(values.get("update_people")) and may_update_people(viewer),
            "beside": values.get("beside", ""),
            "cohort": values.get("of", ""),
        }
        database = surroundings(self._request).database
        await asyncio.to_thread(read_otherwise, database, upload.id, viewer.person, COHORT, options)
        return redirect(self._here)

    def launch_form(self) -> FormPage:
        """The form to launch the cohort."""

        async def show(filled: FilledForm) -> Response:
            return await self.page(launch=filled)

        return FormPage(
            with_first_day(LAUNCH, self._said),
            f"{self._here}/launch",
            self._here,
            self._launch,
            given={"cohort": self._upload.options.get("cohort", "")},
            unreachable=NOT_REACHED,
            show=show,
            within=LAUNCH_SECONDS,
        )

    async def _launch(self, values: Mapping[str, Any], _: str) -> Response:
        """Raises ``HTTPException`` 403 and as :func:`service.cohort.launching.launch_file` does."""
        around, upload, viewer = surroundings(self._request), self._upload, self._viewer
        wanted = WantedCohort(
            cohort=values["cohort"],
            led_by=viewer.person,
            policy=policy_of(upload),
            title=values.get("title"),
            starts_on=values.get("starts_on"),
            weeks=values.get("weeks"),
            seconds_per_day=REAL_LIFE,
        )
        found, launched = await launch_file(
            around.connect,
            around.database,
            wanted,
            file_of(upload, viewer),
            by_default=placement_policy(),
            clean_only=bool(values.get("clean_only")),
            task_queue=around.settings.task_queue,
            seconds=SECONDS,
            in_thread=partial(at_length, self._request),
            check_may=partial(check_roles, viewer),
        )
        if launched is None:
            raise Refused("the file has problems, and nothing was launched", "invalid")
        outcome = _outcome(found, launched)
        await asyncio.to_thread(settle, around.database, upload.id, viewer.person, COHORT, outcome)
        return redirect(self._here)

    async def page(self, *, launch: FilledForm | None = None, read: FilledForm | None = None) -> Response:
        """The page, with one of the forms as it was sent."""
        request, viewer, upload, said = self._request, self._viewer, self._upload, self._said
        launch = launch or first_filled(request, self.launch_form())
        read = read or first_filled(request, self.read_form())
        problem = found = None
        try:
            found = await checked(request, viewer, upload, upload.options.get("cohort") or None)
        except OtherContent as error:
            problem = begun(said.sentence(str(error)))
        updates = may_update_people(viewer)
        return page(
            request,
            "cohort/check.html",
            status=max(launch.status, read.status),
            errors=[*launch.errors, *read.errors],
            upload=upload,
            report=found,
            problem=problem,
            problems=problem_rows(found.problems, said, REMEDIES) if found else Rows(),
            changes=difference_rows(found.changes, said) if found else Rows(),
            policy=policy_of(upload) or placement_policy(),
            launch=[field for field in launch.fields if field.key != "clean_only" or (found and not found.clean)],
            read=[field for field in read.fields if field.key != "update_people" or updates],
            launch_form=launch.form,
            read_form=read.form,
            rehearses=may(viewer, Action.REHEARSALS),
            back=f"{COHORTS}/new",
        )


def _outcome(found: CohortReport, launched: Launched) -> dict[str, Any]:
    return {
        "cohort": launched.cohort,
        "case": launched.case,
        "already_running": launched.already_running,
        "new": len(launched.new),
        "there": len(launched.there),
        "left_out": found.entries - len(found.participants),
        "notes": launched.notes,
    }
