"""Where one begins, and what this console is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.core.pages import page, redirect
from web.core.rights import signed_in


async def about(request: Request) -> Response:
    """The page, with nothing on it about anybody."""
    return page(request, "core/about.html")


async def home(request: Request) -> Response:
    """Whoever is signed in begins with what waits for them."""
    signed_in(request)
    return redirect("/tasks")


routes = [Route("/", home), Route("/about", about)]
