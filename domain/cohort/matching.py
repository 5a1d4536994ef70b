"""Which mentors suit a whole cohort best: what is asked and answered; :mod:`domain.cohort.matching_together` finds it.

The answer has pairs with their reasons, and for everybody else why not.

HR sees it before anybody is asked. Who gets a place is said by the mentors' capacities, not here.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.core.model import CaseId, CohortId, Fixed, Instant, PersonId, RoleId
from domain.placement.matching import Candidate
from domain.placement.policy import MentoringRules

Objective = Literal["best_total", "most_people"]
"""The best sum of all scores and then the most people, or the most people and then the best sum of scores."""


class Pair(Fixed):
    """A returner and a mentor."""

    returner: PersonId
    mentor: PersonId


class Seeker(Fixed):
    """A case that needs a mentor: nobody of its reporting line, and who was asked before only when HR pins them."""

    case: CaseId
    returner: PersonId
    role: RoleId
    reporting_line: list[PersonId]
    already_asked: list[PersonId]


class CohortMatchRequest(Fixed):
    """The ``n``-th matching of a cohort.

    ``taken`` are places that the cohort itself knows to be promised, by mentor: somebody was asked, or has agreed.
    Some of them the records know already; ``counted_cases`` are the cases they belong to, and what the records say of
    these, and of the seekers, does not count. Of a pair that is pinned and forbidden, the second holds.
    """

    cohort: CohortId
    n: int = Field(ge=1)
    at: Instant
    seekers: list[Seeker]
    pins: list[Pair]
    forbids: list[Pair]
    taken: dict[PersonId, Annotated[int, Field(ge=0)]]
    counted_cases: list[CaseId]
    rules: MentoringRules
    objective: Objective

    @model_validator(mode="after")
    def _each_case_once(self) -> Self:
        if len({seeker.case for seeker in self.seekers}) != len(self.seekers):
            raise ValueError("seekers: a case is named twice")
        return self


class ProposedPair(Fixed):
    """A mentor for a returner: a score from 0 to 1, and what it is made of; why it is a ``last_resort``, if it is."""

    case: CaseId
    returner: PersonId
    mentor: PersonId
    score: float
    reasons: list[str]
    pinned: bool
    last_resort: list[str] = []


class Unmatched(Fixed):
    """A returner for whom there is no mentor now, and why, in a sentence."""

    case: CaseId
    returner: PersonId
    why: str


class CohortProposal(Fixed):
    """All seekers of a matching, each in one of the two lists, which are by case.

    ``ties`` say what could as well be otherwise, by the scores, and was settled by the order of ids.
    """

    cohort: CohortId
    n: int
    pairs: list[ProposedPair]
    unmatched: list[Unmatched]
    total_score: float
    objective: Objective
    ties: list[str] = []


class SeekerOnRecord(Fixed):
    """A seeker as the records know them. Their ``reporting_line`` has everybody above and below them in it."""

    seeker: Seeker
    candidate: Candidate
    role_skills: list[str]


class MentorWithPlaces(Fixed):
    """A mentor with ``size`` places, some of them ``taken``; the candidate itself says nothing of places.

    Who is not ``available`` is only for those they are pinned to.
    """

    candidate: Candidate
    size: int = Field(ge=0)
    taken: int = Field(default=0, ge=0)
    available: bool = True
