"""People and roles: as they stand in the tables, and as the domain knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.core.model import Money, PersonId, RoleId
from domain.core.people import Application, Person, Role
from domain.core.working_pattern import WorkingPattern, read_patterns
from records.among import among
from records.tables.core import PersonRecord, RoleRecord


class Unknown(LookupError):
    """The records hold nothing of that id; the text names it and says what to do."""


class UnknownOfMany(Unknown):
    """There is nothing of that name, and so much else that only the first of it are named."""


def person(session: Session, person_id: PersonId) -> Person:
    """A person. Raises :class:`Unknown`."""
    record = session.get(PersonRecord, person_id)
    if record is None:
        raise Unknown(f"no person {person_id} in the records; import people first")
    return _person(record)


def people(session: Session) -> list[Person]:
    """Everybody, by id."""
    return [_person(record) for record in session.scalars(select(PersonRecord).order_by(PersonRecord.id))]


class Profile(NamedTuple):
    """What a matching looks at of somebody."""

    id: PersonId
    time_zone: str
    languages: list[str]
    skills: list[str]
    preferences: list[str]


def mentors(session: Session) -> list[Profile]:
    """Everybody who offers to be a mentor and does not leave the company, by id.

    Without the rest of them, and not checked again: each search reads all of these.
    """
    columns = (getattr(PersonRecord, field) for field in Profile._fields)
    offering = select(*columns).where(PersonRecord.mentor, PersonRecord.left_on.is_(None)).order_by(PersonRecord.id)
    rows = session.execute(offering)
    return [Profile(*row) for row in rows]


def above(session: Session, person_id: PersonId) -> set[PersonId]:
    """All managers above a person, by the records."""
    return _line(session, person_id, PersonRecord.manager, PersonRecord.id)


def below(session: Session, person_id: PersonId) -> set[PersonId]:
    """All whom a person is above, by the records."""
    return _line(session, person_id, PersonRecord.id, PersonRecord.manager)


def _line(
    session: Session, person_id: PersonId, wanted: InstrumentedAttribute[Any], known: InstrumentedAttribute[Any]
) -> set[PersonId]:
    """Who is reached from a person, one step after the other, even where managers run in a circle."""
    line = select(wanted.label("id")).where(known == person_id).cte(recursive=True)
    line = line.union(select(wanted).join(line, known == line.c.id))
    return set(session.scalars(select(line.c.id).where(line.c.id.is_not(None)))) - {person_id}


def working_pattern(session: Session, person_id: PersonId) -> list[WorkingPattern]:
    """What somebody works; none, as of a stranger: full time."""
    texts = session.scalar(select(PersonRecord.working_pattern).where(PersonRecord.id == person_id))
    return _patterns(texts)


def _patterns(texts: list[str] | None) -> list[WorkingPattern]:
    return [pattern for text in texts or [] for pattern in read_patterns(text)]


def names(session: Session, ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """The names of those of these people whom the records know."""
    known = select(PersonRecord.id, PersonRecord.name).where(among(PersonRecord.id, ids))
    return {record.id: record.name for record in session.execute(known)}


def managers_above(managers: Mapping[PersonId, PersonId | None], person_id: PersonId) -> list[PersonId]:
    """All managers above a person, the nearest first; each once, even if they run in a circle."""
    line: list[PersonId] = []
    above = managers.get(person_id)
    while above is not None and above != person_id and above not in line:
        line.append(above)
        above = managers.get(above)
    return line


def role(session: Session, role_id: RoleId) -> Role:
    """A role. Raises :class:`Unknown`."""
    record = session.get(RoleRecord, role_id)
    if record is None:
        raise Unknown(f"no role {role_id} in the records; import roles first")
    return _role(record)


def roles(session: Session) -> list[Role]:
    """All roles, by id."""
    return [_role(record) for record in session.scalars(select(RoleRecord).order_by(RoleRecord.id))]


def _person(record: PersonRecord) -> Person:
    application = None
    if record.break_months is not None and record.experience_years is not None:
        application = Application(
            break_months=record.break_months,
            underemployed=bool(record.underemployed),
            experience_years=record.experience_years,
        )
    return Person(
        id=record.id,
        name=record.name,
        email=record.email,
        private_email=record.private_email,
        time_zone=record.time_zone,
        country=record.country,
        languages=record.languages,
        skills=record.skills,
        preferences=record.preferences,
        manager=record.manager,
        mentor=record.mentor,
        application=application,
        working_pattern=_patterns(record.working_pattern) or None,
        mail_choice="daily" if record.mail_choice == "daily" else "each",
        payroll_number=record.payroll_number,
    )


def _role(record: RoleRecord) -> Role:
    return Role(
        id=record.id,
        title=record.title,
        country=record.country,
        time_zone=record.time_zone,
        skills=record.skills,
        stipend=Money(amount=record.stipend_amount, currency=record.stipend_currency),
        salary=Money(amount=record.salary_amount, currency=record.salary_currency),
        manager=record.manager,
        second_manager=record.second_manager,
        budget_owner=record.budget_owner,
        hr=record.hr,
        hr_lead=record.hr_lead,
        it=record.it,
        facilities=record.facilities,
        headcount=record.headcount,
        cost_centre=record.cost_centre,
    )
