"""Questions to the HR database. Each takes the session of a transaction, most often a reading one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from domain.model import CaseId, Fixed, Money, PersonId, RoleId
from domain.people import Application, Person, Role
from domain.tasks import TaskState
from records import found
from records.tables import (
    AttemptRecord,
    Base,
    CaseRecord,
    DecisionRecord,
    MailRecord,
    MentorshipRecord,
    PayRecord,
    PersonRecord,
    RoleRecord,
    StageRecord,
    TaskRecord,
)

Found = TypeVar("Found", bound=Fixed)


class Unknown(LookupError):
    """There is nothing of that id; the message names it and says what to do."""


# People and roles


def person(session: Session, person_id: PersonId) -> Person:
    """Somebody HR has imported. Raises :class:`Unknown`."""
    record = session.get(PersonRecord, person_id)
    if record is None:
        raise Unknown(f"no person {person_id} in the records; import people first")
    return as_person(record)


def people(session: Session) -> list[Person]:
    """Everybody, by id."""
    return [as_person(record) for record in session.scalars(select(PersonRecord).order_by(PersonRecord.id))]


def names(session: Session, ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """The names of people; who is not in the records is not in the answer either."""
    wanted = select(PersonRecord.id, PersonRecord.name).where(PersonRecord.id.in_(set(ids)))
    return {person_id: name for person_id, name in session.execute(wanted)}


def role(session: Session, role_id: RoleId) -> Role:
    """A role somebody can be placed in. Raises :class:`Unknown`."""
    record = session.get(RoleRecord, role_id)
    if record is None:
        raise Unknown(f"no role {role_id} in the records; import roles first")
    return as_role(record)


def roles(session: Session) -> list[Role]:
    """All roles, by id."""
    return [as_role(record) for record in session.scalars(select(RoleRecord).order_by(RoleRecord.id))]


def line_above(session: Session, person_id: PersonId) -> list[PersonId]:
    """The person's manager, that one's manager, and so on, as far as the records know."""
    managers = dict(session.execute(select(PersonRecord.id, PersonRecord.manager)).tuples())
    return climb(managers, person_id)


def climb(managers: dict[str, str | None], person_id: PersonId) -> list[PersonId]:
    """All above a person in ``managers`` (person to manager), nearest first; each once, even if it runs in a circle."""
    line: list[PersonId] = []
    above = managers.get(person_id)
    while above is not None and above != person_id and above not in line:
        line.append(above)
        above = managers.get(above)
    return line


# Cases


def case_of_task(task_id: str) -> CaseId:
    """The case a task belongs to, which its id tells (``<case>-<n>``). Raises :class:`Unknown`."""
    case, _, n = task_id.rpartition("-")
    if not case or not n.isascii() or not n.isdigit():
        raise Unknown(f"{task_id} is not the id of a task; those look like R-7F3K2M-DATA1-4")
    return case


def case(session: Session, case_id: CaseId) -> found.Case:
    """Where one case stands. Raises :class:`Unknown`."""
    record = session.get(CaseRecord, case_id)
    if record is None:
        raise Unknown(f"no case {case_id} in the records; it may have been started a moment ago, or never")
    return _as(found.Case, record)


def cases(
    session: Session,
    *,
    programme: str | None = None,
    stage: str | None = None,
    cohort: str | None = None,
    role: RoleId | None = None,
    returner: PersonId | None = None,
    mentor: PersonId | None = None,
    at_risk: bool | None = None,
    ended: bool | None = None,
) -> list[found.Case]:
    """Where all cases stand to which the given conditions apply, by id. ``ended`` ones have an outcome."""
    equal = {
        CaseRecord.programme: programme,
        CaseRecord.stage: stage,
        CaseRecord.cohort: cohort,
        CaseRecord.role: role,
        CaseRecord.returner: returner,
        CaseRecord.mentor: mentor,
    }
    query = select(CaseRecord).where(*(column == value for column, value in equal.items() if value is not None))
    if ended is not None:
        query = query.where(CaseRecord.outcome.is_not(None) if ended else CaseRecord.outcome.is_(None))
    standing = _all(session, query.order_by(CaseRecord.case_id), found.Case)
    return [one for one in standing if at_risk is None or bool(one.at_risk) is at_risk]


def inbox(session: Session, person: PersonId | None = None, case: CaseId | None = None) -> list[found.Task]:
    """Open tasks, the soonest due first: those ``person`` may act on, those of ``case``, or all there are."""
    query = select(TaskRecord).where(TaskRecord.state == TaskState.OPEN.value)
    if case is not None:
        query = query.where(TaskRecord.case_id == case)
    if person is not None:
        query = query.where(cast(TaskRecord.people, Text).contains(f'"{person}"', autoescape=True))
    return _all(session, query.order_by(TaskRecord.due_at, TaskRecord.task), found.Task)


def tasks(session: Session, case: CaseId) -> list[found.Task]:
    """All tasks of a case, open or closed, in the order they were opened."""
    query = select(TaskRecord).where(TaskRecord.case_id == case)
    return _all(session, query.order_by(TaskRecord.opened_at, TaskRecord.task), found.Task)


def task(session: Session, task_id: str) -> found.Task:
    """One task. Raises :class:`Unknown`."""
    record = session.get(TaskRecord, task_id)
    if record is None:
        raise Unknown(f"no task {task_id} in the records")
    return _as(found.Task, record)


def stages(session: Session, case: CaseId) -> list[found.Stage]:
    """The stages a case went through, in order."""
    return _all(session, _of(StageRecord, case), found.Stage)


def decisions(session: Session, case: CaseId) -> list[found.Decision]:
    """The decisions of a case, in order; :func:`records.journal.verify_decisions` checks their seals."""
    return _all(session, _of(DecisionRecord, case), found.Decision)


def pay_instructions(session: Session, case: CaseId) -> list[found.PayInstruction]:
    """What is to be paid in a case, in order."""
    return _all(session, _of(PayRecord, case), found.PayInstruction)


def mentorships(session: Session, case: CaseId) -> list[found.Mentorship]:
    """Everybody who was asked to mentor in a case, in order."""
    return _all(session, _of(MentorshipRecord, case), found.Mentorship)


def attempts(session: Session, case: CaseId) -> list[found.Attempt]:
    """What the separation of duties kept people from in a case, in order."""
    return _all(session, _of(AttemptRecord, case), found.Attempt)


def mails(session: Session, case: CaseId) -> list[found.Mail]:
    """The mails of a case, in the order they were sent."""
    query = select(MailRecord).where(MailRecord.case_id == case)
    return _all(session, query.order_by(MailRecord.sent_at, MailRecord.message_id), found.Mail)


# From rows to models


def as_person(record: PersonRecord) -> Person:
    """The person of a row."""
    values = _values(record)
    break_months, experience_years = values.pop("break_months"), values.pop("experience_years")
    underemployed = values.pop("underemployed")
    if break_months is not None and experience_years is not None:
        values["application"] = Application(
            break_months=break_months, underemployed=bool(underemployed), experience_years=experience_years
        )
    return Person(**values)


def as_role(record: RoleRecord) -> Role:
    """The role of a row."""
    values = _values(record)
    for money in ("stipend", "salary"):
        values[money] = Money(amount=values.pop(f"{money}_amount"), currency=values.pop(f"{money}_currency"))
    return Role(**values)


COLUMNS = {"case_id": "case", "by_person": "by", "first_day": "first", "last_day": "last"}
"""Columns whose names differ from those of the models."""


def _as(model: type[Found], record: Base) -> Found:
    values = {COLUMNS.get(column, column): value for column, value in _values(record).items()}
    if isinstance(record, TaskRecord):
        values["allowed"] = timedelta(seconds=values.pop("allowed_seconds"))
    if isinstance(record, PayRecord):
        values["amount"] = Money(amount=values.pop("amount"), currency=values.pop("currency"))
    if isinstance(record, MentorshipRecord):
        values["reasons"] = values["reasons"] or []
    return model(**{name: value for name, value in values.items() if name in model.model_fields})


def _all(session: Session, query: Select[Any], model: type[Found]) -> list[Found]:
    return [_as(model, record) for record in session.scalars(query)]


def _of(
    table: type[StageRecord] | type[DecisionRecord] | type[PayRecord] | type[MentorshipRecord] | type[AttemptRecord],
    case: CaseId,
) -> Select[Any]:
    return select(table).where(table.case_id == case).order_by(table.n)


def _values(record: Base) -> dict[str, Any]:
    return {column.key: getattr(record, column.key) for column in record.__table__.columns}
