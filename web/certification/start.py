"""Starting a certification without a path."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from domain.core.model import Party
from domain.learning.policy import LearningPolicy
from languages.marking import translatable
from presentation.forms.looks import Look
from service.certification.starting import WantedCertification, check_certification, start_certification
from service.registry.starting import learning_policy
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.policies import OF_LEARNING
from web.registry.start import BESIDE_FIELDS, CASE, COHORT, ROLE, START, after_start, may_start

HERE = f"{START}/certification"

WORDS = FormWords(
    title=translatable("Start a certification"),
    lead=translatable("For somebody who can do what the certificate asks for. Whoever has gaps takes a path first."),
    button=translatable("Start the certification"),
    asked=(
        Asked(
            "holder",
            translatable("Who is to be certified"),
            translatable("A name, or an id such as P-7F3K2M."),
            Look.PERSON,
        ),
        Asked("certificate", translatable("Certificate"), translatable("What they are to earn."), Look.SELECT),
        ROLE,
        OF_LEARNING.asked("policy", translatable("Policy")),
        COHORT,
        CASE,
    ),
    checked=True,
)


async def start(request: Request) -> Response:
    """The form, and the start."""
    found = await may_start(request, Action.START_CERTIFICATION)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        return await _start(request, values, once)

    async def tried(values: Mapping[str, Any]) -> None:
        viewer, policy, wanted = _wanted(request, values)
        await asyncio.to_thread(check_certification, surroundings(request).database, wanted, policy, viewer.person)

    offered = {
        "role": found.roles,
        "certificate": found.certificates,
        "policy": await asyncio.to_thread(OF_LEARNING.offered, surroundings(request).database),
    }
    return await form_page(request, FormPage(WORDS, HERE, START, send, offered, beside=BESIDE_FIELDS, tried=tried))


async def _start(request: Request, values: Mapping[str, Any], once: str) -> Response:
    """Raises ``HTTPException`` 403 and as :func:`service.certification.starting.start_certification` does."""
    viewer, policy, wanted = _wanted(request, values)
    around, queue = surroundings(request), surroundings(request).settings.task_queue
    started = await start_certification(around.connect, around.database, wanted, policy, viewer.person, queue)
    return await after_start(request, started, once)


def _wanted(request: Request, values: Mapping[str, Any]) -> tuple[Viewer, LearningPolicy, WantedCertification]:
    """Who starts what, by which policy. Raises ``HTTPException`` 403."""
    themselves = [Party.LEARNER] if values["holder"] == signed_in(request).person else []
    viewer = check(request, Action.START_CERTIFICATION, themselves, role=values["role"])
    wanted = WantedCertification(**{key: value for key, value in values.items() if key != "policy"})
    return viewer, values.get("policy", learning_policy()), wanted


routes = [Route(HERE, start, methods=["GET", "POST"])]
