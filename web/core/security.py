"""What holds for every request, before any page is asked: where it may come from, and what its answer allows a browser.

Pure ASGI, so that a page that follows events hears when its reader goes away.
"""

from __future__ import annotations

import logging
import time
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from languages.marking import translatable
from records.errors import RecordsError
from web.core.errors import KNOWN, Problem, problem_page
from web.core.sessions import recognise, viewer
from web.core.surroundings import Surroundings

log = logging.getLogger("waymark.console")

HEALTH = "/health"
STATIC = "/static/"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing but our own files, no script or style within a page, no frames."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TLS_ONLY = "max-age=31536000"
"""A year, within which a browser won't try without TLS."""

SAFE = frozenset({"GET", "HEAD"})
KNOWN_METHODS = SAFE | {"POST"}

WHY_NOT_LET_IN = {421: "host", 403: "site", 404: "nul"}
"""Why a request was not let in, for the log, by what it is answered."""
REFUSED = (403, 404)
"""What whoever has no right to something is answered: that it is not for them, or that there is no such thing."""

QUIET = (HEALTH, STATIC)
"""What nobody reads in a log, as long as it works."""


class Guarded:
    """Puts the security headers on every answer, and lets in only what is meant for this console and comes from it."""

    def __init__(self, app: ASGIApp, surroundings: Surroundings) -> None:
        self._app = app
        self._surroundings = surroundings
        self._origin = surroundings.settings.console_origin
        self._host = urlsplit(self._origin).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["surroundings"] = self._surroundings
        begun, status = time.monotonic(), 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message)
            await send(message)

        problem = None if scope["path"] == HEALTH else self._not_let_in(scope) or await _unrecognised(scope)
        answer = self._app if problem is None else problem_page(Request(scope), problem)
        try:
            await answer(scope, receive, guarded)
        finally:
            _note(scope, status, time.monotonic() - begun)

    def _not_let_in(self, scope: Scope) -> Problem | None:
        problem = self._problem_of(scope)
        if problem is not None:
            log.warning("a request was not let in", extra={"why": WHY_NOT_LET_IN[problem.status]})
        return problem

    def _problem_of(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._host]:
            return Problem(
                421,
                translatable("This is not the address of this page"),
                translatable("Open the console at its own address."),
                link=self._origin,
            )
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL takes none in a text
            return KNOWN[404]
        if scope["method"] not in SAFE and not self._is_ours(headers):
            return Problem(
                403,
                translatable("This did not come from our pages"),
                translatable(
                    "Your browser sent this from another site, or does not say from where. Nothing was changed. "
                    "Open the page again and try once more; if it happens again, use a newer browser."
                ),
            )
        return None

    def _is_ours(self, headers: Headers) -> bool:
        """Whether a page of ours sends it. As we allow no referrer, newer browsers say ``null`` as a form's origin."""
        if (site := headers.get("sec-fetch-site")) is not None:
            return site == "same-origin"
        return headers.get("origin") == self._origin

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if self._origin.startswith("https:"):
            headers.setdefault("Strict-Transport-Security", TLS_ONLY)


def _note(scope: Scope, status: int, seconds: float) -> None:
    """Log what was answered: which page, and nothing that somebody sent, an address least of all; nor who asked, but
    where they were refused something."""
    if scope["path"].startswith(QUIET) and status < HTTPStatus.BAD_REQUEST:
        return
    endpoint = scope.get("endpoint")
    asked = f"{endpoint.__module__}.{endpoint.__name__}" if endpoint is not None else None
    method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
    facts = {"page": asked, "method": method, "status": status, "milliseconds": round(seconds * 1000)}
    log.info("answered", extra=facts)
    known = viewer(Request(scope))
    if status in REFUSED and known is not None and endpoint is not None:
        log.warning("somebody was refused a page", extra={"person": known.person} | facts)


async def _unrecognised(scope: Scope) -> Problem | None:
    """What keeps us from knowing who is signed in, if anything does."""
    try:
        await recognise(scope)
    except RecordsError as error:
        log.error("who is signed in can't be found out", extra={"reason": str(error)})
        return KNOWN[503]
    return None
