"""A cohort: people who begin their placements together, matched with mentors together, with dates of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.cohort.figures import CohortFigures
from domain.cohort.forms import PairText
from domain.cohort.matching import CohortProposal, Pair
from domain.cohort.participant_state import ACTIVE, ParticipantState, ParticipantStatus
from domain.cohort.unsuited import not_working
from domain.core.case import ENDED, CaseState
from domain.core.clock import ClockState
from domain.core.model import CaseId, CohortId, Fixed, Instant, Model, Party, PersonId, RoleId, Title
from domain.core.naming import Programme, cohort_case
from domain.core.people import Country, Named, NamedIn, Role
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave, calendar_date


class CohortStage(StrEnum):
    """The stages of a cohort."""

    ENLISTING = "enlisting"
    """Nobody takes part yet."""
    MATCHING = "matching"
    """Nobody's placement has begun; mentors are being found."""
    RUNNING = "running"
    FOLLOW_UP = "follow_up"
    """How each placement came out is known; follow-ups are still to come."""
    ENDED = ENDED


class CohortOutcome(StrEnum):
    """How a cohort ended: all its placements are through, or HR has closed it and they go on by themselves."""

    THROUGH = "through"
    CLOSED = "closed"


class CohortStart(Fixed):
    """What a cohort is started with. Those who take part are enlisted by ``enlist``.

    ``country`` and ``time_zone`` are those of its own dates. ``led_by`` is the HR person who leads it and is asked,
    ``hr_lead`` whom that escalates to. ``state`` is given when it goes on in a new run; then all else comes from it.
    A run whose history has more than ``events_a_run`` is followed by a new one at the next quiet point.
    """

    cohort: CohortId
    title: Title
    policy: Policy
    starts_on: date = Field(lt=date(2200, 1, 1))
    weeks: int = Field(ge=1, le=104)
    country: Country
    time_zone: str
    led_by: PersonId
    hr_lead: PersonId
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    events_a_run: int = Field(default=1_000, ge=1, le=4_000)
    """Temporal itself minds only from 4,096 on, but every new worker reads a history from its beginning."""
    state: CohortState | None = None

    def named(self) -> Named:
        """Everybody whom it names, by where; nobody where it goes on in a new run."""
        return [] if self.state is not None else [(NamedIn("led_by"), self.led_by), (NamedIn("hr_lead"), self.hr_lead)]


class DateState(StrEnum):
    """The status of one of the cohort's dates."""

    TO_COME = "to_come"
    INVITED = "invited"
    OVER = "over"


class CohortDate(Model):
    """One of the cohort's own dates. ``invited`` are those who know of it, by the invitation of this ``sequence``."""

    key: str
    title: str
    starts: Instant
    ends: Instant
    place: str | None = None
    state: DateState = DateState.TO_COME
    sequence: int = 0
    invited: list[PersonId] = []


class CohortPause(Model):
    """A pause of the cohort from ``first`` to the day it resumes, ``back_on`` (None while nobody knows).

    ``cases`` are the placements that it has paused; of the others ``refused`` says why not. Both are kept of the last
    pause only. ``pause_sent`` and ``resume_sent`` say whether all placements have received each.
    """

    first: date
    back_on: date | None = None
    by: PersonId | None = None
    back_by: PersonId | None = None
    cases: list[CaseId] = []
    refused: dict[CaseId, str] = {}
    pause_sent: bool = False
    resume_sent: bool = False


class CohortState(CaseState):
    """All there is to know about one cohort, but for what its placements know themselves."""

    stage: CohortStage = CohortStage.ENLISTING
    policy: Policy
    title: Title
    starts_on: date
    weeks: int
    country: Country
    time_zone: str
    led_by: PersonId
    roles: dict[RoleId, Role] = {}
    participants: dict[CaseId, ParticipantState] = {}
    more_follow: bool = False
    """Whether more are being enlisted at this moment; mentors are found for all of them together."""
    more_until: Instant | None = None
    """When that is given up."""
    look_at: Instant | None = None
    """When it is looked next whether all placements are still there."""
    gathers_until: Instant | None = None
    """Until when a matching waits for others."""
    pins: list[Pair] = []
    forbids: list[Pair] = []
    rulings: int = 0
    """How often HR has pinned, forbidden, or lifted something."""
    rounds: int = 0
    proposal: CohortProposal | None = None
    """The matching that HR is shown, or agreed to last."""
    reviewed: str | None = None
    """The last review of a matching whose answer has been acted on. One that is answered and not yet acted on goes on
    in the next run."""
    rematch: bool = False
    """Whether HR has asked for another matching."""
    dates: list[CohortDate] = []
    dates_stale: bool = False
    """Whether the cohort has gone on after a pause, and its dates are still to be planned anew."""
    ends_on: date | None = None
    pauses: list[CohortPause] = []
    figures: CohortFigures | None = None
    outcome: CohortOutcome | None = None

    @classmethod
    def begin(cls, start: CohortStart, now: Instant) -> CohortState:
        """The state of a cohort that starts now, or goes on."""
        if start.state is not None:
            return start.state
        return cls(
            case=cohort_case(start.cohort),
            programme=Programme.COHORT,
            policy=start.policy,
            cohort=start.cohort,
            stage_since=now,
            clock=ClockState(began=now, began_really=now, seconds_per_day=start.seconds_per_day),
            parties={Party.HR: start.led_by, Party.HR_LEAD: start.hr_lead},
            title=start.title,
            starts_on=start.starts_on,
            weeks=start.weeks,
            country=start.country,
            time_zone=start.time_zone,
            led_by=start.led_by,
        )

    @property
    def over(self) -> bool:
        """Whether the cohort has ended, or is just being ended; its outcome ends it."""
        return super().over or self.outcome is not None

    def pass_on(self, party: Party, before: PersonId, to: PersonId) -> None:
        """As of every case; and whoever leads it, and around the roles of placements that are still to be started."""
        super().pass_on(party, before, to)
        if party is Party.HR and self.led_by == before:
            self.led_by = to
        self.roles = {
            name: role.model_copy(update={party.value: to}) if role.parties().get(party) == before else role
            for name, role in self.roles.items()
        }

    def first_day(self) -> datetime:
        """When the first day begins (UTC), moved by pauses before it."""
        leaves = [Leave(first=pause.first, back_on=pause.back_on) for pause in self.pauses]
        return datetime.combine(calendar_date(self.starts_on, leaves), time(0), tzinfo=UTC)

    @property
    def is_paused(self) -> bool:
        """Whether the cohort, and with it its placements, is paused now."""
        return bool(self.pauses) and self.pauses[-1].back_on is None

    @property
    def last_instruction(self) -> int:
        """The number of the last pause or resumption, counted together; 0 before the first, odd while paused."""
        return 2 * len(self.pauses) - self.is_paused

    def view(self, now: datetime) -> dict[str, Any]:
        """The whole state, with the first day as pauses have moved it, and whom its dates don't suit."""
        shown = super().view(now)
        dates = [
            {**date, "does_not_suit": self.does_not_suit(planned)}
            for date, planned in zip(shown["dates"], self.dates, strict=True)
        ]
        return {**shown, "dates": dates, "first_day": self.first_day().date().isoformat()}

    def does_not_suit(self, date: CohortDate) -> list[PersonId]:
        """Who takes part, or is mentor of somebody who does, and does not work on the day of this date."""
        active = self.participants_in(*ACTIVE)
        people = [person for participant in active for person in participant.working()]
        return not_working(date.starts, people, self.midnights)

    def participants_in(self, *statuses: ParticipantStatus) -> list[ParticipantState]:
        """The participants of these statuses, by case."""
        return [participant for _, participant in sorted(self.participants.items()) if participant.status in statuses]


def pair_of(text: PairText) -> Pair:
    """The pair that HR has written as ``P-7F3K2M=P-4CY9GS``."""
    returner, _, mentor = text.partition("=")
    return Pair(returner=returner, mentor=mentor)


class CohortEnding(Fixed):
    """What a cohort returns when it has ended."""

    cohort: CohortId
    outcome: CohortOutcome
    figures: CohortFigures | None
    ended_at: Instant


CohortStart.model_rebuild()
