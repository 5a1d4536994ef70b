"""What payroll gets, and what it has had: which pay instructions are in which export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from domain.core.model import CaseId, Money, PersonId
from domain.placement.payroll import COLUMNS, PayLine
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


def not_exported(session: Session, first: date, last: date) -> list[PayLine]:
    """What was due from ``first`` to ``last``, both counted, and is in no export; by due day, case and number."""
    waiting = _not_exported().where(PayRecord.due_on >= first, PayRecord.due_on <= last)
    went = aliased(PayExportLineRecord)  # the line that is corrected: a correction is booked where that was
    cost_centre = case((went.n.is_not(None), went.cost_centre), else_=RoleRecord.cost_centre)
    found = session.execute(
        waiting.add_columns(
            CaseRecord.role, cost_centre.label("cost_centre"), PersonRecord.name, PersonRecord.payroll_number
        )
        .outerjoin(CaseRecord, CaseRecord.case_id == PayRecord.case_id)
        .outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
        .outerjoin(PersonRecord, PersonRecord.id == PayRecord.returner)
        .outerjoin(went, and_(went.case_id == PayRecord.case_id, went.n == PayRecord.corrects))
    )
    lines = (
        _line(
            row.PayRecord,
            role=row.role,
            cost_centre=row.cost_centre,
            name=row.name or "",
            payroll_number=row.payroll_number,
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
        n=n,
        at=at,
        by_person=by,
        first_day=first,
        last_day=last,
        lines=len(lines),
        columns=len(COLUMNS),
        digest=digest,
        written_at=None,
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
            payroll_number=line.payroll_number,
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
    lines = (
        _line(row, role=said.role, cost_centre=said.cost_centre, name=said.name, payroll_number=said.payroll_number)
        for row, said in found
    )
    return sorted(lines, key=_order)


def exports_of_case(session: Session, case_id: CaseId) -> dict[int, int]:
    """In which export each instruction of a case is, by number, as far as they are in any."""
    found = select(PayExportLineRecord.n, PayExportLineRecord.export).where(PayExportLineRecord.case_id == case_id)
    return {row.n: row.export for row in session.execute(found)}


def _not_exported() -> Select[PayRecord]:
    return select(PayRecord).outerjoin(PayExportLineRecord, _OF_LINE).where(PayExportLineRecord.export.is_(None))


def _line(
    record: PayRecord, *, role: str | None, cost_centre: str | None, name: str, payroll_number: str | None
) -> PayLine:
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
        payroll_number=payroll_number,
    )


def _order(line: PayLine) -> tuple[date, str, int]:
    """Sorted here: databases have orders of their own for texts."""
    return (line.due_on, line.case, line.n)
