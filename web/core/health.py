"""Whether this process can do its work, for whoever watches over it."""

from __future__ import annotations

import asyncio

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from records.errors import RecordsError
from web.core.surroundings import surroundings


async def health(request: Request) -> Response:
    """200 while the records can be read, else 503. Lists and pages are shown where Temporal can't be reached, too."""
    database = surroundings(request).database

    def read() -> None:
        with database.reading() as session:
            session.execute(text("SELECT 1"))

    try:
        await asyncio.to_thread(read)
    except RecordsError:
        return PlainTextResponse("the records can't be read\n", 503)
    return PlainTextResponse("well\n")


routes = [Route("/health", health)]
