"""What payroll gets, and what it has had: which pay instructions are in which export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, Money, PersonId
from domain.placement.payroll import PayLine
from records.database import lock
from records.queries.core.people import Unknown
from records.tables.core import CaseRecord, PersonRecord, RoleRecord
from records.tables.payroll import PayExportLineRecord, PayExportRecord
from records.tables.placement import PayRecord

LOCK = "pay export"
"""Whoever makes an export holds it, so that none is made of what another one is just taking."""

_OF_LINE = and_(PayExportLineRecord.case_id == PayRecord.case_id, PayExportLineRecord.n == PayRecord.n)


def export_id(n: int) -> str:
    """What people call the ``n``-th export."""
    return f"PAY-{n}"


def hr_of_any_role(session: Session, person: PersonId) -> bool:
    """Whether somebody is HR or head of HR of a role."""
    theirs = select(RoleRecord.id).where(or_(RoleRecord.hr == person, RoleRecord.hr_lead == person))
    return session.scalar(theirs.limit(1)) is not None


def not_exported(session: Session, first: date, last: date) -> list[PayLine]:
    """What was due from ``first`` to ``last``, both counted, and is in no export; by due day, case and number."""
    waiting = _not_exported().where(PayRecord.due_on >= first, PayRecord.due_on <= last)
    found = session.execute(
        waiting.add_columns(CaseRecord.role, RoleRecord.cost_centre, PersonRecord.name)
        .outerjoin(CaseRecord, CaseRecord.case_id == PayRecord.case_id)
        .outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
        .outerjoin(PersonRecord, PersonRecord.id == PayRecord.returner)
    ).all()
    booked = _cost_centres_of_corrected(session, [row.PayRecord for row in found])
    lines = (
        _line(
            row.PayRecord,
            role=row.role,
            cost_centre=booked.get((row.PayRecord.case_id, row.PayRecord.corrects), row.cost_centre),
            name=row.name or "",
        )
        for row in found
    )
    return sorted(lines, key=_order)


def first_not_exported_before(session: Session, day: date) -> tuple[date, int] | None:
    """Of what was due before a day and is in no export: the first due day, and how many there are; none for nothing."""
    earlier = _not_exported().where(PayRecord.due_on < day).with_only_columns(func.min(PayRecord.due_on), func.count())
    first, many = session.execute(earlier).one()
    return (first, many) if many else None


def claim(
    session: Session, lines: Sequence[PayLine], *, at: datetime, by: PersonId, first: date, last: date, digest: str
) -> PayExportRecord:
    """Put an export on record, with its lines. The lock is held since before they were looked up."""
    n = (session.scalar(select(func.max(PayExportRecord.n))) or 0) + 1
    export = PayExportRecord(
        n=n, at=at, by_person=by, first_day=first, last_day=last, lines=len(lines), digest=digest, written_at=None
    )
    session.add(export)
    session.flush()
    session.add_all(
        PayExportLineRecord(
            case_id=line.case,
            n=line.n,
            export=n,
            role=line.role,
            cost_centre=line.cost_centre,
            name=line.name,
        )
        for line in lines
    )
    session.flush()
    return export


def have_lock(session: Session) -> None:
    """Hold the lock of exports until this transaction is over."""
    lock(session, LOCK)


def export(session: Session, n: int) -> PayExportRecord:
    """An export. Raises :class:`Unknown`."""
    found = session.get(PayExportRecord, n)
    if found is None:
        raise Unknown(f"there is no export {export_id(n)}")
    return found


def exports(session: Session) -> Sequence[PayExportRecord]:
    """All exports, the first one first."""
    return session.scalars(select(PayExportRecord).order_by(PayExportRecord.n)).all()


def lines_of(session: Session, n: int) -> list[PayLine]:
    """The lines of an export as they were exported, in their order."""
    found = session.execute(
        select(PayRecord, PayExportLineRecord)
        .join(PayExportLineRecord, _OF_LINE)
        .where(PayExportLineRecord.export == n)
    )
    lines = (_line(row, role=said.role, cost_centre=said.cost_centre, name=said.name) for row, said in found)
    return sorted(lines, key=_order)


def exports_of_case(session: Session, case: CaseId) -> dict[int, int]:
    """In which export each instruction of a case is, by number, as far as they are in any."""
    found = select(PayExportLineRecord.n, PayExportLineRecord.export).where(PayExportLineRecord.case_id == case)
    return {row.n: row.export for row in session.execute(found)}


def _not_exported() -> Select[PayRecord]:
    return select(PayRecord).outerjoin(PayExportLineRecord, _OF_LINE).where(PayExportLineRecord.export.is_(None))


def _cost_centres_of_corrected(
    session: Session, records: Iterable[PayRecord]
) -> dict[tuple[CaseId, int | None], str | None]:
    """The cost centres that what is corrected was exported with: a correction goes where that went."""
    cases = {record.case_id for record in records if record.corrects is not None}
    if not cases:
        return {}
    corrected = (
        select(PayExportLineRecord)
        .join(
            PayRecord,
            and_(PayRecord.case_id == PayExportLineRecord.case_id, PayRecord.corrects == PayExportLineRecord.n),
        )
        .distinct()
    )
    return {(line.case_id, line.n): line.cost_centre for line in session.scalars(corrected) if line.case_id in cases}


def _line(record: PayRecord, *, role: str | None, cost_centre: str | None, name: str) -> PayLine:
    return PayLine(
        case=record.case_id,
        n=record.n,
        corrects=record.corrects,
        returner=record.returner,
        name=name,
        role=role,
        cost_centre=cost_centre,
        first=record.first_day,
        last=record.last_day,
        days=record.days,
        amount=Money(amount=record.amount, currency=record.currency),
        due_on=record.due_on,
    )


def _order(line: PayLine) -> tuple[date, str, int]:
    """Sorted here: databases have orders of their own for texts."""
    return (line.due_on, line.case, line.n)
