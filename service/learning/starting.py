"""Starting an upskilling path, alone or inside a placement."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError
from temporalio.client import Client

from domain.core.beginning import Claim
from domain.core.case import Done
from domain.core.clock import REAL_LIFE
from domain.core.model import CaseId, CertificateId, Money, PersonId, RoleId
from domain.core.naming import Programme, path_case
from domain.core.skills import ProfileId
from domain.core.updates import Update
from domain.core.working_pattern import WorkingTime
from domain.learning.beginning import claim_of_path, path_beginning
from domain.learning.part_time import hours_in
from domain.learning.policy import LearningPolicy
from domain.learning.requests import ChangeRole
from domain.learning.start import Goal, PathStart
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.starts import forget, person_of, reason_beside
from records.queries.learning import learning as in_learning
from service.core.alone import claim_case
from service.core.asking import ask
from service.core.connecting import Connect
from service.core.errors import Refused, Unfit, Unknown
from service.core.people import check_starter
from service.core.policies import check_on_record, on_record, started_with
from service.core.started import Started
from service.core.starting import check_could_start, start_beside, start_once


@dataclass(frozen=True)
class WantedPath:
    """What somebody wants of a path; what is none comes from the policy, or from the role.

    ``budget`` is in the policy's currency.
    """

    learner: PersonId
    role: RoleId
    profile: ProfileId | None = None
    certificate: CertificateId | None = None
    hours: int | None = None
    hours_per_week: int | None = None
    budget: Decimal | None = None
    case: CaseId | None = None
    cohort: str | None = None
    beside: str | None = None
    seconds_per_day: float = REAL_LIFE


def goal_of(database: Database, role: RoleId, profile: ProfileId | None, certificate: CertificateId | None) -> Goal:
    """Where a path leads: the role, its profile (of the same id unless another is named), and the certificate.

    Raises ``Unknown``, and :class:`Unfit` for a certificate of another profile.
    """
    with database.reading() as session:
        goal = Goal(
            role=in_records.role(session, role),
            profile=in_learning.profile(session, role if profile is None else profile),
            certificate=None if certificate is None else in_learning.certificate(session, certificate),
        )
    if goal.certificate and goal.certificate.profile != goal.profile.id:
        rule = f"{goal.certificate.id} is for the profile {goal.certificate.profile}, not for {goal.profile.id}"
        raise Unfit.at("certificate", rule)
    return goal


def path_start(database: Database, wanted: WantedPath, policy: LearningPolicy, started_by: PersonId) -> PathStart:
    """All that a path is started with. When the learner works is what the records say of them.

    Raises ``Unknown`` for an unknown id, and :class:`Refused` for what can't be started.
    """
    goal = goal_of(database, wanted.role, wanted.profile, wanted.certificate)
    with database.reading() as session:
        in_records.person(session, started_by)
        learner = in_records.person(session, wanted.learner)
    check_starter(database, goal.role, started_by)
    if wanted.budget is not None and wanted.budget < 0:
        raise Unfit.at("budget", "must not be negative")
    currency = policy.plan.budget.currency
    try:
        return PathStart(
            case=path_case(learner.id, goal.role.id) if wanted.case is None else wanted.case,
            learner=learner.id,
            manager=learner.manager or goal.role.manager,
            goal=goal,
            policy=policy,
            hours=policy.plan.hours if wanted.hours is None else wanted.hours,
            hours_per_week=policy.plan.hours_per_week if wanted.hours_per_week is None else wanted.hours_per_week,
            budget=policy.plan.budget if wanted.budget is None else Money(amount=wanted.budget, currency=currency),
            cohort=wanted.cohort,
            beside=wanted.beside,
            started_by=started_by,
            seconds_per_day=wanted.seconds_per_day,
            patterns=learner.working_pattern or [],
            working_week=policy.working_week,
        )
    except ValidationError as error:
        raise Unfit.by(error) from None


def inside_placement(
    database: Database,
    wanted: WantedPath,
    policy: LearningPolicy,
    started_by: PersonId,
    days: Sequence[date],
    time: WorkingTime,
) -> PathStart:
    """A path inside a placement with so many days up to its decision: within its learning hours, with its manager.

    The hours are those of what the returner works of full time; when they work, the placement says.
    """
    start = path_start(database, wanted, policy, started_by)
    per_week = wanted.hours_per_week or policy.pathway.placement_hours_per_week
    return start.model_copy(
        update={
            "manager": start.goal.role.manager,
            "hours_per_week": per_week,
            "hours": wanted.hours or hours_in(per_week, days, time),
            "patterns": [],
        }
    )


async def start_path(
    connect: Connect,
    database: Database,
    wanted: WantedPath,
    policy: LearningPolicy,
    started_by: PersonId,
    task_queue: str,
) -> Started:
    """Start a path; one that runs already stays as it is.

    Raises as :func:`path_start` and :func:`service.core.starting.start_once` do, and ``OtherContent``.
    """

    async def start() -> Started:
        beginning = path_beginning(await asyncio.to_thread(beside_others_only, database, path))
        return await start_once(await connect(), database, beginning, task_queue)

    path = await asyncio.to_thread(path_start, database, wanted, policy, started_by)
    with on_record(database, policy) as given:
        return started_with(given, await start_beside(wanted.beside, start))


def check_path(database: Database, wanted: WantedPath, policy: LearningPolicy, started_by: PersonId) -> None:
    """Whether a path could be started, by the records alone; nothing is. Raises as :func:`start_path` does."""
    check_on_record(database, policy)
    check_could_start(database, path_beginning(path_start(database, wanted, policy, started_by)))


def beside_others_only(database: Database, start: PathStart) -> PathStart:
    """A reason why a path starts beside others is on record only where there are others."""
    with database.reading() as session:
        return start.model_copy(update={"beside": reason_beside(session, claim_of_path(start))})


async def claim_role(client: Client, database: Database, case: CaseId, role: RoleId, actor: PersonId) -> None:
    """Refuse to lead a path to a role to which the same person has another that runs, or is just being started.

    It is on record then that this one is to lead there. Raises :class:`Refused`.
    """
    person = await asyncio.to_thread(_person_of, database, case)
    if person is None:
        return  # the engine knows whether there is such a path
    claim = Claim(
        case=case, programme=Programme.UPSKILLING, person=person, role=role, in_role_only=True, started_by=actor
    )
    if others := await claim_case(client, database, claim):
        cases = " and ".join(others)
        raise Refused(f"{person} has a path to {role} already: {cases}; withdraw one of them first", "conflict")


async def change_role(
    connect: Connect,
    database: Database,
    case: CaseId,
    request: ChangeRole,
    seconds: float,
    *,
    once: str | None = None,
) -> Done:
    """Lead a path to another role, ``once`` under that name.

    Raises :class:`Refused`, and as :func:`service.core.asking.ask` does. Where the path may have heard it without a
    reply, it stays on record that it is to lead there.
    """
    client = await connect()
    await claim_role(client, database, case, request.goal.role.id, request.actor)
    try:
        return await ask(client, database, case, Update.CHANGE_ROLE, request, Done, seconds, once=once)
    except (Refused, Unknown):
        await asyncio.to_thread(give_role_up, database, case)
        raise


def give_role_up(database: Database, case: CaseId) -> None:
    """A path that was to be led to another role is not."""
    with database.session() as session:
        forget(session, case)


def _person_of(database: Database, case: CaseId) -> PersonId | None:
    with database.reading() as session:
        return person_of(session, case, Programme.UPSKILLING)
