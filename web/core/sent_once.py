"""A form that is sent twice (by a double click, or going back) asks once: the second time leads where the first did."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from service.core.errors import Unreachable
from service.core.sent_forms import claim, give_up, settle
from web.core.pages import SEE_OTHER, redirect
from web.core.rights import signed_in
from web.core.surroundings import surroundings

WITHIN_SECONDS = 60.0
BETWEEN_LOOKS = 0.1


def name_of(request: Request, form: str, typed: Iterable[tuple[str, str]]) -> str:
    """What tells something that is sent from all else: who sends which ``form``, from where, and what stands in it."""
    sent = [signed_in(request).person, request.url.path, form, sorted(typed)]
    return sha256(json.dumps(sent).encode()).hexdigest()


async def sent_once(
    request: Request, key: str, do: Callable[[], Awaitable[Response]], *, within: float = WITHIN_SECONDS
) -> Response:
    """What comes of something that is sent under this name: of the same, sent again, what came of it the first time.

    Done is what led to another page; anything else may be tried again. ``do`` has so many seconds before somebody else
    may do it. Raises what ``do`` raises, and ``Unreachable`` where it takes longer than anybody waits.
    """
    database, person = surroundings(request).database, signed_in(request).person
    until = asyncio.get_running_loop().time() + 2 * within
    while not (found := await asyncio.to_thread(claim, database, key, person, timedelta(seconds=within))).free:
        if found.led_to is not None:
            return redirect(found.led_to)
        if asyncio.get_running_loop().time() > until:
            raise Unreachable("what was sent before is still being done")
        await asyncio.sleep(BETWEEN_LOOKS)
    done = False
    try:
        answer = await do()
        if done := answer.status_code == SEE_OTHER:
            await asyncio.to_thread(settle, database, key, answer.headers["location"])
        return answer
    finally:
        if not done:
            await asyncio.to_thread(give_up, database, key)
