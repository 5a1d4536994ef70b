"""Launching a cohort: its people stored, its workflow started, and everybody enlisted; as often as that is asked.

Whatever a launch that broke off has left, the same launch once more completes: people who are stored stay as they are,
the cohort that runs is found, whoever takes part already is passed over, and the last batch says that no more follow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from temporalio.client import Client

from domain.cohort.beginning import cohort_beginning
from domain.cohort.participants import ENLISTED_AT_ONCE, LARGEST_COHORT, Enlisting, Participant
from domain.cohort.requests import Enlist, Enlisted
from domain.cohort.state import CohortStart
from domain.core.model import CaseId, CohortId, RoleId
from domain.core.naming import cohort_case
from domain.core.people import Role
from domain.core.updates import Update
from domain.placement.policy import Policy
from records.database import Database, lock
from records.imports.cohort.people import KnownRecords, known_records
from records.imports.cohort.report import CohortReport
from records.imports.core.people_and_roles import store_people
from records.imports.core.report import Stored
from service.cohort.checking import CohortFile, check_cohort_id, check_file
from service.cohort.running import RunningCohort, WantedCohort, known_to_run, running
from service.core.asking import ask, message
from service.core.connecting import Connect
from service.core.errors import Refused, Unfit
from service.core.importing import IMPORTS
from service.core.people import check_known
from service.core.policies import on_record
from service.core.starting import start_once
from service.placement.starting import first_day
from service.placement.working_days import begins_later, first_worked_day

InThread: TypeAlias = Callable[..., Awaitable[Any]]
"""Does something that takes a while in a thread, as :func:`asyncio.to_thread` does."""


@dataclass(frozen=True)
class Launched:
    """What came of a launch: who is ``new`` in the cohort and who was ``there``, and what of it is otherwise."""

    cohort: CohortId
    case: CaseId
    already_running: bool
    new: list[CaseId]
    there: list[CaseId]
    notes: list[str]
    stored: Stored


def _check(name: str, report: CohortReport, wanted: WantedCohort, there: RunningCohort | None) -> None:
    """Refuse a file in which nobody can take part, or that does not go with the cohort there is."""
    if not report.participants:
        raise Refused(f"{name}: nobody in it can take part", "invalid")
    cases = {participant.case for participant in report.participants} | (there.cases.keys() if there else set())
    if there is not None:
        _check_may_add(wanted, there)
        _check_once(name, report, there)
    if len(cases) > LARGEST_COHORT:
        raise Refused(
            f"{name}: {len(cases):,} people would take part; "
            f"a cohort has at most {LARGEST_COHORT:,}, so make several of them",
            "invalid",
        )


def _check_may_add(wanted: WantedCohort, there: RunningCohort) -> None:
    if wanted.led_by not in there.leads:
        leads = " and ".join(sorted(there.leads))
        raise Refused(f"{wanted.led_by} can't add to {wanted.cohort}: it is for its HR, {leads}", "forbidden")


def _check_once(name: str, report: CohortReport, there: RunningCohort) -> None:
    """Refuse another placement of somebody who has one in the cohort."""
    placed = {who: case for case, who in there.cases.items() if case not in there.over}
    for participant in report.participants:
        case = placed.get(participant.returner, participant.case)
        if case != participant.case:
            raise Refused(f"{name}: {participant.returner} takes part already, in {case}; take them out", "conflict")


def _cohort_start(wanted: WantedCohort, policy: Policy, around: Role) -> CohortStart:
    """What a new cohort is started with. Country, time zone and head of HR are those of the role ``around``.

    Raises :class:`Unfit`.
    """
    weeks = policy.length.weeks if wanted.weeks is None else wanted.weeks
    if not policy.length.min_weeks <= weeks <= policy.length.max_weeks:
        bounds = f"{policy.length.min_weeks} to {policy.length.max_weeks}"
        raise Unfit.at("weeks", f"{weeks}; the policy allows {bounds}")
    return message(
        CohortStart,
        cohort=wanted.cohort,
        title=wanted.cohort if wanted.title is None else wanted.title,
        policy=policy,
        starts_on=first_worked_day(around.country, first_day(wanted.starts_on)),
        weeks=weeks,
        country=around.country,
        time_zone=around.time_zone,
        led_by=wanted.led_by,
        hr_lead=around.hr_lead,
        seconds_per_day=wanted.seconds_per_day,
    )


def _store(database: Database, report: CohortReport, known: KnownRecords) -> Stored:
    """Store the people of the clean rows, and their protected characteristics, unless the records have changed."""
    with database.session() as session:  # one transaction: the report repeats what the records say of people's managers
        lock(session, IMPORTS)
        if known_records(session) != known:
            raise Refused("the records have changed meanwhile, and nothing was done; try again", "conflict")
        return store_people(session, report, clean_only=True)


async def _enlist(
    client: Client,
    database: Database,
    wanted: WantedCohort,
    participants: Sequence[Participant],
    roles: Mapping[RoleId, Role],
    seconds: float,
) -> list[Enlisted]:
    """Enlist all of them, a batch at a time; all batches but the last say that more follow.

    Raises as :func:`service.core.asking.ask` does; to ask once more completes it.
    """
    case = cohort_case(wanted.cohort)
    replies: list[Enlisted] = []
    for first in range(0, len(participants), ENLISTED_AT_ONCE):
        batch = list(participants[first : first + ENLISTED_AT_ONCE])
        request = message(
            Enlist,
            actor=wanted.led_by,
            enlisting=Enlisting(
                participants=batch, roles={participant.role: roles[participant.role] for participant in batch}
            ),
            more=first + ENLISTED_AT_ONCE < len(participants),
        )
        replies.append(await ask(client, database, case, Update.ENLIST, request, Enlisted, seconds))
    return replies


def _beginning_later(participants: Sequence[Participant], roles: Mapping[RoleId, Role], day: date) -> list[str]:
    """Where the first day of some of them, which is the cohort's unless they have their own, is not worked on."""
    begin = {(roles[participant.role].country, participant.starts_on or day) for participant in participants}
    return [later for country, wanted in sorted(begin) if (later := begins_later(country, wanted))]


async def launch_file(
    connect: Connect,
    database: Database,
    wanted: WantedCohort,
    file: CohortFile,
    *,
    by_default: Policy,
    clean_only: bool,
    task_queue: str,
    seconds: float,
    in_thread: InThread = asyncio.to_thread,
    check_may: Callable[[CohortReport], None] | None = None,
) -> tuple[CohortReport, Launched | None]:
    """Launch a cohort with the people of a file, or add those to it who are new, and say what is wrong with the file.

    Nothing is launched of a file with problems, unless ``clean_only``. A cohort that is there keeps its policy; a new
    one has that ``by_default`` where none is wanted. The file is checked ``in_thread``, which may take seconds; then
    ``check_may`` raises where whoever asks may not. Raises as :func:`launch` does, ``Unknown`` for somebody unknown,
    and ``OtherContent``.
    """
    check_cohort_id(wanted.cohort)
    await asyncio.to_thread(check_known, database, [wanted.led_by])
    there = await known_to_run(connect, database, wanted.cohort, seconds)
    policy = (there.policy if there else wanted.policy) or by_default
    report, known = await in_thread(check_file, database, file, policy, wanted.led_by, cohort=wanted.cohort)
    if check_may is not None:
        check_may(report)
    if not report.usable or (report.problems and not clean_only):
        return report, None
    client = await connect()
    there = there or await running(client, database, wanted.cohort, seconds)
    _check(file.name, report, wanted, there)
    with on_record(database, None if there else policy):
        return report, await launch(
            client, database, wanted, policy, report, known, there, task_queue=task_queue, seconds=seconds
        )


async def launch(
    client: Client,
    database: Database,
    wanted: WantedCohort,
    policy: Policy,
    report: CohortReport,
    known: KnownRecords,
    there: RunningCohort | None,
    *,
    task_queue: str,
    seconds: float,
) -> Launched:
    """Launch a cohort with the clean rows of its file, or add them to the one that is ``there``.

    Raises :class:`Refused`, ``Unreachable`` and :class:`records.errors.RecordsError`; to ask once more completes
    whatever had been done by then.
    """
    start = None if there else _cohort_start(wanted, policy, known.roles[report.participants[0].role])
    stored = _store(database, report, known)
    already_running, notes = there is not None, there.differs_from(wanted) if there else []
    if start is not None:
        already_running = (await start_once(client, database, cohort_beginning(start), task_queue)).already_running
    replies = await _enlist(client, database, wanted, report.participants, known.roles, seconds)
    new = [case for reply in replies for case in reply.new]
    begin = [participant for participant in report.participants if participant.case in new]
    if start is not None and (later := begins_later(start.country, first_day(wanted.starts_on))) is not None:
        notes.append(later)
    there_on = there.starts_on if there else start.starts_on if start else first_day(wanted.starts_on)
    notes += _beginning_later(begin, known.roles, there_on)
    return Launched(
        cohort=wanted.cohort,
        case=cohort_case(wanted.cohort),
        already_running=already_running,
        new=new,
        there=[case for reply in replies for case in reply.there],
        notes=notes,
        stored=stored,
    )
