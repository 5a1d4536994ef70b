"""What a placement is started with."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from domain.core.model import CohortId, Fixed, Label, PersonId, Sentence
from domain.core.naming import PlacementCase
from domain.core.people import Application, Named, NamedIn, Role, all_named
from domain.core.working_pattern import Patterns
from domain.learning.start import PathStart
from domain.placement.policy import Policy


class PlacementStart(Fixed):
    """What a placement is started with; everything in it is pinned.

    ``seconds_per_day`` is the pace: real seconds per programme day, 86,400 in real life.
    """

    case: PlacementCase
    returner: PersonId
    application: Application
    role: Role
    starts_on: date = Field(lt=date(2200, 1, 1))
    weeks: int = Field(ge=1, le=104)
    policy: Policy
    cohort: Label | None = None
    started_by: PersonId
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    learning: PathStart | None = None
    """The upskilling path inside the placement, if there is to be one."""
    matched_by: CohortId | None = None
    """The cohort that proposes the mentor, and is signalled how the placement goes."""
    beside: Sentence | None = None
    """Why it starts beside another placement of the same person."""
    patterns: Patterns = []
    """What the returner works, of the policy's full week; none: all of it."""
    mentor: PersonId | None = None
    """Whom HR wants to be asked first to be the mentor."""

    def named(self) -> Named:
        """Everybody whom it names, by where."""
        return all_named(
            [(NamedIn("returner"), self.returner)],
            self.role.named(),
            [(NamedIn("started_by"), self.started_by)],
            [] if self.mentor is None else [(NamedIn("mentor"), self.mentor)],
            [] if self.learning is None else self.learning.named(),
        )
