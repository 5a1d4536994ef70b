"""The stages of the cases of all programmes, and how they can end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.certification.signals import CertificationOutcome
from domain.certification.state import CertificationStage
from domain.cohort.state import CohortOutcome, CohortStage
from domain.core.naming import Programme
from domain.learning.result import PathOutcome, PathStage
from domain.placement.stages import Outcome, Stage

STAGES: Mapping[Programme, Sequence[StrEnum]] = {
    Programme.RETURNSHIP: list(Stage),
    Programme.UPSKILLING: list(PathStage),
    Programme.CERTIFICATION: list(CertificationStage),
    Programme.COHORT: list(CohortStage),
}
"""In their order."""

OUTCOMES: Sequence[type[StrEnum]] = (Outcome, PathOutcome, CertificationOutcome, CohortOutcome)
