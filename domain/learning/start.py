"""Where an upskilling path leads, and what it is started with."""

from __future__ import annotations

from pydantic import Field, model_validator

from domain.core.model import Fixed, Instant, Label, Money, Party, PersonId, Sentence
from domain.core.naming import PathCase, PlacementCase
from domain.core.people import Named, NamedIn, Role, all_named
from domain.core.skills import RoleProfile
from domain.core.working_pattern import FULL_WEEK, Patterns, WorkingWeek
from domain.learning.catalogue import Certificate
from domain.learning.part_time import MOST_HOURS
from domain.learning.policy import LearningPolicy


class Goal(Fixed):
    """Where a path leads: a role, what it asks for, and the certificate at the end, if there is to be one."""

    role: Role
    profile: RoleProfile
    certificate: Certificate | None = None

    def named(self) -> Named:
        """Everybody whom it names, by where."""
        return all_named(self.role.named(), [] if self.certificate is None else self.certificate.named())

    def passed_on(self, party: Party, before: PersonId, to: PersonId) -> Goal:
        """The same with somebody else in that part, wherever the role or the certificate names who has it."""
        role, certificate = self.role, self.certificate
        if role.parties().get(party) == before:
            role = role.model_copy(update={party.value: to})
        if certificate is not None and party is Party.EXAMINER and certificate.examiner == before:
            certificate = certificate.model_copy(update={"examiner": to})
        return self.model_copy(update={"role": role, "certificate": certificate})


class PathStart(Fixed):
    """What a path is started with; everything in it is pinned.

    ``hours`` and ``budget`` are for the path as a whole. ``placement`` is the case of the placement it is part of, and
    ``decision_at`` when that one's conversion is decided: what is learned later is no evidence.
    ``seconds_per_day`` is the pace: real seconds per programme day, 86,400 in real life; ``clock_shows`` the instant
    on the clock of a rehearsal that this one joins.
    """

    case: PathCase
    learner: PersonId
    manager: PersonId
    goal: Goal
    policy: LearningPolicy
    hours: int = Field(ge=1, le=MOST_HOURS)
    hours_per_week: int = Field(ge=1, le=60)
    budget: Money
    placement: PlacementCase | None = None
    decision_at: Instant | None = None
    cohort: Label | None = None
    started_by: PersonId
    beside: Sentence | None = None
    """Why it starts beside another path of the same person to the same role."""
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    clock_shows: Instant | None = None
    patterns: Patterns = []
    """What the learner works of the ``working_week``: in the placement around the path, else by the records; none: all
    of it."""
    working_week: WorkingWeek = FULL_WEEK

    def named(self) -> Named:
        """Everybody whom it names, by where; the manager by the role, unless the learner has another one."""
        own = self.manager != self.goal.role.manager
        return all_named(
            [(NamedIn("learner"), self.learner)],
            [(NamedIn("learner", Party.MANAGER, self.learner), self.manager)] if own else [],
            [(NamedIn("started_by"), self.started_by)],
            self.goal.named(),
        )

    def passed_on(self, party: Party, before: PersonId, to: PersonId) -> PathStart:
        """The same with somebody else in that part."""
        manager = to if party is Party.MANAGER and self.manager == before else self.manager
        return self.model_copy(update={"manager": manager, "goal": self.goal.passed_on(party, before, to)})

    @model_validator(mode="after")
    def _nobody_learns_from_themselves(self) -> PathStart:
        for party, who in {**self.goal.role.parties(), Party.MANAGER: self.manager}.items():
            if who == self.learner and party in PARTIES:
                raise ValueError(f"the learner, {who}, can't be the {party.spoken} too")
        return self


PARTIES = (Party.MANAGER, Party.BUDGET_OWNER, Party.HR, Party.HR_LEAD)
"""Who is around a path, besides the learner."""
