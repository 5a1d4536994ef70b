"""Starting a placement, exactly once for each case."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import ValidationError
from sqlalchemy.orm import Session

from domain.core.clock import REAL_LIFE
from domain.core.model import CaseId, CertificateId, PersonId, RoleId
from domain.core.naming import PATH, placement_case
from domain.core.people import Person, Role
from domain.core.skills import ProfileId
from domain.core.working_pattern import WorkingPattern, WorkingTime, reason_against
from domain.learning.part_time import days_of
from domain.learning.policy import LearningPolicy
from domain.learning.start import PathStart
from domain.placement.beginning import FIRST_DAY, MENTOR, PATTERN, claim_of_placement
from domain.placement.matching import MentorCheck
from domain.placement.policy import Policy
from domain.placement.programme_days import monday_from
from domain.placement.recommendation import learning_weeks
from domain.placement.start import PlacementStart
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.starts import reason_beside
from records.queries.placement.mentors import why_not
from service.core.connecting import Connect
from service.core.errors import Unfit
from service.core.policies import check_on_record, on_record, started_with
from service.core.started import Started
from service.core.starting import check_could_start, start_beside, start_once
from service.core.today import today
from service.learning.starting import WantedPath, beside_others_only, inside_placement
from service.placement.placing import checked_beginning
from service.placement.working_days import begins_later, first_worked_day

LEAD_WEEKS = 4
"""A placement starts at least so many weeks after it is set up, unless a date is given."""


@dataclass(frozen=True)
class PathInside:
    """The upskilling path that is wanted inside a placement; what is none comes from the role, or by itself."""

    policy: LearningPolicy
    profile: ProfileId | None = None
    certificate: CertificateId | None = None
    case: CaseId | None = None
    """Else one of its own, beside a path that came before the placement."""


@dataclass(frozen=True)
class WantedPlacement:
    """What HR wants of a placement; what is none comes from the policy or by itself.

    ``beside`` is the reason why it may start beside another of the same person.
    """

    returner: PersonId
    role: RoleId
    policy: Policy
    starts_on: date | None = None
    weeks: int | None = None
    case: CaseId | None = None
    cohort: str | None = None
    beside: str | None = None
    seconds_per_day: float = REAL_LIFE
    inside: PathInside | None = None
    patterns: list[WorkingPattern] | None = None
    """What the returner works; none: as the records say."""
    mentor: PersonId | None = None
    """Who is to be asked first to be the mentor; else the best one is."""

    @property
    def its_case(self) -> CaseId:
        """The case, named by itself where nobody has."""
        return placement_case(self.returner, self.role) if self.case is None else self.case

    @property
    def its_weeks(self) -> int:
        """How long it is to be."""
        return self.policy.length.weeks if self.weeks is None else self.weeks


def first_start_date(today: date) -> date:
    """The first Monday at least four weeks from today."""
    return monday_from(today + timedelta(weeks=LEAD_WEEKS))


def first_day(wanted: date | None) -> date:
    """The day that is wanted, else that of :func:`first_start_date`. Raises :class:`Unfit` for one in the past."""
    if wanted is None:
        return first_start_date(today())
    if wanted < today():
        raise Unfit.at("starts_on", f"{wanted} is in the past")
    return wanted


async def start_placement(
    connect: Connect, database: Database, wanted: WantedPlacement, started_by: PersonId, task_queue: str
) -> Started:
    """Start a placement, with a path inside if that is wanted; one that runs already stays as it is.

    What HR may override starts, and HR is asked. For what can't be started (an unpaid role, a person without an
    application, a case that has ended, by anybody but the role's HR) raises :class:`Refused`; for an unknown id
    ``Unknown``; ``OtherContent`` for a policy that says otherwise than on record.
    """

    async def start() -> Started:
        start = await asyncio.to_thread(_placement_start, database, wanted, started_by, learning)
        beginning = await asyncio.to_thread(checked_beginning, database, start, unasked)
        started = await start_once(await connect(), database, beginning, task_queue)
        time = WorkingTime(start.patterns, start.policy.working_week)
        asked_for = first_day(wanted.starts_on)
        if started.already_running:
            return replace(started, differs=_with_day_asked_for(started.differs, start.starts_on, asked_for))
        later = begins_later(start.role.country, asked_for, time)
        return replace(started, notes=[later] if later else [])

    asked = {FIRST_DAY: wanted.starts_on, PATTERN: wanted.patterns, MENTOR: wanted.mentor}
    unasked = frozenset(term for term, value in asked.items() if value is None)
    wanted = await asyncio.to_thread(_with_patterns, database, wanted)
    learning = await asyncio.to_thread(_path_inside, database, wanted, started_by)
    with on_record(database, wanted.policy, learning.policy if learning else None) as given:
        return started_with(given, await start_beside(wanted.beside, start))


def _with_day_asked_for(differs: Sequence[str], first: date, asked_for: date) -> list[str]:
    """What a running placement keeps; of a day that was moved, also the one that was asked for."""
    if first == asked_for:
        return list(differs)
    moved = f"{first}, the first working day from {asked_for} on"
    return [said.replace(f", not {first}", f", not {moved}") for said in differs]


def check_placement(database: Database, wanted: WantedPlacement, started_by: PersonId) -> None:
    """Whether a placement could be started, by the records alone. Raises as :func:`start_placement` does."""
    wanted = _with_patterns(database, wanted)
    learning = _path_inside(database, wanted, started_by)
    check_on_record(database, wanted.policy, *([learning.policy] if learning else []))
    start = _placement_start(database, wanted, started_by, learning)
    check_could_start(database, checked_beginning(database, start))


def _with_patterns(database: Database, wanted: WantedPlacement) -> WantedPlacement:
    """With the working patterns of the records, where no others are wanted. Raises :class:`Unfit`, and ``Unknown``."""
    patterns = wanted.patterns
    if patterns is None:
        with database.reading() as session:
            patterns = in_records.person(session, wanted.returner).working_pattern or []
    if (fault := reason_against(patterns, wanted.policy.working_week)) is not None:
        raise Unfit.at("patterns", fault)
    return replace(wanted, patterns=patterns)


def _path_inside(database: Database, wanted: WantedPlacement, started_by: PersonId) -> PathStart | None:
    """The path inside a placement, if there is to be one."""
    inside = wanted.inside
    if inside is None:
        return None
    path = WantedPath(
        learner=wanted.returner,
        role=wanted.role,
        profile=inside.profile,
        certificate=inside.certificate,
        beside=wanted.beside,
        case=f"{PATH}{wanted.its_case}" if inside.case is None else inside.case,
    )
    weeks = learning_weeks(wanted.its_weeks, wanted.policy.decision.weeks_before_end)
    days = days_of(first_day(wanted.starts_on), weeks)
    time = WorkingTime(wanted.patterns or [], wanted.policy.working_week)
    return inside_placement(database, path, inside.policy, started_by, days, time)


def _placement_start(
    database: Database, wanted: WantedPlacement, started_by: PersonId, learning: PathStart | None
) -> PlacementStart:
    """All that a placement is started with. Raises as :func:`start_placement` does."""
    with database.reading() as session:
        in_records.person(session, started_by)
        person, role = in_records.person(session, wanted.returner), in_records.role(session, wanted.role)
        _check_mentor(session, wanted.mentor, person, role)
    if person.application is None:
        rule = f"{person.id} has not applied: the records have no months of break and years of experience of them"
        raise Unfit.at("returner", rule)
    time = WorkingTime(wanted.patterns or [], wanted.policy.working_week)
    try:
        start = PlacementStart(
            case=wanted.its_case,
            returner=person.id,
            application=person.application,
            role=role,
            starts_on=first_worked_day(role.country, first_day(wanted.starts_on), time),
            weeks=wanted.its_weeks,
            policy=wanted.policy,
            cohort=wanted.cohort,
            started_by=started_by,
            seconds_per_day=wanted.seconds_per_day,
            learning=learning and beside_others_only(database, learning),
            beside=wanted.beside,
            patterns=wanted.patterns or [],
            mentor=wanted.mentor,
        )
    except ValidationError as error:
        raise Unfit.by(error) from None
    with database.reading() as session:
        return start.model_copy(update={"beside": reason_beside(session, claim_of_placement(start))})


def _check_mentor(session: Session, mentor: PersonId | None, returner: Person, role: Role) -> None:
    """Refuse to want somebody as the mentor of whom the records say that they can't be. Raises :class:`Unfit`."""
    if mentor is None:
        return
    if mentor == returner.id:
        raise Unfit.at("mentor", f"{mentor} is the returner")
    in_records.person(session, mentor)
    asked = MentorCheck(mentor=mentor, returner=returner.id, reporting_line=role.deciding(), named=True)
    if (why := why_not(session, asked)) is not None:
        raise Unfit.at("mentor", f"{mentor} can't be the mentor: {why}")
