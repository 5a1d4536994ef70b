"""What the engine shows of a case that begins, whoever begins it: a person, a cohort, or another case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.certification.state import PROGRAMME, CertificationStage, CertificationStart
from domain.core.model import CaseId, CohortId, Fixed, PersonId, RoleId, Sentence
from domain.learning.state import PathStage, PathStart

MATCHED_BY, TERMS = "matched_by", "terms"
"""Where the memo of a case names the cohort that it is told by, and what it was started with."""

RETURNSHIP, UPSKILLING = "returnship", "upskilling"
"""The programmes in which somebody is to have one case, as the records call them."""


PACE = "pace"
POLICY = "policy"

NONE = "none"
"""What a term is that a case does not have."""


def pace(seconds_per_day: float) -> str:
    """How fast the days of a case pass, as one of its terms."""
    return f"{seconds_per_day:g} s a day"


BY_DEFAULT = {PACE: pace(86_400)}
"""Terms that nobody has to ask for: a second start that has them asks for nothing else than what runs."""


class Claim(Fixed):
    """A case that is to start. It is to be the only one of its ``person`` in the programme (in ``role`` if so said).

    Of a certification the certificate stands in place of the role, as in the records.
    ``beside`` is the reason why it may start beside another all the same.
    """

    case: CaseId
    programme: str
    person: PersonId
    role: RoleId
    in_role_only: bool = False
    started_by: PersonId
    beside: Sentence | None = None


@dataclass(frozen=True)
class Beginning:
    """A case to be started: its workflow type, what that is started with, and what the engine shows of it.

    A second start of the same case must agree on ``identity``, and the case that runs must be told by ``matched_by``
    if that is given. What else is asked for are its ``terms``, such as the first day: they may differ in the case that
    runs, which is told; not of those ``unasked``, which nobody has chosen. By its ``claims`` the person has no other.
    ``summary`` and ``details`` hold ids and dates, never a name. ``instead`` says what else can be done where the case
    is taken.
    """

    case: CaseId
    workflow: str
    start: Any
    stage: str
    policy: str
    cohort: str | None
    identity: dict[str, str]
    summary: str
    details: str
    matched_by: CohortId | None = None
    instead: str = "name another case with --case"
    terms: Mapping[str, str] = field(default_factory=dict)
    unasked: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = ()

    def memo(self) -> dict[str, Any]:
        """What the engine keeps of it, to tell later what runs under this id."""
        told_by = {MATCHED_BY: self.matched_by} if self.matched_by else {}
        return self.identity | told_by | ({TERMS: dict(self.terms)} if self.terms else {})

    @property
    def static_summary(self) -> str:
        """The line by which operators see it in a list."""
        return f"{self.case}: {self.summary}, {self.policy}"


class Alone(Fixed):
    """Whether a case may start beside those that the person has: else a sentence that names them."""

    refused: str | None = None


def claim_of_path(start: PathStart) -> Claim:
    """The claim of a path, alone or inside a placement: the only one of its learner to its role."""
    return Claim(
        case=start.case,
        programme=UPSKILLING,
        person=start.learner,
        role=start.goal.role.id,
        in_role_only=True,
        started_by=start.started_by,
        beside=start.beside,
    )


def path_beginning(start: PathStart) -> Beginning:
    """An upskilling path to be started, alone or inside a placement."""
    goal = start.goal
    inside = f" inside {start.placement}" if start.placement else ""
    return Beginning(
        case=start.case,
        workflow="UpskillingPath",
        start=start,
        stage=PathStage.ASSESSMENT.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"learner": start.learner, "role": goal.role.id},
        terms={
            "profile": goal.profile.id,
            "certificate": goal.certificate.id if goal.certificate else NONE,
            "number of hours": str(start.hours),
            "hours a week": str(start.hours_per_week),
            "budget": str(start.budget),
            POLICY: start.policy.label,
            "cohort": start.cohort or NONE,
            PACE: pace(start.seconds_per_day),
        },
        claims=(claim_of_path(start),),
        summary=f"{start.learner} on the way to {goal.role.id}{inside}",
        details=(
            f"- learner {start.learner}, role {goal.role.id}, profile {goal.profile.id}\n"
            f"- certificate {goal.certificate.id if goal.certificate else 'none'}\n"
            f"- {start.hours} hours, {start.hours_per_week} a week; {start.budget}; cohort {start.cohort or 'none'}\n"
            f"- policy {start.policy.label}, started by {start.started_by}"
        ),
    )


def certification_beginning(start: CertificationStart, role: RoleId | None = None) -> Beginning:
    """A certification to be started, alone (around this ``role``) or at the end of a path."""
    around = f", at the end of {start.tell}" if start.tell else f", role {role or 'none'}"
    return Beginning(
        case=start.case,
        workflow="Certification",
        start=start,
        stage=CertificationStage.PREPARING.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"learner": start.holder, "certificate": start.certificate.id},
        terms={
            **({"role": role} if role else {}),
            POLICY: start.policy.label,
            "cohort": start.cohort or NONE,
            PACE: pace(start.seconds_per_day),
        },
        claims=(
            Claim(
                case=start.case,
                programme=PROGRAMME,
                person=start.holder,
                role=start.certificate.id,
                in_role_only=True,
                started_by=start.started_by,
            ),
        ),
        summary=f"{start.holder}, {start.certificate.id}",
        details=(
            f"- learner {start.holder}, certificate {start.certificate.id}{around}\n"
            f"- policy {start.policy.label}, started by {start.started_by}; cohort {start.cohort or 'none'}"
        ),
    )
