"""Starting placements, by themselves or by a cohort: who may, what nobody could put right later, and how."""

from __future__ import annotations

from domain.core.beginning import Beginning
from domain.placement.beginning import placement_beginning
from domain.placement.eligibility import broken_rules
from domain.placement.start import PlacementStart
from records.database import Database
from service.core.errors import CantStart
from service.core.people import check_starter


def checked_beginning(database: Database, start: PlacementStart, unasked: frozenset[str] = frozenset()) -> Beginning:
    """The beginning of a placement, of which nobody has chosen the terms that are ``unasked``.

    Raises :class:`CantStart` for what nobody could put right once it runs.
    """
    _check(database, start)
    return placement_beginning(start, unasked)


def _check(database: Database, start: PlacementStart) -> None:
    check_starter(database, start.role, start.started_by)
    for rule in broken_rules(start.application, start.weeks, start.role.stipend, start.policy):
        if not rule.can_be_overridden:
            raise CantStart(f"{start.role.id}: {rule.sentence}")
    for party, who in start.role.parties().items():
        if who == start.returner:
            raise CantStart(f"{who} is the {party.spoken} of {start.role.id} and can't be placed in it")
