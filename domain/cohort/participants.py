"""Who takes part in a cohort, and how many can."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from domain.core.model import Fixed, PersonId, RoleId, Sentence
from domain.core.naming import PlacementCase
from domain.core.people import Application, Role
from domain.core.working_pattern import Patterns

LARGEST_COHORT = 1_000
"""So many people a cohort has at most: its state has to fit into the two megabytes that Temporal takes."""

ENLISTED_AT_ONCE = 100
"""So many are enlisted by one message, and so many placements started by one activity."""


class Participant(Fixed):
    """Somebody who takes part. ``starts_on`` and ``weeks`` are the cohort's unless given; ``mentor`` is pinned.

    ``beside`` is the reason why their placement starts beside another that they have.
    """

    case: PlacementCase
    returner: PersonId
    role: RoleId
    application: Application
    starts_on: date | None = None
    weeks: int | None = Field(default=None, ge=1, le=104)
    mentor: PersonId | None = None
    patterns: Patterns = []
    """What they work; none: full time."""
    beside: Sentence | None = None


class Enlisting(Fixed):
    """Participants together with the roles they are placed in; each role is named by at least one of them."""

    participants: list[Participant] = Field(min_length=1, max_length=ENLISTED_AT_ONCE)
    roles: dict[RoleId, Role]

    def people(self) -> list[PersonId]:
        """Everybody who is named: those who take part, their mentors, and those around their roles."""
        taking_part = [participant.returner for participant in self.participants]
        mentors = [participant.mentor for participant in self.participants if participant.mentor is not None]
        around = [person for role in self.roles.values() for person in role.parties().values()]
        return list(dict.fromkeys([*taking_part, *mentors, *around]))

    @model_validator(mode="after")
    def _roles_are_known(self) -> Self:
        missing = sorted({participant.role for participant in self.participants} - set(self.roles))
        if missing:
            raise ValueError(f"roles: missing {missing}")
        return self
