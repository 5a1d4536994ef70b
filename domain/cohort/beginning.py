"""How a cohort begins."""

from __future__ import annotations

from domain.cohort.state import CohortStage, CohortStart
from domain.core.beginning import Beginning
from domain.core.naming import cohort_case


def cohort_beginning(start: CohortStart) -> Beginning:
    """A cohort to be started."""
    return Beginning(
        case=cohort_case(start.cohort),
        workflow="Cohort",
        start=start,
        stage=CohortStage.ENLISTING.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"cohort": start.cohort},
        summary=f"{start.weeks} weeks from {start.starts_on}",
        details=(
            f"- cohort {start.cohort}, {start.weeks} weeks from {start.starts_on}\n"
            f"- policy {start.policy.label}, led by {start.led_by}"
        ),
        instead="launch another cohort",
    )
