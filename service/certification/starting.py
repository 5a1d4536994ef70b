"""Starting a certification without a path, for somebody who has shown what it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import ValidationError
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from domain.certification.beginning import certification_beginning
from domain.certification.state import CertificationStart
from domain.core.clock import REAL_LIFE
from domain.core.model import CaseId, CertificateId, Party, PersonId, RoleId
from domain.core.naming import certification_case, workflow_id
from domain.core.people import Named, NamedIn, all_named
from domain.learning.policy import LearningPolicy
from engine.rpc import no_such_workflow
from records.database import Database
from records.queries.core import people as in_records
from records.queries.learning import learning as in_learning
from service.certification.errors import HasGaps
from service.core.connecting import Connect
from service.core.errors import Refused, Unfit
from service.core.people import check_starter
from service.core.policies import check_on_record, on_record, started_with
from service.core.started import Started
from service.core.starting import check_could_start, start_once
from service.learning.learners import look_up


@dataclass(frozen=True)
class WantedCertification:
    """The certificate that somebody is to earn; the people around come from the role."""

    holder: PersonId
    certificate: CertificateId
    role: RoleId
    case: CaseId | None = None
    cohort: str | None = None
    seconds_per_day: float = REAL_LIFE


def certification_start(
    database: Database, wanted: WantedCertification, policy: LearningPolicy, started_by: PersonId
) -> CertificationStart:
    """All that a certification is started with.

    Raises ``Unknown`` for an unknown id. What can't be started raises :class:`Refused`: by anybody but the role's HR,
    for a part of that HR, or while something is missing for the certificate's profile.
    """
    with database.reading() as session:
        in_records.person(session, started_by)
        role = in_records.role(session, wanted.role)
        certificate = in_learning.certificate(session, wanted.certificate)
    check_starter(database, role, started_by)
    holder = look_up(database, wanted.holder, certificate.profile, policy)
    if holder.gaps:
        missing = ", ".join(gap.in_short for gap in holder.gaps)
        raise HasGaps(
            f"{wanted.holder} has gaps to {certificate.profile}, which an upskilling path closes: {missing}", "refused"
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
            country=role.country,
            title=role.title,
            cohort=wanted.cohort,
            started_by=started_by,
            seconds_per_day=wanted.seconds_per_day,
        )
    except ValidationError as error:
        raise Unfit.by(error) from None


def _named(database: Database, start: CertificationStart, role: RoleId) -> Named:
    """Everybody whom a certification names, by where HR can name somebody else."""
    with database.reading() as session:
        around, holder = in_records.role(session, role).named(), in_records.person(session, start.holder)
    own = [] if holder.manager is None else [(NamedIn("holder", Party.MANAGER, holder.id), holder.manager)]
    parts = start.parties.keys() - ({Party.MANAGER} if own else set())
    by_role = [(at, person) for at, person in around if at.part in parts]
    return all_named([(NamedIn("holder"), start.holder)], own, by_role, start.certificate.named())


async def start_certification(
    connect: Connect,
    database: Database,
    wanted: WantedCertification,
    policy: LearningPolicy,
    started_by: PersonId,
    task_queue: str,
) -> Started:
    """Start a certification; one that runs already stays as it is.

    Raises as :func:`certification_start` and :func:`service.core.starting.start_once` do, and ``OtherContent``.
    """
    with on_record(database, policy) as given:
        start = await asyncio.to_thread(certification_start, database, wanted, policy, started_by)
        client = await connect()
        await _check_only_one(client, start)
        beginning = certification_beginning(start, wanted.role)
        named = await asyncio.to_thread(_named, database, start, wanted.role)
        return started_with(given, await start_once(client, database, beginning, task_queue, named))


def check_certification(
    database: Database, wanted: WantedCertification, policy: LearningPolicy, started_by: PersonId
) -> None:
    """Whether a certification could be started, by the records alone. Raises as :func:`start_certification` does."""
    check_on_record(database, policy)
    start = certification_start(database, wanted, policy, started_by)
    check_could_start(database, certification_beginning(start, wanted.role), _named(database, start, wanted.role))


async def _check_only_one(client: Client, start: CertificationStart) -> None:
    """Refuse another certification of the same certificate while the usual one runs.

    A path may have started it that moment, of which the records know nothing yet. Raises :class:`Refused`.
    """
    usual = certification_case(start.holder, start.certificate.id)
    if start.case != usual and await _runs(client, usual):
        sentence = f"{start.holder} has a certification for {start.certificate.id} already: {usual}; there can't be two"
        raise Refused(sentence, "conflict")


async def _runs(client: Client, case: CaseId) -> bool:
    try:
        there = await client.get_workflow_handle(workflow_id(case)).describe()
    except RPCError as error:
        if not no_such_workflow(error):
            raise
        return False
    return there.status is WorkflowExecutionStatus.RUNNING
