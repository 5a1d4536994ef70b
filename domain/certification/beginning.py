"""How a certification begins, alone or at the end of a path."""

from __future__ import annotations

from domain.certification.state import CertificationStage, CertificationStart
from domain.core.beginning import NONE, PACE, POLICY, Beginning, Claim, pace
from domain.core.model import RoleId
from domain.core.naming import Programme


def certification_beginning(start: CertificationStart, role: RoleId | None = None) -> Beginning:
    """A certification to be started, alone (around this ``role``) or at the end of a path."""
    around = f", at the end of {start.listener}" if start.listener else f", role {role or 'none'}"
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
                programme=Programme.CERTIFICATION,
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
