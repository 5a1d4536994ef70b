"""What is wanted of a cohort, and the cohort that is there already."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from temporalio.client import Client

from domain.cohort.participant_state import ParticipantStatus
from domain.cohort.state import CohortStage
from domain.core.beginning import pace
from domain.core.clock import REAL_LIFE
from domain.core.model import CaseId, CohortId, PersonId
from domain.core.naming import cohort_case
from domain.core.people import Country
from domain.placement.policy import Policy
from records.database import Database
from records.tables.cohort import CohortRecord
from service.core.asking import view
from service.core.connecting import Connect
from service.core.errors import Refused, Unknown
from service.placement.working_days import first_worked_day

NO_PART = (ParticipantStatus.NOT_STARTED, ParticipantStatus.OVER)
"""Who stands like this may take part again, in another role."""


@dataclass(frozen=True)
class WantedCohort:
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
class RunningCohort:
    """A cohort that is there already, as its workflow shows it: of each of its ``cases`` whose it is, and whether that
    person still takes part; ``leads`` are those in HR who may add to it."""

    policy: Policy
    title: str
    starts_on: date
    weeks: int
    country: Country
    pace: str
    leads: frozenset[PersonId]
    cases: Mapping[CaseId, PersonId]
    over: frozenset[CaseId]

    def differs_from(self, wanted: WantedCohort) -> list[str]:
        """What was asked for and is otherwise in the cohort, which keeps what it was started with; as sentences."""
        pairs = [
            ("policy", self.policy.label, wanted.policy.label if wanted.policy else None),
            ("title", self.title, wanted.title),
            ("first day", self.starts_on, wanted.starts_on and first_worked_day(self.country, wanted.starts_on)),
            ("number of weeks", self.weeks, wanted.weeks),
            ("pace", self.pace, wanted.pace),
        ]
        return [
            f"{wanted.cohort} keeps the {what} it was started with: {is_now}, not {asked}"
            for what, is_now, asked in pairs
            if asked is not None and asked != is_now
        ]


async def running(client: Client, database: Database, cohort: CohortId, seconds: float) -> RunningCohort | None:
    """The cohort of this name that runs, if one does. Raises :class:`Refused` for one that has ended.

    A worker has to answer within so many seconds where there is one.
    """
    try:
        state = await view(client, database, cohort_case(cohort), seconds)
    except Unknown:
        return None
    if state["stage"] == CohortStage.ENDED:
        raise Refused(f"{cohort} has ended; launch another cohort", "conflict")
    participants = state["participants"]
    return RunningCohort(
        policy=Policy.model_validate(state["policy"]),
        title=state["title"],
        starts_on=date.fromisoformat(state["starts_on"]),
        weeks=state["weeks"],
        country=state["country"],
        pace=pace(state["clock"]["seconds_per_day"]),
        leads=frozenset(state["parties"].values()),
        cases={case: theirs["who"]["returner"] for case, theirs in participants.items()},
        over=frozenset(case for case, theirs in participants.items() if theirs["status"] in NO_PART),
    )


async def known_to_run(connect: Connect, database: Database, cohort: CohortId, seconds: float) -> RunningCohort | None:
    """The cohort, if the records know it: its own policy counts for whoever joins it. Else no server is needed yet."""
    known = await asyncio.to_thread(_is_known, database, cohort)
    return await running(await connect(), database, cohort, seconds) if known else None


def _is_known(database: Database, cohort: CohortId) -> bool:
    with database.reading() as session:
        return session.get(CohortRecord, cohort) is not None
