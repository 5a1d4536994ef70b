"""What a cohort asks its activities: to plan its dates, and to start, signal, pause and resume its placements."""

from __future__ import annotations

from datetime import date

from domain.cohort.participants import Enlisting
from domain.cohort.state import CohortDate, CohortPause
from domain.core.local_days import Midnights
from domain.core.model import CaseId, CohortId, Fixed, PersonId
from domain.core.people import Country
from domain.core.working_pattern import FULL_WEEK, WorkingWeek
from domain.placement.cohort_messages import CohortMessage
from domain.placement.policy import CohortRules, Policy
from domain.placement.programme_days import LastDay


class PlacementsToStart(Fixed):
    """The placements of these participants, all under one policy; starting them again changes nothing."""

    cohort: CohortId
    policy: Policy
    starts_on: date
    weeks: int
    started_by: PersonId
    seconds_per_day: float
    enlisting: Enlisting


class CohortPlanRequest(Fixed):
    """All that a cohort's own dates depend on."""

    cohort: CohortId
    starts_on: date
    weeks: int
    pauses: list[CohortPause]
    country: Country
    time_zone: str
    rules: CohortRules
    last_day: LastDay = "calendar_day"
    working_week: WorkingWeek = FULL_WEEK


class CohortPlan(Fixed):
    """A cohort's own dates, in order, its last day, when its local days begin, and which are public holidays."""

    dates: list[CohortDate]
    ends_on: date
    midnights: list[Midnights] = []
    days_off: list[date] = []
    holidays_lack: str | None = None
    """What the public holidays that were planned with leave out; see :class:`domain.placement.calendar.Plan`."""


class StartResult(Fixed):
    """What came of starting a placement: none where it runs (now, or already), else why it could not be started."""

    case: CaseId
    refused: str | None = None


class MessagesToPlacements(Fixed):
    """The signals of a cohort to its placements. Sending one again changes nothing."""

    cohort: CohortId
    proposals: dict[CaseId, CohortMessage]


class PlacementsToFind(Fixed):
    """Placements that may have been ended in Temporal by an operator."""

    cases: list[CaseId]


class PlacementsToAsk(Fixed):
    """Placements that are to pause, or to go on, by their cohort's ``n``-th instruction. Asking again is harmless."""

    cohort: CohortId
    n: int
    cases: list[CaseId]
    pause: bool
    actor: PersonId


class AskedPlacement(Fixed):
    """What a placement has said to that: ``refused`` where it could not, ``silent`` where it has not answered yet."""

    case: CaseId
    sentence: str
    refused: bool
    silent: bool = False
