"""Who leaves the company, and what is theirs: their parts and open tasks in cases that run, and where else they stand.

Each question takes the session of a transaction, most often a reading one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.departure import DepartureRow, DepartureStage, Leaving
from domain.core.model import CaseId, Fixed, Party, PersonId
from domain.core.naming import COHORT, cohort_case
from domain.core.people import DECIDING, OnRecord
from domain.core.reassigning import OTHER_OF_HR
from records.among import among
from records.queries.core.cases import inbox
from records.queries.core.people import Unknown, above
from records.tables.access import PartHolderRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, DepartureRecord, PersonRecord, RoleRecord, TaskRecord
from records.tables.learning import CertificateRecord, TrainingRecord

DAY = timedelta(days=1)


class TheirParts(Fixed):
    """What somebody has in one case that runs: parts as people call them, and open tasks by id."""

    case: CaseId
    parts: list[Party]
    tasks: list[str]


def day_is_over_at(time_zone: str, last_day: date) -> datetime:
    """When somebody's last day is over where they live: the midnight after it."""
    return datetime.combine(last_day + DAY, time(0), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def has_left(time_zone: str, left_on: date | None, now: datetime) -> bool:
    """Whether somebody who lives there, and whose last day is that one, has left the company by now."""
    return left_on is not None and day_is_over_at(time_zone, left_on) <= now


def left_since(session: Session, person: PersonId, now: datetime) -> datetime | None:
    """Since when somebody has left the company; none for whoever is there, or not on record."""
    record = session.get(PersonRecord, person)
    if record is None or record.left_on is None or not has_left(record.time_zone, record.left_on, now):
        return None
    return day_is_over_at(record.time_zone, record.left_on)


def cases_about(person: PersonId) -> Select[CaseId]:
    """The cases about somebody, of which they are told also when they have left."""
    return select(CaseRecord.case_id).where(CaseRecord.person == person)


def on_record(session: Session, people: Collection[PersonId], now: datetime) -> OnRecord:
    """What the records know of these people at this moment."""
    known = select(PersonRecord.id, PersonRecord.time_zone, PersonRecord.left_on).where(among(PersonRecord.id, people))
    there = {record.id: record for record in session.execute(known)}
    left = {
        person: record.left_on
        for person, record in sorted(there.items())
        if record.left_on is not None and has_left(record.time_zone, record.left_on, now)
    }
    return OnRecord(known=[person for person in people if person in there and person not in left], left=left)


def last_day(session: Session, person: PersonId) -> date | None:
    """The last day of somebody; none of whoever stays, or is not on record."""
    return session.scalar(select(PersonRecord.left_on).where(PersonRecord.id == person))


def last_days(session: Session) -> dict[PersonId, date]:
    """The last day of everybody who leaves the company or has left it."""
    leaving = select(PersonRecord.id, PersonRecord.left_on).where(PersonRecord.left_on.is_not(None))
    return {person: left_on for person, left_on in session.execute(leaving) if left_on is not None}


def left_by(session: Session, now: datetime) -> dict[PersonId, date]:
    """Everybody who has left the company by this moment, and after which day."""
    leaving = select(PersonRecord.id, PersonRecord.time_zone, PersonRecord.left_on)
    rows = session.execute(leaving.where(PersonRecord.left_on.is_not(None)).order_by(PersonRecord.id))
    return {person: left_on for person, zone, left_on in rows if left_on is not None and has_left(zone, left_on, now)}


def parts_of(session: Session, person: PersonId) -> list[TheirParts]:
    """What somebody has in cases that run, by case, as far as these have told."""
    parts: dict[CaseId, list[Party]] = {}
    held = session.scalars(select(PartHolderRecord).where(PartHolderRecord.person == person)).all()
    for holder in sorted(held, key=lambda held: list(Party).index(Party(held.party))):
        parts.setdefault(holder.case_id, []).append(Party(holder.party))
    running = _running(session, parts)
    tasks: dict[CaseId, list[str]] = {}
    for task in _open_tasks(session, person):
        tasks.setdefault(task.case_id, []).append(task.task)
    return [
        TheirParts(case=case, parts=parts[case] if case in running else [], tasks=tasks.get(case, []))
        for case in sorted({*running, *tasks})
    ]


def alone_in_hr(session: Session, person: PersonId, successors: Mapping[Party, PersonId]) -> list[CaseId]:
    """The cases that run in which a successor who takes over HR's part, or its head's, has the other one already."""
    found: list[CaseId] = []
    for theirs in parts_of(session, person):
        for party in theirs.parts:
            other = OTHER_OF_HR.get(party)
            key = (theirs.case, other.value if other else "", successors.get(party, ""))
            if other is not None and session.get(PartHolderRecord, key) is not None:
                found.append(theirs.case)
    return found


def _running(session: Session, cases: Collection[CaseId]) -> set[CaseId]:
    named = [case.removeprefix(COHORT) for case in cases if case.startswith(COHORT)]
    running = select(CaseRecord.case_id).where(among(CaseRecord.case_id, cases), CaseRecord.stage != ENDED)
    cohorts = select(CohortRecord.cohort).where(among(CohortRecord.cohort, named), CohortRecord.stage != ENDED)
    return {*session.scalars(running), *map(cohort_case, session.scalars(cohorts))}


def _open_tasks(session: Session, person: PersonId) -> Iterable[TaskRecord]:
    return inbox(session, person)


def stands_in(session: Session, person: PersonId) -> list[str]:
    """Where else the records name somebody, so that new cases would: roles, trainings, certificates, as sentences."""
    found: list[str] = []
    for role in session.scalars(select(RoleRecord).order_by(RoleRecord.id)):
        parts = [party.spoken for party in Party if getattr(role, party.value, None) == person]
        found += [f"role {role.id}: {', '.join(parts)}"] if parts else []
    for training in session.scalars(select(TrainingRecord).order_by(TrainingRecord.id)):
        parts = [name for name in ("trainer", "supervisor", "reviewer") if getattr(training, name) == person]
        found += [f"training {training.id}: {', '.join(parts)}"] if parts else []
    examined = select(CertificateRecord.id).where(CertificateRecord.examiner == person).order_by(CertificateRecord.id)
    found += [f"certificate {certificate}: examiner" for certificate in session.scalars(examined)]
    below = select(PersonRecord.id).where(PersonRecord.manager == person).order_by(PersonRecord.id)
    managed = list(session.scalars(below))
    return [*found, *([f"manager of {', '.join(managed)}"] if managed else [])]


def departure(session: Session, person: PersonId) -> DepartureRecord | None:
    """How the departure of somebody stands, or stood last; none where there never was one."""
    return session.get(DepartureRecord, person)


OF_ROLES = (Party.MANAGER, Party.SECOND_MANAGER, Party.IT, Party.FACILITIES)
"""The parts of roles that a successor takes over. The others are duties beyond cases, which a departure grants nobody:
whoever is HR of a role, or owns its budget, HR imports."""


def hand_roles_over(session: Session, person: PersonId, leaving: Leaving) -> None:
    """Put those who take over into the roles that name whoever has left, so that new cases begin with them.

    Not who is unknown or leaves too, nor who would have two parts in a decision: these roles go on to be listed.
    """
    for role in session.scalars(select(RoleRecord)):
        for party in OF_ROLES:
            successor = leaving.successors.get(party, leaving.successor)
            if getattr(role, party.value) != person or successor is None:
                continue
            deciding = {getattr(role, other.value) for other in DECIDING if other is not party}
            if _stays(session, successor) and not (party in DECIDING and successor in deciding):
                setattr(role, party.value, successor)


def hand_people_over(session: Session, person: PersonId, leaving: Leaving) -> None:
    """Whoever takes over as manager is from now on, on record, the manager of those who reported to who has left.

    Not who is unknown or leaves too; nor of themselves, or of somebody above them, which would make a circle of
    managers: these go on to be listed.
    """
    successor = leaving.successors.get(Party.MANAGER, leaving.successor)
    if successor is None or not _stays(session, successor):
        return
    others = {successor, *above(session, successor)}
    for report in session.scalars(select(PersonRecord).where(PersonRecord.manager == person)):
        if report.id not in others:
            report.manager = successor


def _stays(session: Session, person: PersonId) -> bool:
    """Whether somebody is on record, and does not leave."""
    there = session.get(PersonRecord, person)
    return there is not None and there.left_on is None


def write_departure(session: Session, row: DepartureRow) -> datetime:
    """Put on record how a departure stands, and their last day with them; when that is over. Raises ``Unknown``.

    Once what they have is handed over, so are their parts of roles, and the people who report to them.
    """
    person = session.get(PersonRecord, row.person)
    if person is None:
        raise Unknown(f"no person {row.person} in the records; import people first")
    stays = row.stage in (DepartureStage.CALLED_OFF, DepartureStage.BACK)
    person.left_on = None if stays else row.leaving.last_day
    if row.stage in (DepartureStage.HANDING_OVER, DepartureStage.DONE):
        hand_roles_over(session, row.person, row.leaving)
        hand_people_over(session, row.person, row.leaving)
    values = row.leaving.model_dump(mode="json", include={"successor", "successors", "reason"})
    session.merge(
        DepartureRecord(
            person=row.person,
            at=row.at,
            last_day=row.leaving.last_day,
            stage=row.stage.value,
            declared_by=row.leaving.declared_by,
            looks=row.looks,
            handed=[thing.model_dump(mode="json") for thing in row.handed],
            **values,
        )
    )
    return day_is_over_at(person.time_zone, row.leaving.last_day)
