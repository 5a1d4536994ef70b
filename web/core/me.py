"""One's own page: language, mails, where one is signed in, and what is stored about one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from languages.marking import translatable
from service.core.about_me import about
from service.core.daily_mail import MailWays, choose, mail_ways
from service.core.errors import Unfit
from service.core.languages import choose_language
from service.core.sessions import SessionShown
from web.core.pages import page, redirect, speech
from web.core.reading import posted
from web.core.rights import check
from web.core.sessions import SESSION, forget, session_cookie
from web.core.surroundings import surroundings

ME = "/me"
OWN_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""How each language is called by those who speak it: whoever can't read this page finds theirs."""

DONE: Mapping[str, str] = {
    "language": translatable("This is your language now, here and in mails."),
    "mail": translatable("Your mails come like this from now on."),
    "there": translatable("You are signed out there."),
    "others": translatable("You are signed out everywhere else."),
}
"""What has just been done, by what the address says of it: nothing of anybody's."""


async def me(request: Request) -> Response:
    """The page."""
    viewer = check(request, Action.MY_PAGE)
    ways, sessions = await asyncio.to_thread(_facts, request, viewer)
    done = DONE.get(request.query_params.get("done", ""))
    return page(
        request,
        "core/me.html",
        ways=ways,
        sessions=sessions,
        languages=OWN_NAMES,
        notice=speech(request).text(done) if done else None,
    )


def _facts(request: Request, viewer: Viewer) -> tuple[MailWays, list[SessionShown]]:
    around = surroundings(request)
    ways = mail_ways(around.database, viewer.person, viewer.person)
    return ways, list(around.sessions.sessions_of(viewer.person, this=session_cookie(request)))


async def language(request: Request) -> Response:
    """Choose a language, for pages and mails."""
    viewer = check(request, Action.MY_PAGE)
    chosen = (await posted(request)).value("language")
    await asyncio.to_thread(choose_language, surroundings(request).database, viewer.person, chosen)
    return redirect(ME, done="language")


async def mail(request: Request) -> Response:
    """Choose one mail a day, or each by itself."""
    viewer, around = check(request, Action.MY_PAGE), surroundings(request)
    match (await posted(request)).value("mail"):
        case "daily" | "each" as chosen:
            queue = around.settings.task_queue
            await choose(around.connect, queue, around.database, viewer.person, viewer.person, chosen)
        case _:
            raise Unfit.at("mail", "must be each or daily")
    return redirect(ME, done="mail")


async def sign_out_there(request: Request) -> Response:
    """End one of one's sessions; or all but this one."""
    viewer = check(request, Action.MY_PAGE)
    form, sessions = await posted(request), surroundings(request).sessions
    if (session := form.value("session")) == "others":
        await asyncio.to_thread(sessions.sign_out_everywhere, viewer.person, but=session_cookie(request))
        return redirect(ME, done="others")
    await asyncio.to_thread(sessions.sign_out_there, viewer.person, session)
    return redirect(ME, done="there")


async def sign_out_everywhere(request: Request) -> Response:
    """End all of one's sessions, this one too."""
    viewer = check(request, Action.MY_PAGE)
    await asyncio.to_thread(surroundings(request).sessions.sign_out_everywhere, viewer.person)
    answer = redirect("/sign-in", out="1")
    forget(answer, SESSION)
    return answer


async def data(request: Request) -> Response:
    """All that is stored about whoever is signed in, as one file (GDPR, article 15)."""
    viewer = check(request, Action.ABOUT_ME)
    found = await asyncio.to_thread(about, surroundings(request).database, viewer.person, viewer.person)
    content = json.dumps(found.as_json(), ensure_ascii=False, indent=2, default=str)
    name = f"waymark-{viewer.person}.json"
    return Response(
        content, media_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


routes = [
    Route(ME, me, methods=["GET"]),
    Route(f"{ME}/data", data, methods=["GET"]),
    Route(f"{ME}/language", language, methods=["POST"]),
    Route(f"{ME}/mail", mail, methods=["POST"]),
    Route(f"{ME}/sign-out", sign_out_there, methods=["POST"]),
    Route(f"{ME}/sign-out-everywhere", sign_out_everywhere, methods=["POST"]),
]
