"""The file of a cohort that HR has sent: how it is read, under which policy, and who may do what with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request

from domain.core.access import Action, Viewer, may
from domain.placement.policy import Policy
from languages.speech import Speech
from records.imports.cohort.report import CohortReport
from records.imports.core.csv_text import MOST_BYTES
from service.cohort.checking import CohortFile, check
from service.core.today import today
from service.core.uploads import Upload, load
from service.placement.starting import first_start_date
from service.registry.starting import placement_policy
from web.core.asked import AFile
from web.core.form_page import FormWords
from web.core.rights import signed_in
from web.core.surroundings import at_length, surroundings

COHORTS = "/cohorts"
UPLOADS = f"{COHORTS}/uploads"
REHEARSALS = "/rehearsals"

COHORT = "cohort"
"""The kind of these files."""

A_COHORT = AFile(".csv,.txt", MOST_BYTES, COHORT)


STARTS_ON = "starts_on"
"""The field for the first day; ``%(day)s`` in its words is the one that follows where it is left empty."""


def with_first_day(words: FormWords, said: Speech) -> FormWords:
    """The words of a form, with the day on which a cohort begins by itself."""
    of = {"day": said.day(first_start_date(today()))}
    return replace(words, asked=[replace(each, of=of) if each.key == STARTS_ON else each for each in words.asked])


def hr_of_any(request: Request) -> Viewer:
    """Whoever is signed in, if they are HR of a role: of which, the file says. Raises as ``check`` does."""
    viewer = signed_in(request)
    roles = [None, *sorted(viewer.hr_of)]
    if not any(may(viewer, Action.LAUNCH_COHORT, role=role) for role in roles):
        raise HTTPException(403)
    return viewer


def may_update_people(viewer: Viewer) -> bool:
    """Whether a file of theirs may change people on record: whoever says which address is whose could be anybody."""
    return may(viewer, Action.IMPORT_PEOPLE)


async def upload_of(request: Request, viewer: Viewer) -> Upload:
    """The file that the address names. Raises ``Unknown`` for one that is not theirs."""
    return await asyncio.to_thread(
        load, surroundings(request).database, request.path_params["upload"], viewer.person, COHORT
    )


def file_of(upload: Upload, viewer: Viewer) -> CohortFile:
    """The file as it is to be read for whoever asks now: what they might do once, they may not do any more."""
    options = upload.options
    return CohortFile(
        upload.name,
        upload.content,
        options.get("day_order", "iso"),
        bool(options.get("update_people")) and may_update_people(viewer),
        options.get("beside") or None,
    )


def policy_of(upload: Upload) -> Policy | None:
    """The policy that was sent with a file, if one was."""
    return Policy.model_validate(upload.options["policy"]) if upload.options.get("policy") else None


async def checked(request: Request, viewer: Viewer, upload: Upload, cohort: str | None) -> CohortReport:
    """What is wrong with a file for whoever is to launch it. Raises as :func:`service.cohort.checking.check` does."""
    database, policy = surroundings(request).database, policy_of(upload) or placement_policy()
    return await at_length(request, check, database, file_of(upload, viewer), policy, viewer.person, cohort)


def check_roles(viewer: Viewer, report: CohortReport) -> None:
    """Whether they may launch a cohort in each of its roles. Raises ``HTTPException`` 403."""
    roles = {participant.role for participant in report.participants}
    if not all(may(viewer, Action.LAUNCH_COHORT, role=role) for role in roles):
        raise HTTPException(403)
