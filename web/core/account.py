"""Signing in by an account at the company's identity provider."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import time
from dataclasses import dataclass
from hmac import compare_digest

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.core.sign_in import SessionRules
from service.core.accounts import NobodysAccount, sign_in_by
from web.core.pages import SEE_OTHER, page, redirect
from web.core.provider import BACK, BEGIN, Begun, NotVouchedFor, Provider, ProviderUnreachable
from web.core.sessions import PENDING_SIGN_INS, begin, forget, keep, session_cookie
from web.core.sign_in import FORBIDDEN, onward_to
from web.core.surroundings import surroundings

log = logging.getLogger("waymark.console")

PENDING_SECONDS = 10 * 60
"""How long somebody may take at the provider."""
MOST_PENDING = 3
"""So many tabs of one browser at once may be at the provider: cookies hold 4 KB."""


@dataclass(frozen=True)
class PendingSignIn:
    """Somebody is at the provider, since when (seconds of the epoch), and the page they wanted."""

    begun: Begun
    at: float
    onward: str


async def go(request: Request) -> Response:
    """On to the provider."""
    provider = _provider(request)
    try:
        address, begun = await provider.begin()
    except ProviderUnreachable as unreachable:
        raise _unreachable(unreachable) from unreachable
    answer = RedirectResponse(address, SEE_OTHER)
    kept = PendingSignIn(begun, time.time(), onward_to(request.query_params.get("then", "")))
    _keep(answer, [*_all_pending(request), kept])
    return answer


async def back(request: Request) -> Response:
    """Back from the provider, with its word for who it is, or without."""
    provider = _provider(request)
    given = request.query_params
    everybody = _all_pending(request)
    state = given.get("state", "")
    pending = next((entry for entry in everybody if compare_digest(entry.begun.state.encode(), state.encode())), None)
    if pending is None:
        return _refused(request, "over", everybody)
    others = [entry for entry in everybody if entry is not pending]
    if "code" not in given:
        return _refused(request, "cancelled", others)
    try:
        account = await provider.account(pending.begun, given["code"], given.get("iss"))
        signed_in = await asyncio.to_thread(
            sign_in_by,
            surroundings(request).sessions,
            account,
            agent=request.headers.get("user-agent", ""),
            before=session_cookie(request),
        )
    except ProviderUnreachable as nowhere:
        raise _unreachable(nowhere) from nowhere
    except NotVouchedFor as refused:
        log.warning("the identity provider vouches for nobody", extra={"reason": refused.reason})
        return _refused(request, "over", others)
    except NobodysAccount as refused:
        log.warning("an account signs nobody in", extra={"why": refused.why, "person": refused.person})
        return _refused(request, refused.why, others, subject=account.subject)
    answer = redirect(pending.onward)
    begin(answer, signed_in.cookie, int(SessionRules().longest.total_seconds()))
    _keep(answer, others)
    return answer


def _provider(request: Request) -> Provider:
    provider = surroundings(request).provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _unreachable(error: ProviderUnreachable) -> HTTPException:
    log.error("the identity provider can't be used", extra={"reason": str(error)})
    return HTTPException(503)


def _refused(request: Request, why: str, others: list[PendingSignIn], subject: str | None = None) -> Response:
    answer = page(request, "core/sign_in_refused.html", status=FORBIDDEN, why=why, subject=subject)
    _keep(answer, others)
    return answer


def _all_pending(request: Request) -> list[PendingSignIn]:
    """Who is at the provider from this browser, the last to go last; nobody where the cookie is none of ours."""
    try:
        content = json.loads(base64.urlsafe_b64decode(request.cookies.get(PENDING_SIGN_INS, "").encode()))
        entries = [
            PendingSignIn(Begun(str(state), str(nonce), str(verifier)), float(at), onward_to(str(onward)))
            for state, nonce, verifier, at, onward in content
        ]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return []
    now = time.time()
    return [entry for entry in entries if entry.begun.state and now - PENDING_SECONDS < entry.at <= now][-MOST_PENDING:]


def _keep(response: Response, entries: list[PendingSignIn]) -> None:
    """Have the browser keep who is at the provider; the cookie goes with the last."""
    if not entries:
        forget(response, PENDING_SIGN_INS)
        return
    content = [
        (entry.begun.state, entry.begun.nonce, entry.begun.verifier, entry.at, entry.onward)
        for entry in entries[-MOST_PENDING:]
    ]
    keep(response, PENDING_SIGN_INS, base64.urlsafe_b64encode(json.dumps(content).encode()).decode(), PENDING_SECONDS)


routes = [Route(BEGIN, go, methods=["GET"]), Route(BACK, back, methods=["GET"])]
