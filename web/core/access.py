"""Duties beyond cases: who has which, granting them, taking them back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Duty
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from service.core.access import Access, Grant, access, grant, revoke
from service.core.errors import Unfit, Unknown
from service.core.roles import all_roles
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import page, redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings

ACCESS = "/access"

OPERATOR, HR_OF_ALL, HR_OF = (
    translatable("Operator"),
    translatable("HR of all roles"),
    translatable("HR of %(role)s"),
)
DONE: Mapping[str, str] = {
    "granted": translatable("The duty is granted."),
    "revoked": translatable("The duty is taken back. That it was granted stays on record."),
}

ALL = "all"
"""Instead of a role: all of them."""

GRANT = FormWords(
    title=translatable("Grant a duty"),
    lead=translatable("It counts at once. Who granted it, and when, stays on record."),
    button=translatable("Grant it"),
    asked=(
        Asked("person", translatable("Who"), translatable("A name, or an id such as P-7F3K2M."), Look.PERSON),
        Asked(
            "duty",
            translatable("Which duty"),
            translatable("HR sees and starts cases; an operator sees where cases stand, and nothing said in them."),
            Look.RADIOS,
        ),
        Asked(
            "role",
            translatable("HR of which role"),
            translatable("Only for HR."),
            Look.SELECT,
            empty=translatable("no role"),
            required=False,
        ),
    ),
    checked=True,
)

REVOKE = FormWords(
    title=translatable("Take a duty back"),
    lead=translatable("It counts at once. That it was granted stays on record."),
    button=translatable("Take it back"),
    warning=True,
)


async def overview(request: Request) -> Response:
    """Who has which duties."""
    check(request, Action.ACCESS)
    with_revoked = request.query_params.get("all") == "1"
    found = await asyncio.to_thread(access, surroundings(request).database, with_revoked=with_revoked)
    said = speech(request)
    done = DONE.get(request.query_params.get("done", ""))
    return page(
        request,
        "core/access.html",
        grants=[(granted, _duty(granted, said)) for granted in found.grants],
        found=found,
        with_revoked=with_revoked,
        notice=said.text(done) if done else None,
        back="/people",
    )


def _duty(granted: Grant, said: Speech) -> str:
    if granted.duty is Duty.OPERATOR:
        return said.text(OPERATOR)
    return said.text(HR_OF) % {"role": granted.role} if granted.role else said.text(HR_OF_ALL)


async def give(request: Request) -> Response:
    """The form to grant a duty, and that."""
    viewer, around = check(request, Action.GRANT), surroundings(request)
    said = speech(request)
    roles = await asyncio.to_thread(all_roles, around.database)

    async def send(values: Mapping[str, Any], _: str) -> Response:
        role, duty = values.get("role"), Duty(values["duty"])
        if duty is Duty.HR and role is None:
            raise Unfit.at("role", "say of which role they are HR, or of all")
        of = None if role == ALL else role
        await asyncio.to_thread(grant, around.database, values["person"], duty, of, by=viewer.person)
        return redirect(ACCESS, done="granted")

    offered = {
        "duty": {Duty.HR.value: said.text(HR), Duty.OPERATOR.value: said.text(OPERATOR)},
        "role": {ALL: said.text(ALL_ROLES), **roles},
    }
    return await form_page(request, FormPage(GRANT, f"{ACCESS}/grant", ACCESS, send, offered))


HR, ALL_ROLES = translatable("HR"), translatable("All roles, new ones too")


async def take_back(request: Request) -> Response:
    """The form to take a duty back, and that."""
    viewer, around = check(request, Action.GRANT), surroundings(request)
    sent = request.method == "POST"  # then it may have been taken back by a first click
    found: Access = await asyncio.to_thread(access, around.database, with_revoked=sent)
    number = request.path_params["n"]
    granted = next((granted for granted in found.grants if granted.n == number), None)
    if granted is None:
        raise Unknown(f"no grant {number}")
    person, duty, role = granted.person, granted.duty, granted.role

    async def send(_: Mapping[str, Any], __: str) -> Response:
        await asyncio.to_thread(revoke, around.database, person, duty, role, by=viewer.person)
        return redirect(ACCESS if person != viewer.person else "/me", done="revoked")

    caption = f"{found.names.get(person, person)} ({person}): {_duty(granted, speech(request))}"
    return await form_page(request, FormPage(REVOKE, f"{ACCESS}/{number}/revoke", ACCESS, send, caption=caption))


routes = [
    Route(ACCESS, overview, methods=["GET"]),
    Route(f"{ACCESS}/grant", give, methods=["GET", "POST"]),
    Route(f"{ACCESS}/{{n:int}}/revoke", take_back, methods=["GET", "POST"]),
]
