"""Who somebody is, by the cookie of their browser and the session that the records hold for it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from domain.core.access import Viewer


def viewer(request: HTTPConnection) -> Viewer | None:
    """Who is signed in, by the records of this moment; nobody, where nobody is."""
    found: Viewer | None = getattr(request.state, "viewer", None)
    return found
