"""Whether somebody can be named as the mentor of a placement, as far as the placement itself knows."""

from __future__ import annotations

from domain.core.model import PersonId
from domain.core.tasks import Refused
from domain.placement.matching import ALL_THE_SAME, DECIDES, FORBIDDEN
from domain.placement.state import PlacementState


def check_nominee(state: PlacementState, nominee: PersonId, *, although_forbidden: bool = False) -> None:
    """Raise :class:`Refused` for somebody who can't be the mentor."""
    if nominee == state.returner:
        raise Refused(f"mentor: {nominee} is the returner", "invalid")
    if nominee in state.reporting_line():
        raise Refused(f"mentor: {nominee} {DECIDES}", "invalid")
    if nominee in state.forbidden and not although_forbidden:
        raise Refused(f"mentor: {nominee} {FORBIDDEN}; {ALL_THE_SAME}", "invalid")


def check_is_another(state: PlacementState, nominee: PersonId | None) -> None:
    """Raise :class:`Refused` for whoever is the mentor already."""
    if nominee is not None and nominee == state.mentor:
        raise Refused(f"mentor: {nominee} is the mentor who is to be replaced", "invalid")
