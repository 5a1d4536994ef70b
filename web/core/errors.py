"""Why a page can't be shown, as a page: what is the matter, and what next. No sentence of a library reaches it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from domain.core.tasks import RefusalKind
from engine.errors import EngineUnreachable, is_rpc_error
from languages.marking import translatable
from records.errors import RecordsError, RecordsUnreachable
from service.core.errors import Refused, Unknown, Unreachable
from service.core.sessions import WhyEnded
from service.core.uploads import shown_name
from web.core.pages import page, path_and_query, redirect, speech
from web.core.reading import sent_before
from web.core.rights import SignInNeeded
from web.core.sessions import ENDED, session_cookie
from web.core.surroundings import surroundings

log = logging.getLogger("waymark.console")


@dataclass(frozen=True)
class Problem:
    """What is the matter, as a title, and what it means for the reader. ``sentence`` is why, where a rule of ours says
    so; ``link`` leads on."""

    status: int
    title: str
    meaning: str
    sentence: str | None = None
    link: str | None = None


UNREAD = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

STATUS: Mapping[RefusalKind, int] = {
    "refused": 409,
    "forbidden": 403,
    "conflict": 409,
    "invalid": 422,
    "too_old": 409,
}

_TRY_AGAIN = translatable("Nothing was changed. Go back to the page, load it again, and see where things stand now.")

KNOWN: Mapping[int, Problem] = {
    problem.status: problem
    for problem in (
        Problem(
            400,
            translatable("We can't read what was sent"),
            translatable("Something got lost on the way. Go back, and send it again."),
        ),
        Problem(
            403,
            translatable("This is not for you"),
            translatable(
                "You are signed in, but you have no part in this that lets you see or do it. If you think you should, "
                "ask HR."
            ),
        ),
        Problem(
            404,
            translatable("There is no such page"),
            translatable("It may have been mistyped, or what it was about is no longer kept, or it is not for you."),
        ),
        Problem(
            405,
            translatable("This can't be opened like that"),
            translatable("Begin at the page that leads here."),
        ),
        Problem(
            408,
            translatable("That took too long"),
            translatable("What you sent did not arrive in time. Check your connection, and send it again."),
        ),
        Problem(409, translatable("This can't be done now"), _TRY_AGAIN),
        Problem(
            413,
            translatable("That is too much at once"),
            translatable("What you sent is larger than this page takes. Send less, or a smaller file."),
        ),
        Problem(422, translatable("Something in it is not right"), _TRY_AGAIN),
        Problem(
            429,
            translatable("That was too often"),
            translatable("Wait a few minutes, then try again."),
        ),
        Problem(
            500,
            translatable("Something went wrong here"),
            translatable(
                "That is our fault. What you see may be out of date: load the page again and look before you repeat "
                "anything. If it stays like this, tell HR what you were doing."
            ),
        ),
        Problem(
            503,
            translatable("This can't be reached right now"),
            translatable("A part of the system can't be reached. Nothing is lost: try again in a few minutes."),
        ),
    )
}


def problem_of(error: Exception) -> Problem | None:
    """An expected error as the page for it; None for one that is a fault of ours."""
    if isinstance(error, HTTPException):
        return (
            KNOWN.get(error.status_code) or KNOWN[400 if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
        )
    if isinstance(error, Refused):
        known = KNOWN[STATUS[error.kind]]
        return Problem(known.status, known.title, known.meaning, sentence=str(error))
    if isinstance(error, Unknown):
        return KNOWN[404]
    if isinstance(error, EngineUnreachable | Unreachable | RecordsUnreachable) or is_rpc_error(error):
        return KNOWN[503]
    return KNOWN[500] if isinstance(error, RecordsError) else None


def problem_page(request: Request, problem: Problem) -> Response:
    """The page that tells of it. Where something is still being sent that nobody reads, the connection ends with it."""
    headers = {"Connection": "close"} if problem.status in UNREAD else {}
    return page(request, "error.html", status=problem.status, headers=headers, problem=problem)


async def ask_to_sign_in(request: Request, error: Exception) -> Response:
    """On to the page for signing in, and from there back to the page that was asked for.

    Whose session ran out while they were typing keeps what they typed: on a page that sends it once more. Files are not
    kept for somebody who is not signed in: that page asks for them again.
    """
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response(status_code=401)  # a page that follows: it would take a form for a stream that has ended
    kept, cookie = isinstance(error, SignInNeeded) and error.kept, session_cookie(request)
    why = await _why_ended(request, cookie) if cookie else None
    if cookie and not kept and request.method == "POST":
        sent = await sent_before(request, lambda: surroundings(request).sessions.lapsed(cookie) is not None)
        files = {key: shown_name(file.filename) for key, file in sent.files.items() if file.filename}
        if sent.pairs or files:
            told, action = speech(request).text(ENDED[why or WhyEnded.OTHER]), path_and_query(request)
            facts: dict[str, Any] = {"why": told, "pairs": sent.pairs, "files": files, "action": action}
            return page(request, "core/signed_out.html", status=401, **facts)
    return redirect("/sign-in", then=_page_of(request), **({"ended": why.value} if why else {}))


async def _why_ended(request: Request, cookie: str) -> WhyEnded:
    try:
        return await asyncio.to_thread(surroundings(request).sessions.why_ended, cookie)
    except RecordsError:
        return WhyEnded.OTHER


def _page_of(request: Request) -> str:
    """The page that was asked for, or from which a form was sent: the nearest above its address that can be opened."""
    if request.method in ("GET", "HEAD"):
        return path_and_query(request)
    path = request.url.path
    while path and not any(_opens(route, path) for route in request.app.routes):
        path = path.rpartition("/")[0]
    return path or "/"


def _opens(route: BaseRoute, path: str) -> bool:
    return route.matches({"type": "http", "path": path, "method": "GET", "root_path": ""})[0] is Match.FULL


async def explain(request: Request, error: Exception) -> Response:
    """What an error becomes: its page. Of what nobody expected, the server logs the traceback."""
    problem = problem_of(error)
    if problem is not None and problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("a page can't be shown", extra={"reason": str(error)})
    return problem_page(request, problem or KNOWN[500])


EXPECTED: tuple[type[Exception], ...] = (
    HTTPException,
    Refused,
    Unknown,
    EngineUnreachable,
    Unreachable,
    RecordsError,
    Exception,
)
"""What Starlette hands to :func:`explain`, by class."""
