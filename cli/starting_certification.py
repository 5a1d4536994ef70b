"""Starting a certification without a path, for somebody who has shown what it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import ValidationError
from temporalio.client import Client

from activities.beginning import Beginning, Started, start_once
from activities.placing import check_starter
from cli.errors import CommandError
from cli.learners import look_up
from cli.options import REAL_LIFE
from domain.catalogue import CertificateId
from domain.certification import CertificationStage, CertificationStart
from domain.learning_policy import LearningPolicy
from domain.model import CaseId, Party, PersonId, RoleId
from domain.naming import certification_case
from domain.sentences import says
from records import learning as in_learning
from records import people as in_records
from records.database import Database

WORKFLOW_TYPE = "Certification"


@dataclass(frozen=True)
class Wanted:
    """The certificate that somebody is to earn; the people around come from the role."""

    holder: PersonId
    certificate: CertificateId
    role: RoleId
    case: CaseId | None = None
    cohort: str | None = None
    seconds_per_day: float = REAL_LIFE


def certification_start(
    database: Database, wanted: Wanted, policy: LearningPolicy, started_by: PersonId
) -> CertificationStart:
    """All that a certification is started with.

    Raises ``records.people.Unknown`` for an unknown id. What can't be started raises :class:`CommandError` or
    ``CantStart``: by anybody but the role's HR, for a part of that HR, or while something is missing for the
    certificate's profile.
    """
    with database.reading() as session:
        in_records.person(session, started_by)
        role = in_records.role(session, wanted.role)
        certificate = in_learning.certificate(session, wanted.certificate)
    check_starter(role, started_by)
    holder = look_up(database, wanted.holder, certificate.profile, policy)
    if holder.gaps:
        missing = "; ".join(gap.says for gap in holder.gaps)
        raise CommandError(
            f"{wanted.holder} has gaps to {certificate.profile}, which an upskilling path closes: {missing}"
        )
    try:
        return CertificationStart(
            case=certification_case(wanted.holder, certificate.id) if wanted.case is None else wanted.case,
            holder=wanted.holder,
            certificate=certificate,
            shown=holder.profile.skills,
            policy=policy,
            parties={
                Party.LEARNER: wanted.holder,
                Party.MANAGER: holder.person.manager or role.manager,
                Party.SECOND_MANAGER: role.second_manager,
                Party.BUDGET_OWNER: role.budget_owner,
                Party.HR: role.hr,
                Party.HR_LEAD: role.hr_lead,
                Party.EXAMINER: certificate.examiner,
            },
            time_zone=role.time_zone,
            title=role.title,
            cohort=wanted.cohort,
            started_by=started_by,
            seconds_per_day=wanted.seconds_per_day,
        )
    except ValidationError as error:
        raise CommandError(says(error), "invalid") from None


async def start_certification(
    client: Client, database: Database, wanted: Wanted, policy: LearningPolicy, started_by: PersonId, task_queue: str
) -> Started:
    """Start a certification; one that runs already stays as it is.

    Raises as :func:`certification_start` and :func:`activities.beginning.start_once` do.
    """
    start = await asyncio.to_thread(certification_start, database, wanted, policy, started_by)
    beginning = Beginning(
        case=start.case,
        workflow=WORKFLOW_TYPE,
        start=start,
        stage=CertificationStage.PREPARING.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"learner": start.holder, "certificate": start.certificate.id},
        terms={
            "role": wanted.role,
            "policy": start.policy.label,
            "cohort": start.cohort or "none",
            "pace": f"{start.seconds_per_day:g} s a day",
        },
        summary=f"{start.holder}, {start.certificate.id}",
        details=(
            f"- learner {start.holder}, certificate {start.certificate.id}, role {wanted.role}\n"
            f"- policy {start.policy.label}, started by {start.started_by}"
        ),
    )
    return await start_once(client, database, beginning, task_queue)
