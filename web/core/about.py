"""What this console is and who can sign in: a page for everybody."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.core.pages import page


async def about(request: Request) -> Response:
    """The page, with nothing on it about anybody."""
    return page(request, "core/about.html")


routes = [Route("/about", about)]
