"""Starting a placement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.model import Party
from domain.core.working_pattern import read_patterns
from languages.marking import translatable
from presentation.forms.looks import Look
from service.core.errors import Unfit
from service.placement.starting import PathInside, WantedPlacement, start_placement
from service.registry.starting import learning_policy, placement_policy
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.start import BESIDE, BESIDE_FIELDS, CASE, ROLE, START, after_start, may_start

HERE = f"{START}/placement"

WORDS = FormWords(
    title=translatable("Start a placement"),
    lead=translatable(
        "First it is checked whether the rules let the person in, then a mentor is looked for. Where HR may make an "
        "exception, HR is asked."
    ),
    button=translatable("Start the placement"),
    asked=(
        Asked(
            "returner",
            translatable("Who is placed"),
            translatable("A name, or an id such as P-7F3K2M. They must have applied."),
            Look.PERSON,
        ),
        ROLE,
        Asked(
            "starts_on",
            translatable("First day"),
            translatable("Else it is the first Monday at least four weeks from today."),
            Look.DATE,
            required=False,
        ),
        Asked(
            "weeks",
            translatable("How many weeks"),
            translatable("Else as many as the policy says."),
            Look.NUMBER,
            required=False,
        ),
        Asked(
            "patterns",
            translatable("Working pattern"),
            translatable("Such as: mon-wed 8 – or: from 2027-02-01 mon-fri 6. Else what the records say."),
            required=False,
            reads=read_patterns,
        ),
        Asked(
            "learning",
            translatable("With an upskilling path inside"),
            translatable("The person learns in the placement's learning hours."),
            Look.TICK,
            required=False,
        ),
        Asked(
            "certificate",
            translatable("Certificate at the end of the path inside"),
            translatable("Only with a path inside."),
            Look.SELECT,
            required=False,
        ),
        BESIDE,
        CASE,
    ),
    checked=True,
)


async def start(request: Request) -> Response:
    """The form, and the start."""
    found = await may_start(request, Action.START_PLACEMENT)

    async def send(values: Mapping[str, Any]) -> Response:
        return await _start(request, values)

    offered = {"role": found.roles, "certificate": found.certificates}
    return await form_page(request, FormPage(WORDS, HERE, START, send, offered, beside=BESIDE_FIELDS))


async def _start(request: Request, values: Mapping[str, Any]) -> Response:
    """Raises ``HTTPException`` 403 and as :func:`service.placement.starting.start_placement` does."""
    themselves = [Party.RETURNER] if values["returner"] == signed_in(request).person else []
    viewer = check(request, Action.START_PLACEMENT, themselves, role=values["role"])
    inside, certificate = values.get("learning"), values.get("certificate")
    if certificate is not None and not inside:
        raise Unfit.at("learning", "there is a certificate only at the end of a path inside")
    around = surroundings(request)
    wanted = WantedPlacement(
        returner=values["returner"],
        role=values["role"],
        policy=placement_policy(),
        starts_on=values.get("starts_on"),
        weeks=values.get("weeks"),
        case=values.get("case"),
        beside=values.get("beside"),
        patterns=values.get("patterns"),
        inside=PathInside(learning_policy(), certificate=certificate) if inside else None,
    )
    queue = around.settings.task_queue
    started = await start_placement(around.connect, around.database, wanted, viewer.person, queue)
    return await after_start(request, started)


routes = [Route(HERE, start, methods=["GET", "POST"])]
