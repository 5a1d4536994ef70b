"""How cases are named, and the workflows that run them: the beginning of a case's id tells its programme."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from domain.core.holdings import MENTOR, CapacityId
from domain.core.model import CaseId, CertificateId, CohortId, PersonId, RoleId

PATH, CERTIFICATION, COHORT, CHOICE = "U-", "C-", "K-", "W-"
"""What the ids of upskilling paths, certifications, cohorts and recorded choices begin with; all others are placements.

Under one of them entries are numbered on record, so no two of these kinds may ever share one.
"""

RESERVED = (PATH, CERTIFICATION, COHORT, CHOICE)


class Programme(StrEnum):
    """What a case is a case of, as its state, the records and policies call it."""

    RETURNSHIP = "returnship"
    UPSKILLING = "upskilling"
    CERTIFICATION = "certification"
    COHORT = "cohort"

    @property
    def command(self) -> str:
        """The group of commands for its cases: what HR handles of a returnship is its placements."""
        return {Programme.RETURNSHIP: "placement", Programme.CERTIFICATION: "certificate"}.get(self, self.value)


MENTOR_PLACES = f"{MENTOR}-"
"""What the ids of the capacities begin with that hold mentors' places."""


def _of_a_placement(case: CaseId) -> CaseId:
    if case.startswith(RESERVED):
        raise ValueError(f"must not begin with {', '.join(RESERVED[:-1])} or {RESERVED[-1]}, which other cases do")
    return case


PlacementCase = Annotated[CaseId, AfterValidator(_of_a_placement)]
PathCase = Annotated[CaseId, StringConstraints(pattern=rf"^{PATH}[A-Z0-9-]+$")]
CertificationCase = Annotated[CaseId, StringConstraints(pattern=rf"^{CERTIFICATION}[A-Z0-9-]+$")]


def placement_case(returner: PersonId, role: RoleId) -> CaseId:
    """The case of a returner in a role: ``R-7F3K2M-DATA1``."""
    return f"R-{_bare(returner)}-{role}"


def path_case(learner: PersonId, role: RoleId) -> CaseId:
    """The case of a learner on the way to a role: ``U-7F3K2M-DATA1``."""
    return f"{PATH}{_bare(learner)}-{role}"


def certification_case(holder: PersonId, certificate: CertificateId) -> CaseId:
    """The one case of a person and a certificate: ``C-7F3K2M-DATA-PRO``."""
    return f"{CERTIFICATION}{_bare(holder)}-{certificate}"


def cohort_case(cohort: CohortId) -> CaseId:
    """The case that runs a cohort: ``K-SPRING-2027``."""
    return f"{COHORT}{cohort}"


def choice_case(person: PersonId, role: RoleId) -> CaseId:
    """Under which it is kept what suits a person for a role, and what was decided: ``W-7F3K2M-DATA1``. No workflow."""
    return f"{CHOICE}{_bare(person)}-{role}"


def programme_of(case: CaseId) -> Programme:
    """The programme of a case, which its id tells."""
    if case.startswith(PATH):
        return Programme.UPSKILLING
    if case.startswith(COHORT):
        return Programme.COHORT
    return Programme.CERTIFICATION if case.startswith(CERTIFICATION) else Programme.RETURNSHIP


def workflow_id(case: CaseId) -> str:
    """The workflow that runs a case."""
    if case.startswith(PATH):
        return f"upskilling-{case}"
    if case.startswith(COHORT):
        return f"cohort-{case.removeprefix(COHORT)}"
    return f"certification-{case}" if case.startswith(CERTIFICATION) else f"placement-{case}"


def mentor_capacity(mentor: PersonId) -> CapacityId:
    """The places that a mentor has for mentees: ``mentor-4CY9GS``."""
    return f"{MENTOR_PLACES}{_bare(mentor)}"


def mentor_of(capacity: CapacityId) -> PersonId:
    """Whose places a capacity of mentor places holds: the inverse of :func:`mentor_capacity`."""
    return f"P-{capacity.removeprefix(MENTOR_PLACES)}"


def departure_workflow_id(person: PersonId) -> str:
    """The workflow that runs while somebody leaves the company: ``departure-P-7F3K2M``."""
    return f"departure-{person}"


def capacity_workflow_id(capacity: CapacityId) -> str:
    """The workflow that keeps a capacity."""
    return f"capacity-{capacity}"


def daily_mail_id(person: PersonId) -> str:
    """The workflow that sends somebody one mail a day, and under which that is on record: ``daily-mail-P-7F3K2M``."""
    return f"daily-mail-{person}"


def _bare(person: PersonId) -> str:
    return person.removeprefix("P-")
