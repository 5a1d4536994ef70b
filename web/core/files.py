"""The stylesheet, the icon and what else browsers may keep: files of ``static/``, each under its version."""

from __future__ import annotations

import mimetypes

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from web.core.pages import FILES, digest

A_YEAR = "public, max-age=31536000, immutable"
EACH_TIME = "no-cache"


async def static(request: Request) -> Response:
    """A file of ``static/``; kept for good where its version is asked for."""
    name = request.path_params["name"]
    if name not in _names():
        raise HTTPException(404)
    kept = A_YEAR if request.query_params.get("v") == digest(name) else EACH_TIME
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(FILES / name, media_type=kind, headers={"Cache-Control": kept})


def _names() -> frozenset[str]:
    return frozenset(path.name for path in FILES.iterdir() if path.is_file())


routes = [Route("/static/{name}", static)]
