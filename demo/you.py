"""You in a demo: whom you have become, and a placement at a pace at which you can keep up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo.cast import BESIDE, run_id
from demo.people import Played
from demo.stories import Story
from domain.core.access import Duty
from domain.core.model import CaseId, Party, PersonId, RoleId
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.policy import Policy
from domain.placement.programme_days import monday_from
from domain.registry.policy_file import read_policy
from records.database import Database
from records.queries.core import people as in_records
from records.tables.access import AskedRecord, PartHolderRecord, SessionRecord
from records.tables.core import CaseRecord, TaskRecord
from service.core.access import access
from service.core.connecting import Connect
from service.core.policies import DEFAULT_POLICY
from service.core.today import today
from service.placement.starting import WantedPlacement, start_placement
from service.registry.board import BoardRow, read_board

SECONDS_PER_DAY = 8.0
"""So long a day takes in your placement: an offer or a review, of a week, waits for you for most of a minute."""
RETURNER: PersonId = "P-6ZC2MH"
ROLE: RoleId = "OPS1"
"""She, those who could be her mentor, and her managers read English."""
YOUR_CASE = "-YOU"
"""How the ids of your placements end; what stands before it rises with time."""
WEEKS = 8
BEGINS_IN_DAYS = 14

YOURS = frozenset(
    {
        TaskKind.MENTOR_REQUEST,
        TaskKind.MENTOR_REVIEW,
        TaskKind.MANAGER_REVIEW,
        TaskKind.SELF_REVIEW,
        TaskKind.OFFER,
    }
)
"""What is left to you in your placement, whoever is asked; all else only once you have become who is asked."""


SPOKEN = {Duty.HR: "HR of all roles", Duty.OPERATOR: "operator"}


@dataclass(frozen=True)
class Somebody:
    """One of a demo's people: the parts they play, how many tasks wait for them, and whether you have become them.

    ``yours`` are the kinds of those tasks that are left to you, whoever you are; ``duties`` were granted beyond cases.
    """

    person: PersonId
    name: str
    parts: Sequence[Party]
    tasks: int
    yours: Sequence[TaskKind]
    is_you: bool
    duties: Sequence[str]


def whom_you_are(session: Session) -> frozenset[PersonId]:
    """Those of a demo's people who are signed in anywhere: nobody but you has a browser."""
    return frozenset(session.scalars(select(SessionRecord.person).where(SessionRecord.ends_at > datetime.now(UTC))))


def everybody(database: Database, own: CaseId | None) -> list[Somebody]:
    """Those who have a part in any case, or are asked for one.

    First come those as whom something is left to you, then those with open tasks; by name.
    """
    with database.reading() as session:
        held = session.execute(select(PartHolderRecord.person, PartHolderRecord.party).distinct()).all()
        waiting = select(AskedRecord.person, func.count()).group_by(AskedRecord.person)
        tasks: dict[PersonId, int] = {}
        tasks.update(session.execute(waiting).all())
        yours = session.execute(
            select(AskedRecord.person, TaskRecord.kind)
            .join(TaskRecord, TaskRecord.task == AskedRecord.task)
            .where(TaskRecord.case_id == (own or ""), TaskRecord.state == TaskState.OPEN.value)
            .where(TaskRecord.kind.in_([kind.value for kind in YOURS]))
        ).all()
        names, you = in_records.names(session, {*tasks, *(person for person, _ in held)}), whom_you_are(session)
    granted_now = access(database).grants
    people = [
        Somebody(
            person=person,
            name=name,
            parts=sorted({Party(party) for holder, party in held if holder == person}),
            tasks=tasks.get(person, 0),
            yours=[TaskKind(kind) for asked, kind in yours if asked == person],
            is_you=person in you,
            duties=[SPOKEN[granted.duty] for granted in granted_now if granted.person == person],
        )
        for person, name in names.items()
    ]
    return sorted(people, key=lambda somebody: (not somebody.yours, not somebody.tasks, somebody.name))


async def begin(connect: Connect, database: Database, task_queue: str) -> Played:
    """Start your placement. Raises as ``start_placement`` does."""
    role = await asyncio.to_thread(_role, database)
    wanted = WantedPlacement(
        returner=RETURNER,
        role=role.id,
        policy=read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy),
        starts_on=monday_from(today() + timedelta(days=BEGINS_IN_DAYS)),
        weeks=WEEKS,
        case=f"D{run_id()}{YOUR_CASE}",
        beside=BESIDE,
        seconds_per_day=SECONDS_PER_DAY,
    )
    started = await start_placement(connect, database, wanted, role.hr, task_queue)
    return _played(started.case, role)


def begun_before(database: Database) -> Played | None:
    """Your placement that was begun last, as the records know it; none where none was."""
    of_yours = CaseRecord.case_id.startswith("D") & CaseRecord.case_id.endswith(YOUR_CASE)
    with database.reading() as session:
        case = session.scalar(select(func.max(CaseRecord.case_id)).where(of_yours))
    return _played(case, _role(database)) if case else None


def _played(case: CaseId, role: Role) -> Played:
    return Played(Story("yours", RETURNER, role.id), case, role.hr, role.manager)


def _role(database: Database) -> Role:
    with database.reading() as session:
        return in_records.role(session, ROLE)


def how_it_stands(database: Database, case: CaseId) -> BoardRow | None:
    """Where your placement stands; None until it is on record."""
    return next((row for row in read_board(database).rows if row.case == case), None)
