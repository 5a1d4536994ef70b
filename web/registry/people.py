"""People, for HR: found, looked at, reached, signed out, and unlinked from an account."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.departure import DepartureStage
from domain.core.model import PERSON_ID, PersonId
from domain.core.reassigning import Handing
from languages.marking import translatable
from presentation.forms.looks import Look
from service.core.accounts import unlink as unlink_accounts
from service.core.daily_mail import choose, mail_ways
from service.core.errors import Unknown
from service.core.people import names_of
from service.core.sessions import end_sessions
from service.registry.person_page import PersonPage, find_people, person_page
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, Send, form_page
from web.core.pages import page, redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings

PEOPLE = "/people"

DONE: Mapping[str, str] = {
    "leave": translatable("It is declared. What they have is handed over when their last day is over."),
    "left": translatable("It is declared. Their last day is over: what they have is being handed over now."),
    "stay": translatable("They stay. Whatever was handed over already stays where it is."),
    "mail": translatable("Their mails come like this from now on."),
    "sessions": translatable("They are signed out everywhere."),
    "unlink": translatable("No account is linked any more, and they are signed out everywhere."),
}

STAGES: Mapping[DepartureStage, str] = {
    DepartureStage.PLANNED: translatable("Declared; nothing is handed over yet"),
    DepartureStage.HANDING_OVER: translatable("What they have is being handed over"),
    DepartureStage.DONE: translatable("They have left; all is handed over"),
    DepartureStage.CALLED_OFF: translatable("Called off: they stay"),
    DepartureStage.BACK: translatable("They had left, and are back"),
}

HANDED: Mapping[Handing, str] = {
    Handing.MOVED: translatable("handed over"),
    Handing.WAITS: translatable("waits"),
    Handing.OVER: translatable("over"),
}

MAIL = FormWords(
    title=translatable("Choose how their mails come"),
    lead=translatable("It is theirs to choose, on their own page. Choose for them if they have asked you to."),
    button=translatable("Save"),
    asked=(
        Asked(
            "mail",
            translatable("How should their mails come?"),
            translatable("What can't wait comes at once all the same."),
            Look.RADIOS,
        ),
    ),
)
WAYS: Mapping[str, str] = {"each": translatable("Each by itself"), "daily": translatable("One a day")}

SIGN_OUT = FormWords(
    title=translatable("Sign them out everywhere"),
    lead=translatable("All their sessions end now. They can sign in again, as long as they get mail."),
    button=translatable("Sign them out"),
    warning=True,
)


UNLINK = FormWords(
    title=translatable("Unlink their account"),
    lead=translatable(
        "They sign in by it no more, and all their sessions end now. If its address is theirs, the account is linked "
        "anew once they sign in by it; change the address on record first where it is not."
    ),
    button=translatable("Unlink it"),
    warning=True,
)


async def people(request: Request) -> Response:
    """Find somebody."""
    viewer = check(request, Action.PEOPLE)
    text = request.query_params.get("q", "").strip()[:100]
    found = await asyncio.to_thread(find_people, surroundings(request).database, text)
    return page(request, "registry/people.html", text=text, found=found, may_grant=may(viewer, Action.ACCESS))


async def person(request: Request) -> Response:
    """Somebody's page."""
    viewer = check(request, Action.PEOPLE)
    shown = await asyncio.to_thread(person_page, surroundings(request).database, viewer, _person(request))
    said = speech(request)
    done = DONE.get(request.query_params.get("done", ""))
    return page(
        request,
        "registry/person.html",
        shown=shown,
        leaving=is_leaving(shown),
        stage=said.text(STAGES[DepartureStage(shown.departure.stage)]) if shown.departure else None,
        handed={state.value: said.text(word) for state, word in HANDED.items()},
        themselves=viewer.person == shown.person.id,
        may_unlink=may(viewer, Action.GRANT),
        notice=said.text(done) if done else None,
        back=PEOPLE,
    )


def is_leaving(shown: PersonPage) -> bool:
    """Whether they leave, or have left."""
    over = (DepartureStage.CALLED_OFF.value, DepartureStage.BACK.value)
    return shown.left_on is not None or (shown.departure is not None and shown.departure.stage not in over)


def _person(request: Request) -> PersonId:
    text: str = request.path_params["person"]
    if not re.fullmatch(PERSON_ID, text):
        raise Unknown(f"no person {text[:40]}")
    return text


async def called(request: Request) -> tuple[PersonId, str]:
    """Whom the address names, and what they are called. Raises ``Unknown``."""
    found = _person(request)
    names = await asyncio.to_thread(names_of, surroundings(request).database, [found])
    if found not in names:
        raise Unknown(f"no person {found}")
    return found, names[found]


async def mail(request: Request) -> Response:
    """The form to choose how somebody's mails come, and that."""
    viewer, around = check(request, Action.MAIL_WAYS), surroundings(request)
    who, name = await called(request)
    ways, said = await asyncio.to_thread(mail_ways, around.database, who, viewer.person), speech(request)

    async def send(values: Mapping[str, Any], _: str) -> Response:
        chosen, queue = values["mail"], around.settings.task_queue
        await choose(around.connect, queue, around.database, who, viewer.person, chosen)
        return redirect(f"{PEOPLE}/{who}", done="mail")

    offered = {"mail": {way: said.text(word) for way, word in WAYS.items()}}
    form = form_about(MAIL, who, name, "mail", send)
    return await form_page(request, replace(form, offered=offered, given={"mail": ways.choice}))


async def sign_out(request: Request) -> Response:
    """The form to end somebody's sessions, and that."""
    viewer, around = check(request, Action.END_SESSIONS), surroundings(request)
    who, name = await called(request)

    async def send(_: Mapping[str, Any], __: str) -> Response:
        await asyncio.to_thread(end_sessions, around.database, who, viewer.person)
        return redirect(f"{PEOPLE}/{who}", done="sessions")

    return await form_page(request, form_about(SIGN_OUT, who, name, "sign-out", send))


async def unlink(request: Request) -> Response:
    """The form to unlink somebody's accounts at the identity provider, and that."""
    viewer, around = check(request, Action.GRANT), surroundings(request)
    who, name = await called(request)

    async def send(_: Mapping[str, Any], __: str) -> Response:
        await asyncio.to_thread(unlink_accounts, around.database, None, who, by=viewer.person)
        return redirect(f"{PEOPLE}/{who}", done="unlink")

    return await form_page(request, form_about(UNLINK, who, name, "unlink", send))


def form_about(words: FormWords, who: PersonId, name: str, what: str, send: Send) -> FormPage:
    """A form on what is to be done about somebody, under their page."""
    back = f"{PEOPLE}/{who}"
    return FormPage(words, f"{back}/{what}", back, send, caption=f"{name} ({who})")


routes = [
    Route(PEOPLE, people, methods=["GET"]),
    Route(f"{PEOPLE}/{{person}}", person, methods=["GET"]),
    Route(f"{PEOPLE}/{{person}}/mail", mail, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/sign-out", sign_out, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/unlink", unlink, methods=["GET", "POST"]),
]
