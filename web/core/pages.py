"""How a page is made: a template with its facts, in the language and the time zone of whoever reads it."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.core.languages import ENGLISH, LANGUAGES
from languages.in_templates import let_speak
from languages.speech import Speech
from web.core.navigation import sections
from web.core.sessions import viewer
from web.core.surroundings import surroundings

WEB = Path(__file__).parent.parent
TEMPLATES = WEB / "templates"
FILES = WEB / "static"

SEE_OTHER = 303

FACTS_OF_EVERY_PAGE = {"errors": (), "notice": None, "back": None}
"""What the frame of a page knows of it, unless it says otherwise: see ``base.html``."""


def page(
    request: HTTPConnection, template: str, /, *, status: int = 200, headers: dict[str, str] | None = None, **facts: Any
) -> HTMLResponse:
    """A page, by the name of its template: ``core/tasks.html``. Its facts come on top of those that all pages have.

    Those are ``speech``, ``viewer`` (None before somebody is signed in), ``path``, ``sections`` (the
    navigation), and ``demo``.
    Facts of the frame, of which each may be left out: ``errors`` (pairs of a field's id and a sentence, for the
    summary), ``notice`` (a sentence on what has just been done), ``back`` (the path of the page above).
    """
    said = speech(request)
    known = viewer(request)
    made = (
        environment()
        .get_template(template)
        .render(
            FACTS_OF_EVERY_PAGE
            | {"speech": said, "viewer": known, "path": request.url.path, "sections": sections(known)}
            | {"demo": surroundings(request).demo}
            | facts
        )
    )
    return HTMLResponse(made, status, headers={"Content-Language": said.language, "Vary": "Cookie", **(headers or {})})


def redirect(path: str, **query: str) -> Response:
    """Go on to a page of ours, by a GET. Raises ``ValueError`` for what is no path of ours."""
    if not is_ours(path):
        raise ValueError("only pages of ours are gone to")
    target = f"{path}{'&' if '?' in path else '?'}{urlencode(query)}" if query else path
    return RedirectResponse(target, SEE_OTHER)


def is_ours(path: str) -> bool:
    """Whether this is the path of a page of ours (with its query), and nothing that a browser reads as another site."""
    return re.fullmatch(r"/(?![/\\])[\x21\x23-\x5b\x5d-\x7e]*", path) is not None


def path_and_query(request: Request) -> str:
    """Where a request went, as a path of ours."""
    query = request.url.query
    return quote(request.url.path, safe="/%-._~:@!$&'()*+,;=") + (f"?{query}" if query else "")


def speech(request: HTTPConnection) -> Speech:
    """How things are said to whoever reads: as they have chosen; before they have signed in, as their browser asks."""
    known = viewer(request)
    if known is None:
        return Speech(asked_for(request.headers.get("accept-language", "")))
    return Speech(known.language, ZoneInfo(known.time_zone))


def asked_for(accepted: str) -> str:
    """The language of ours that a browser likes best, by its ``Accept-Language``; English where it names none."""
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    ranked.sort(key=lambda entry: entry[0])
    return next((language for weight, language in ranked if weight and language in LANGUAGES), ENGLISH)


@cache
def environment() -> Environment:
    """What fills in the templates: it escapes everything, and a missing fact is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    let_speak(made)
    made.globals["file"] = file
    return made


@cache
def file(name: str) -> str:
    """The path of one of ``static/``, with what changes whenever it does, so that browsers may keep it."""
    return f"/static/{name}?v={digest(name)}"


@cache
def digest(name: str) -> str:
    """What tells one version of a file from another."""
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]
