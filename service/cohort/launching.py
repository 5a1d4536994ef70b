"""Launching a cohort: its people stored, its workflow started, and everybody enlisted; as often as that is asked.

Whatever a launch that broke off has left, the same launch once more completes: people who are stored stay as they are,
the cohort that runs is found, whoever takes part already is passed over, and the last batch says that no more follow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from temporalio.client import Client

from domain.cohort.beginning import cohort_beginning
from domain.cohort.participants import ENLISTED_AT_ONCE, LARGEST_COHORT, Enlisting, Participant
from domain.cohort.requests import Enlist, Enlisted
from domain.cohort.state import CohortStage, CohortStart, ParticipantStatus
from domain.core.beginning import pace
from domain.core.case import REAL_LIFE
from domain.core.model import CaseId, CohortId, PersonId, RoleId
from domain.core.naming import cohort_case
from domain.core.people import Role
from domain.core.updates import Update
from domain.placement.policy import Policy
from records.database import Database
from records.imports.cohort.people import KnownRecords, known_records
from records.imports.cohort.report import CohortReport
from records.imports.core.people_and_roles import store_people
from records.imports.core.report import Stored
from records.tables.cohort import CohortRecord
from service.core.asking import ask, message, view
from service.core.environment import Connect
from service.core.errors import Refused, Unfit, Unknown
from service.core.starting import Started, start_once
from service.placement.starting import first_day
from service.placement.working_days import begins_later

NO_PART = (ParticipantStatus.NOT_STARTED, ParticipantStatus.OVER)
"""Who stands like this may take part again, in another role."""


@dataclass(frozen=True)
class Wanted:
    """What HR wants of a cohort; what is none comes from the policy or by itself, or is that of the cohort there is."""

    cohort: CohortId
    led_by: PersonId
    policy: Policy | None
    title: str | None
    starts_on: date | None
    weeks: int | None
    seconds_per_day: float

    @property
    def pace(self) -> str | None:
        """How fast its days pass; none where that is as in real life, which nobody has to ask for."""
        return None if self.seconds_per_day == REAL_LIFE else pace(self.seconds_per_day)


@dataclass(frozen=True)
class Running:
    """A cohort that is there already, as its workflow shows it: of each of its ``cases`` whose it is, and whether that
    person still takes part; ``leads`` are those in HR who may add to it."""

    policy: Policy
    title: str
    starts_on: date
    weeks: int
    pace: str
    leads: frozenset[PersonId]
    cases: Mapping[CaseId, PersonId]
    over: frozenset[CaseId]

    def differs_from(self, wanted: Wanted) -> list[str]:
        """What was asked for and is otherwise in the cohort, which keeps what it was started with; as sentences."""
        pairs = [
            ("policy", self.policy.label, wanted.policy.label if wanted.policy else None),
            ("title", self.title, wanted.title),
            ("first day", self.starts_on, wanted.starts_on),
            ("number of weeks", self.weeks, wanted.weeks),
            ("pace", self.pace, wanted.pace),
        ]
        return [
            f"{wanted.cohort} keeps the {what} it was started with: {is_now}, not {asked}"
            for what, is_now, asked in pairs
            if asked is not None and asked != is_now
        ]


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


async def running(client: Client, cohort: CohortId, seconds: float) -> Running | None:
    """The cohort of this name that runs, if one does. Raises :class:`Refused` for one that has ended.

    A worker has to answer within so many seconds where there is one.
    """
    try:
        state = await view(client, cohort_case(cohort), seconds)
    except Unknown:
        return None
    if state["stage"] == CohortStage.ENDED:
        raise Refused(f"{cohort} has ended; launch another cohort", "conflict")
    return Running(
        policy=Policy.model_validate(state["policy"]),
        title=state["title"],
        starts_on=date.fromisoformat(state["starts_on"]),
        weeks=state["weeks"],
        pace=pace(state["clock"]["seconds_per_day"]),
        leads=frozenset(state["parties"].values()),
        cases={case: one["who"]["returner"] for case, one in state["participants"].items()},
        over=frozenset(case for case, one in state["participants"].items() if one["standing"] in NO_PART),
    )


async def known_to_run(connect: Connect, database: Database, cohort: CohortId, seconds: float) -> Running | None:
    """The cohort, if the records know it: its own policy counts for whoever joins it. Else no server is needed yet."""
    known = await asyncio.to_thread(_is_known, database, cohort)
    return await running(await connect(), cohort, seconds) if known else None


def _is_known(database: Database, cohort: CohortId) -> bool:
    with database.reading() as session:
        return session.get(CohortRecord, cohort) is not None


def check(name: str, report: CohortReport, wanted: Wanted, there: Running | None) -> None:
    """Refuse a file in which nobody can take part, or that does not go with the cohort there is."""
    if not report.participants:
        raise Refused(f"{name}: nobody in it can take part", "invalid")
    cases = {one.case for one in report.participants} | (there.cases.keys() if there else set())
    if there is not None:
        _check_may_add(wanted, there)
        _check_once(name, report, there)
    if len(cases) > LARGEST_COHORT:
        raise Refused(
            f"{name}: {len(cases):,} people would take part; "
            f"a cohort has at most {LARGEST_COHORT:,}, so make several of them",
            "invalid",
        )


def _check_may_add(wanted: Wanted, there: Running) -> None:
    if wanted.led_by not in there.leads:
        leads = " and ".join(sorted(there.leads))
        raise Refused(f"{wanted.led_by} can't add to {wanted.cohort}: it is for its HR, {leads}", "forbidden")


def _check_once(name: str, report: CohortReport, there: Running) -> None:
    """Refuse another placement of somebody who has one in the cohort."""
    placed = {who: case for case, who in there.cases.items() if case not in there.over}
    for one in report.participants:
        case = placed.get(one.returner, one.case)
        if case != one.case:
            raise Refused(f"{name}: {one.returner} takes part already, in {case}; take them out", "conflict")


def cohort_start(wanted: Wanted, policy: Policy, around: Role) -> CohortStart:
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
        starts_on=first_day(wanted.starts_on),
        weeks=weeks,
        country=around.country,
        time_zone=around.time_zone,
        led_by=wanted.led_by,
        hr_lead=around.hr_lead,
        seconds_per_day=wanted.seconds_per_day,
    )


def store(database: Database, report: CohortReport, known: KnownRecords) -> Stored:
    """Store the people of the clean rows, and their protected characteristics, unless the records have changed."""
    with database.session() as session:  # one transaction: the report repeats what the records say of people's managers
        if known_records(session) != known:
            raise Refused("the records have changed meanwhile, and nothing was done; try again", "conflict")
        return store_people(session, report, clean_only=True)


async def start_cohort(client: Client, database: Database, start: CohortStart, task_queue: str) -> Started:
    """Start the workflow of a cohort; one that runs stays as it is. Raises ``HasEnded`` for one that was there."""
    return await start_once(client, database, cohort_beginning(start), task_queue)


async def enlist(
    client: Client,
    wanted: Wanted,
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
            enlisting=Enlisting(participants=batch, roles={one.role: roles[one.role] for one in batch}),
            more=first + ENLISTED_AT_ONCE < len(participants),
        )
        replies.append(await ask(client, case, Update.ENLIST, request, Enlisted, seconds))
    return replies


def _beginning_later(participants: Sequence[Participant], roles: Mapping[RoleId, Role], day: date) -> list[str]:
    """Where the first day of some of them, which is the cohort's unless they have their own, is not worked on."""
    begin = {(roles[one.role].country, one.starts_on or day) for one in participants}
    return [later for country, wanted in sorted(begin) if (later := begins_later(country, wanted))]


async def launch(
    client: Client,
    database: Database,
    wanted: Wanted,
    policy: Policy,
    report: CohortReport,
    known: KnownRecords,
    there: Running | None,
    *,
    task_queue: str,
    seconds: float,
) -> Launched:
    """Launch a cohort with the clean rows of its file, or add them to the one that is ``there``.

    Raises :class:`Refused`, ``Unreachable`` and :class:`records.database.RecordsError`; to ask once more completes
    whatever had been done by then.
    """
    start = None if there else cohort_start(wanted, policy, known.roles[report.participants[0].role])
    stored = store(database, report, known)
    already_running, notes = there is not None, there.differs_from(wanted) if there else []
    if start is not None:
        already_running = (await start_cohort(client, database, start, task_queue)).already_running
    replies = await enlist(client, wanted, report.participants, known.roles, seconds)
    new = [case for reply in replies for case in reply.new]
    begin = [one for one in report.participants if one.case in new]
    notes += _beginning_later(begin, known.roles, there.starts_on if there else first_day(wanted.starts_on))
    return Launched(
        cohort=wanted.cohort,
        case=cohort_case(wanted.cohort),
        already_running=already_running,
        new=new,
        there=[case for reply in replies for case in reply.there],
        notes=notes,
        stored=stored,
    )
