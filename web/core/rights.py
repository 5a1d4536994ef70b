"""Whether somebody may see or do something: the one check of every page."""

from __future__ import annotations

from collections.abc import Collection

from starlette.exceptions import HTTPException
from starlette.requests import Request

from domain.core.access import Action, Tie, Viewer, may
from domain.core.model import Party, RoleId
from web.core.sessions import viewer


class SignInNeeded(Exception):
    """Nobody is signed in; after signing in they get to the page they asked for.

    What they have sent may be ``kept`` there.
    """

    def __init__(self, *, kept: bool = False) -> None:
        super().__init__()
        self.kept = kept


def signed_in(request: Request) -> Viewer:
    """Whoever is signed in. Raises :class:`SignInNeeded`."""
    found = viewer(request)
    if found is None:
        raise SignInNeeded
    return found


def check(
    request: Request, action: Action, parts: Collection[Party | Tie] = (), *, role: RoleId | None = None
) -> Viewer:
    """Whoever is signed in and may do this, by the parts they play in the case that it is about.

    Raises :class:`SignInNeeded`, and ``HTTPException`` 403 for whoever may not: 404, where they may not even see the
    case, is the business of the page.
    """
    found = signed_in(request)
    if not may(found, action, parts, role=role):
        raise HTTPException(403)
    return found
