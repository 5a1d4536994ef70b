"""Which programme suits somebody: asked, with the numbers; and decided by HR of the role."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from domain.core.model import Party
from domain.placement.recommendation import SuitableProgramme
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from service.core.errors import Unfit, Unknown
from service.placement.recommendations import choices
from service.placement.recommending import Recommended, enter_choice, recommended
from service.registry.starting import learning_policy, placement_policy
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import page, redirect, speech
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.start import ERROR_FIELDS, ROLE, may_start

HERE = "/recommendations"
MOST_WEEKS = 104

PROGRAMMES: Mapping[SuitableProgramme, str] = {
    SuitableProgramme.RETURNSHIP: translatable("A returnship"),
    SuitableProgramme.UPSKILLING: translatable("Upskilling"),
    SuitableProgramme.RETURNSHIP_WITH_UPSKILLING: translatable("A returnship with upskilling inside"),
    SuitableProgramme.UPSKILLING_FIRST: translatable("Upskilling first, a returnship afterwards"),
    SuitableProgramme.NEITHER: translatable("Neither"),
}

ASK = FormWords(
    title=translatable("What suits somebody?"),
    lead=translatable("It is worked out by the rules of the policies, from what the records say. A person decides."),
    button=translatable("Work it out"),
    asked=(
        Asked("person", translatable("For whom"), translatable("A name, or an id such as P-7F3K2M."), Look.PERSON),
        ROLE,
        Asked(
            "profile",
            translatable("Profile of skills"),
            look=Look.SELECT,
            empty=translatable("the one that is called like the role"),
            required=False,
        ),
        Asked(
            "weeks",
            translatable("Weeks of a placement"),
            look=Look.NUMBER,
            empty=translatable("as many as the policy says"),
            required=False,
        ),
    ),
)

DECIDE = FormWords(
    title=translatable("Decide on the programme"),
    lead=translatable("What was recommended and what you decide go on record together."),
    button=translatable("Put the decision on record"),
    asked=(
        Asked(
            "programme",
            translatable("Which programme"),
            translatable("As recommended, or otherwise."),
            Look.RADIOS,
        ),
        Asked("reason", translatable("Reason"), translatable("It stays on record."), Look.TEXTAREA),
    ),
    checked=True,
)


async def overview(request: Request) -> Response:
    """What was recommended and decided, in the roles whose HR somebody is."""
    await may_start(request, Action.RECOMMENDATIONS)
    found = await asyncio.to_thread(choices, surroundings(request).database, signed_in(request))
    return page(request, "placement/recommendations.html", found=found, words=_words(speech(request)), back="/start")


def _words(said: Speech) -> dict[SuitableProgramme, str]:
    return {programme: said.text(word) for programme, word in PROGRAMMES.items()}


async def ask(request: Request) -> Response:
    """The form that asks for whom, and in which role."""
    found = await may_start(request, Action.RECOMMENDATIONS)

    async def send(values: Mapping[str, Any], _: str) -> Response:
        await _recommended(request, values["person"], values["role"], values.get("profile"), values.get("weeks"))
        more = {key: str(values[key]) for key in ("profile", "weeks") if key in values}
        return redirect(f"{HERE}/{values['person']}/{values['role']}", **more)

    offered = {"role": found.roles, "profile": found.profiles}
    return await form_page(request, FormPage(ASK, f"{HERE}/ask", HERE, send, offered, error_fields=ERROR_FIELDS))


async def _recommended(request: Request, person: str, role: str, profile: str | None, weeks: int | None) -> Recommended:
    """Raises ``HTTPException`` 403, and as :func:`service.placement.recommending.recommended` does."""
    _check(request, Action.RECOMMENDATIONS, person, role)
    if weeks is not None and not 1 <= weeks <= MOST_WEEKS:
        raise Unfit.at("weeks", f"must be {MOST_WEEKS} or less" if weeks > MOST_WEEKS else "must be 1 or more")
    of = role if profile is None else profile
    database = surroundings(request).database
    return await asyncio.to_thread(
        recommended, database, person, role, of, weeks, learning_policy(), placement_policy()
    )


def _check(request: Request, action: Action, person: str, role: str) -> Viewer:
    themselves = [Party.RETURNER] if person == signed_in(request).person else []
    return check(request, action, themselves, role=role)


async def _of_address(request: Request) -> tuple[Recommended, str]:
    """What the address asks for, and its query. Raises ``Unknown`` for an address that can't be meant."""
    query = request.query_params
    weeks = query.get("weeks")
    if weeks is not None and not (weeks.isascii() and weeks.isdecimal() and len(weeks) <= len(str(MOST_WEEKS))):
        raise Unknown("no such recommendation")
    params = request.path_params
    found = await _recommended(
        request, params["person"], params["role"], query.get("profile"), int(weeks) if weeks else None
    )
    return found, f"?{query}" if query else ""


async def recommendation(request: Request) -> Response:
    """What suits somebody, why, and what was decided before."""
    found, query = await _of_address(request)
    person, role = found.learner.person.id, found.role.id
    before = await asyncio.to_thread(choices, surroundings(request).database, signed_in(request), person, role)
    words = _words(speech(request))
    return page(
        request,
        "placement/recommendation.html",
        found=found,
        suits=words[found.recommendation.programme],
        before=before,
        words=words,
        decide=f"{HERE}/{person}/{role}/decide{query}",
        notice=speech(request).text(DECIDED) if query == "?done=decided" else None,
        back=HERE,
    )


DECIDED = translatable("The decision is on record.")


async def decide(request: Request) -> Response:
    """The form to decide, and the decision."""
    found, query = await _of_address(request)
    person, role = found.learner.person, found.role.id
    viewer = _check(request, Action.DECIDE_PROGRAMME, person.id, role)
    said, here = speech(request), f"{HERE}/{person.id}/{role}"

    async def send(values: Mapping[str, Any], _: str) -> Response:
        choice = {"actor": viewer.person, **values}
        await asyncio.to_thread(enter_choice, surroundings(request).database, found, choice, datetime.now(UTC))
        return redirect(here, done="decided")

    offered = {"programme": {programme.value: word for programme, word in _words(said).items()}}
    return await form_page(
        request,
        FormPage(
            DECIDE,
            f"{here}/decide{query}",
            f"{here}{query}",
            send,
            offered,
            given={"programme": found.recommendation.programme.value},
            caption=f"{person.name} ({person.id}), {found.role.title}",
        ),
    )


routes = [
    Route(HERE, overview, methods=["GET"]),
    Route(f"{HERE}/ask", ask, methods=["GET", "POST"]),
    Route(f"{HERE}/{{person}}/{{role}}", recommendation, methods=["GET"]),
    Route(f"{HERE}/{{person}}/{{role}}/decide", decide, methods=["GET", "POST"]),
]
