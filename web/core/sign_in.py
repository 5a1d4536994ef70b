"""Signing in by a link that comes by mail, or by its code where the mail is read elsewhere; and signing out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.sign_in import CODE_DIGITS, LINK_VALID, SessionRules
from languages.marking import translatable
from service.core.errors import Unfit
from service.core.sessions import SignedIn, WhyEnded
from service.core.sign_in import NotSignedIn, WhyNot
from web.core.pages import is_ours, page, redirect, speech
from web.core.reading import posted
from web.core.sessions import ENDED, SESSION, asking, begin, forget, session_cookie, viewer
from web.core.surroundings import surroundings

log = logging.getLogger("waymark.console")

ASK, SENT, LINK, CODE, OUT = "/sign-in", "/sign-in/sent", "/sign-in/{token}", "/sign-in/code", "/sign-out"
HOME = "/tasks"
LONGEST_ONWARD = 400
"""Characters of the path that somebody wanted, which is kept for them; of a longer one they come to their tasks."""

WRONG_CODE = translatable("This is not the code of the mail. Check it, and type it again.")
NO_CODE_ANY_MORE = translatable("This code no longer works. Ask for another mail.")
NO_ADDRESS = translatable("Enter a mail address, such as jo@example.org.")
TOO_MANY = translatable("Too many mails were asked for. Look into your mailbox, or try again later.")

FORBIDDEN, UNFIT, TOO_OFTEN = 403, 422, 429


async def ask(request: Request) -> Response:
    """The form for one's mail address, which leads on to the page that was wanted."""
    onward = onward_to(request.query_params.get("then", ""))
    if viewer(request) is not None:
        return redirect(onward)
    ended, out = request.query_params.get("ended", ""), "out" in request.query_params
    return _ask_page(request, onward, ended=WhyEnded(ended) if ended in list(WhyEnded) else None, out=out)


async def send(request: Request) -> Response:
    """Send a link, if the address is somebody's; the answer is the same for all."""
    _by_mail(request)
    form = await posted(request)
    onward, address = onward_to(form.value("then")), form.value("address")
    answer = redirect(SENT)
    secret = asking(request, answer)
    source = request.client.host if request.client else ""
    try:
        await asyncio.to_thread(
            surroundings(request).sign_in.begin, address, browser=secret, source=source, onward=onward
        )
    except Unfit:
        return _ask_page(request, onward, address, wrong=NO_ADDRESS, status=UNFIT)
    except NotSignedIn as refused:
        _note(refused, "asking")
        return _ask_page(request, onward, address, wrong=TOO_MANY, status=TOO_OFTEN)
    return answer


def _ask_page(
    request: Request,
    onward: str,
    address: str = "",
    *,
    wrong: str | None = None,
    status: int = 200,
    ended: WhyEnded | None = None,
    out: bool = False,
) -> Response:
    errors = [("address", speech(request).text(wrong))] if wrong else []
    return page(
        request,
        "core/sign_in.html",
        status=status,
        by_mail=surroundings(request).settings.sign_in_by_mail,
        by_account=surroundings(request).provider is not None,
        then=onward if onward != HOME else "",
        address=address,
        ended=speech(request).text(ENDED[ended]) if ended else None,
        notice=speech(request).text("You have signed out.") if out else None,
        errors=errors,
    )


async def sent(request: Request) -> Response:
    """Look into your mailbox; or type the code, where the mail is read on another device."""
    return _sent_page(request) if asking(request) else redirect(ASK)


def _sent_page(request: Request, wrong: str | None = None, status: int = 200) -> Response:
    errors = [("code", speech(request).text(wrong))] if wrong else []
    minutes = int(LINK_VALID.total_seconds() // 60)
    return page(request, "core/sign_in_sent.html", status=status, errors=errors, minutes=minutes, digits=CODE_DIGITS)


async def code(request: Request) -> Response:
    """Sign in by the code of the mail, in the browser that asked for it."""
    _by_mail(request)
    form = await posted(request)
    secret = asking(request)
    if not secret:
        return redirect(ASK)
    sign_in = surroundings(request).sign_in
    try:
        return await _redeemed(
            request, lambda **given: sign_in.redeem_code(form.value("code"), browser=secret, **given)
        )
    except NotSignedIn as refused:
        _note(refused, "code")
        wrong = WRONG_CODE if refused.why == "wrong_code" else NO_CODE_ANY_MORE
        return _sent_page(request, wrong, UNFIT)


async def link(request: Request) -> Response:
    """Where the mail's link leads: a button, because programs that look through mails open links too."""
    return page(request, "core/sign_in_link.html", why=None if asking(request) else "elsewhere")


async def redeem(request: Request) -> Response:
    """Sign in by the link."""
    _by_mail(request)
    token, secret = request.path_params["token"], asking(request) or None
    sign_in = surroundings(request).sign_in
    try:
        return await _redeemed(request, lambda **given: sign_in.redeem_link(token, browser=secret, **given))
    except NotSignedIn as refused:
        _note(refused, "link")
        why: WhyNot = refused.why
        return page(request, "core/sign_in_link.html", status=FORBIDDEN, why=why)


def _note(refused: NotSignedIn, by: str) -> None:
    """Log that somebody tried to sign in, and by what: whose mail it was, where that is known, and never an address."""
    log.warning("nobody was signed in", extra={"by": by, "why": refused.why, "person": refused.person})


async def _redeemed(request: Request, redeem_it: Callable[..., SignedIn]) -> Response:
    """A session of its own begins, and one that the browser had ends. Raises ``NotSignedIn``."""
    agent, before = request.headers.get("user-agent", ""), session_cookie(request)
    signed_in = await asyncio.to_thread(lambda: redeem_it(agent=agent, before=before))
    answer = redirect(onward_to(signed_in.onward or ""))
    begin(answer, signed_in.cookie, int(SessionRules().longest.total_seconds()))
    return answer


async def out(request: Request) -> Response:
    """End the session, wherever it stands."""
    if cookie := session_cookie(request):
        await asyncio.to_thread(surroundings(request).sessions.sign_out, cookie)
    answer = redirect(ASK, out="1")
    forget(answer, SESSION)
    return answer


def _by_mail(request: Request) -> None:
    """Raises ``HTTPException`` 404 where nobody signs in by mail."""
    if not surroundings(request).settings.sign_in_by_mail:
        raise HTTPException(404)


def onward_to(path: str) -> str:
    """The page that was wanted, if it is one of ours that can be gone to; else that of everybody's tasks."""
    if len(path) > LONGEST_ONWARD or not is_ours(path):
        return HOME
    return HOME if path.startswith(("/sign-", "/static/")) or path == "/" else path


routes = [
    Route(ASK, ask, methods=["GET"]),
    Route(ASK, send, methods=["POST"]),
    Route(SENT, sent, methods=["GET"]),
    Route(CODE, code, methods=["POST"]),
    Route(LINK, link, methods=["GET"]),
    Route(LINK, redeem, methods=["POST"]),
    Route(OUT, out, methods=["POST"]),
]
