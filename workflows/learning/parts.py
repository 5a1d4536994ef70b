"""The parts of a path: whoever has a seat in a workshop hears of another trainer."""

from __future__ import annotations

from domain.core.model import Party, PersonId
from workflows.case.parts import Parts
from workflows.learning.context import PathContext
from workflows.learning.workshop_invitations import WorkshopInvitations


class PathParts(Parts):
    """Who plays which part in a path."""

    def __init__(self, context: PathContext, invitations: WorkshopInvitations) -> None:
        super().__init__(context)
        self._invitations = invitations

    def has_moved(self, party: Party, to: PersonId) -> None:
        """The invitations to workshops name the trainer."""
        if party is Party.TRAINER:
            self._invitations.invite_anew(to)
