"""Starting an upskilling path."""

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
from service.learning.starting import WantedPath, check_path, start_path
from service.registry.starting import learning_policy
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.policies import OF_LEARNING
from web.registry.start import BESIDE, BESIDE_FIELDS, CASE, COHORT, ROLE, START, after_start, may_start

HERE = f"{START}/path"

AS_THE_POLICY_SAYS = translatable("as the policy says")

WORDS = FormWords(
    title=translatable("Start an upskilling path"),
    lead=translatable(
        "Once it is started, the person and an assessor say which levels they have, and a plan is made from that."
    ),
    button=translatable("Start the path"),
    asked=(
        Asked("learner", translatable("Who learns"), translatable("A name, or an id such as P-7F3K2M."), Look.PERSON),
        ROLE,
        Asked(
            "profile",
            translatable("Profile of skills"),
            look=Look.SELECT,
            empty=translatable("the one that is called like the role"),
            required=False,
        ),
        Asked(
            "certificate",
            translatable("Certificate at the end"),
            look=Look.SELECT,
            empty=translatable("no certificate; it ends with the reassessment"),
            required=False,
        ),
        Asked("hours", translatable("Hours in all"), look=Look.NUMBER, empty=AS_THE_POLICY_SAYS, required=False),
        Asked(
            "hours_per_week",
            translatable("Hours a week"),
            look=Look.NUMBER,
            empty=AS_THE_POLICY_SAYS,
            required=False,
        ),
        Asked(
            "budget",
            translatable("Budget"),
            translatable("An amount in the policy's currency."),
            Look.NUMBER,
            empty=AS_THE_POLICY_SAYS,
            required=False,
            whole=False,
        ),
        OF_LEARNING.asked("policy", translatable("Policy")),
        COHORT,
        BESIDE,
        CASE,
    ),
    checked=True,
)


async def start(request: Request) -> Response:
    """The form, and the start."""
    found = await may_start(request, Action.START_PATH)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        return await _start(request, values, once)

    async def tried(values: Mapping[str, Any]) -> None:
        viewer, policy, wanted = _wanted(request, values)
        await asyncio.to_thread(check_path, surroundings(request).database, wanted, policy, viewer.person)

    offered = {
        "role": found.roles,
        "certificate": found.certificates,
        "profile": found.profiles,
        "policy": await asyncio.to_thread(OF_LEARNING.offered, surroundings(request).database),
    }
    return await form_page(request, FormPage(WORDS, HERE, START, send, offered, beside=BESIDE_FIELDS, tried=tried))


async def _start(request: Request, values: Mapping[str, Any], once: str) -> Response:
    """Raises ``HTTPException`` 403 and as :func:`service.learning.starting.start_path` does."""
    viewer, policy, wanted = _wanted(request, values)
    around, queue = surroundings(request), surroundings(request).settings.task_queue
    started = await start_path(around.connect, around.database, wanted, policy, viewer.person, queue)
    return await after_start(request, started, once)


def _wanted(request: Request, values: Mapping[str, Any]) -> tuple[Viewer, LearningPolicy, WantedPath]:
    """Who starts what, by which policy. Raises ``HTTPException`` 403."""
    themselves = [Party.LEARNER] if values["learner"] == signed_in(request).person else []
    viewer = check(request, Action.START_PATH, themselves, role=values["role"])
    wanted = WantedPath(**{key: value for key, value in values.items() if key != "policy"})
    return viewer, values.get("policy", learning_policy()), wanted


routes = [Route(HERE, start, methods=["GET", "POST"])]
