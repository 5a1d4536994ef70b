"""The console as one application: the pages of all subjects, and what holds for each of them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from web.capacity import pages as capacity_pages
from web.certification import certificate
from web.certification import start as certification_start
from web.cohort import launching, matching, rehearsals
from web.core import about, access, account, files, health, me, sign_in, task, task_moves, tasks
from web.core.errors import EXPECTED, ask_to_sign_in, explain
from web.core.rights import SignInNeeded
from web.core.security import Guarded
from web.core.surroundings import Surroundings
from web.learning import start as path_start
from web.placement import recommendations
from web.placement import start as placement_start
from web.registry import action, board, case, imports, leaving, my_cases, people, reports, start

ROUTES: Sequence[BaseRoute] = (
    *health.routes,
    *files.routes,
    *about.routes,
    *certificate.routes,
    *account.routes,  # before the page of a link, whose address begins alike
    *sign_in.routes,
    *me.routes,
    *tasks.routes,
    *task.routes,
    *task_moves.routes,
    *board.routes,
    *my_cases.routes,
    *case.routes,
    *action.routes,
    *imports.routes,
    *reports.routes,
    *launching.routes,
    *matching.routes,
    *rehearsals.routes,
    *start.routes,
    *placement_start.routes,
    *path_start.routes,
    *certification_start.routes,
    *recommendations.routes,
    *capacity_pages.routes,
    *people.routes,
    *leaving.routes,
    *access.routes,
)
"""All pages, by subject. A page is added to the ``routes`` of its module, a module here."""


def make_app(surroundings: Surroundings, more: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The application, for uvicorn and for tests; a demo's has some ``more`` pages."""
    pages = Starlette(
        routes=[*ROUTES, *more], exception_handlers=dict.fromkeys(EXPECTED, explain) | {SignInNeeded: ask_to_sign_in}
    )
    pages.router.redirect_slashes = False  # each page has one address
    return Guarded(pages, surroundings)
