"""How an upskilling path begins, alone or inside a placement."""

from __future__ import annotations

from domain.core.beginning import NONE, PACE, POLICY, Beginning, Claim, pace
from domain.core.naming import Programme
from domain.learning.result import PathStage
from domain.learning.start import PathStart


def claim_of_path(start: PathStart) -> Claim:
    """The claim of a path: the only one of its learner to its role."""
    return Claim(
        case=start.case,
        programme=Programme.UPSKILLING,
        person=start.learner,
        role=start.goal.role.id,
        in_role_only=True,
        started_by=start.started_by,
        beside=start.beside,
    )


def path_beginning(start: PathStart) -> Beginning:
    """An upskilling path to be started."""
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
