"""Who somebody is, by the cookie of their browser and the session that the records hold for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Scope

from domain.core.access import Viewer
from languages.marking import translatable
from service.core.sessions import WhyEnded, new_secret
from web.core.surroundings import surroundings

SESSION = "__Host-waymark"
"""The cookie of somebody who is signed in. Browsers take one of such a name only for the whole of one host, by TLS."""
ASKING = "__Host-waymark-asking"
"""The cookie of a browser that has asked for a link, until that is used."""
ASKING_SECONDS = 30 * 60
PENDING_SIGN_INS = "__Host-waymark-away"
"""The cookie of a browser in which somebody is at the identity provider, to sign in there."""

ENDED: Mapping[WhyEnded, str] = {
    WhyEnded.IDLE: translatable("You were signed out, because nobody was here for a while."),
    WhyEnded.LONGEST: translatable("You were signed out, because nobody stays signed in for longer than twelve hours."),
    WhyEnded.OUT: translatable("You were signed out: by yourself somewhere else, or by HR."),
    WhyEnded.OTHER: translatable("You are not signed in any more."),
}
"""Why somebody has to sign in once more."""


async def recognise(scope: Scope) -> None:
    """Find out who is signed in, for all that answers this request. Raises ``RecordsError``."""
    state = scope["state"]
    state["viewer"] = None
    if scope["path"].startswith("/static/"):
        return
    request = HTTPConnection(scope)
    if cookie := session_cookie(request):
        state["viewer"] = await asyncio.to_thread(surroundings(request).sessions.session_of, cookie)


def viewer(request: HTTPConnection) -> Viewer | None:
    """Who is signed in, by the records of this moment; nobody, where nobody is."""
    found: Viewer | None = getattr(request.state, "viewer", None)
    return found


def session_cookie(request: HTTPConnection) -> str | None:
    """What the browser keeps of a session; it may have ended."""
    return request.cookies.get(SESSION)


def begin(response: Response, cookie: str, seconds: int) -> None:
    """Have the browser keep a session that has just begun, and nothing from before."""
    keep(response, SESSION, cookie, seconds)
    forget(response, ASKING)


def asking(request: Request, response: Response | None = None) -> str:
    """The secret of this browser while it asks for a link; with ``response``, which it is to keep it with, a new one
    where it has none."""
    secret = request.cookies.get(ASKING) or (new_secret() if response is not None else "")
    if response is not None:
        keep(response, ASKING, secret, ASKING_SECONDS)
    return secret


def forget(response: Response, name: str) -> None:
    """Have the browser drop a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    """Have the browser keep a cookie, for this host alone and out of reach of scripts."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
