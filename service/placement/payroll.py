"""Handing pay instructions to payroll: each one once, whoever exports at the same moment and whatever breaks off.

What an export takes is put on record first, in one transaction; its file is written from there, as often as need be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from domain.core.model import PersonId
from domain.placement.payroll import PayLine, PayTotal, csv_text, totals_of
from records.database import Database
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.placement import payroll as queries
from records.tables.payroll import PayExportRecord
from service.core.errors import Refused, Unfit, Unknown


@dataclass(frozen=True)
class Left:
    """What was due before the period and was never exported: since which day, and how many instructions."""

    since: date
    lines: int


@dataclass(frozen=True)
class PayExport:
    """An export as it is on record, with its lines.

    ``written_at`` is when its file was first written; none for not that we know.
    """

    n: int
    at: datetime
    by: PersonId
    first: date
    last: date
    lines: Sequence[PayLine]
    columns: int
    written_at: datetime | None

    @property
    def id(self) -> str:
        """What people call it, ``PAY-3``."""
        return queries.export_id(self.n)

    @property
    def text(self) -> str:
        """Its file, the same each time."""
        return csv_text(self.lines, self.columns)

    @property
    def totals(self) -> list[PayTotal]:
        """What its lines come to, by currency and cost centre."""
        return totals_of(self.lines)


@dataclass(frozen=True)
class Exported:
    """What came of asking for an export: the one that was made (none: there was nothing new), and what HR should know.

    ``not_written`` are earlier exports whose files nobody is known to have got.
    """

    made: PayExport | None
    left: Left | None
    not_written: Sequence[str]


def export_pay(database: Database, first: date, last: date, by: PersonId) -> Exported:
    """Take what was due from ``first`` to ``last``, both counted, and is in no export yet, into a new one.

    Its file is written afterwards: see :func:`hand_over`. Raises ``Unfit`` for days in the wrong order, ``Unknown``
    for somebody who is not on record, and ``Refused`` for who may not export.
    """
    if first > last:
        raise Unfit.at("last", f"must not be before {first}, the first day, and is {last}")
    with database.session() as session:
        queries.have_lock(session)
        _check_may(session, by)
        lines = queries.not_exported(session, first, last)
        _check_not_own(lines, by)
        earlier = queries.first_not_exported_before(session, first)
        not_written = [queries.export_id(export.n) for export in queries.exports(session) if export.written_at is None]
        made = None
        if lines:
            digest, now = _digest(csv_text(lines)), datetime.now(UTC)
            made = _export(queries.claim(session, lines, at=now, by=by, first=first, last=last, digest=digest), lines)
    return Exported(made, Left(*earlier) if earlier else None, not_written)


def pay_export_again(database: Database, export: str, by: PersonId) -> PayExport:
    """An export that was made before, its file the same to the byte.

    Raises ``Unknown`` for none, and ``Refused`` for who may not export, as :func:`export_pay` does, and where the
    records don't say any more what it was made of.
    """
    if not (number := re.fullmatch(r"PAY-([0-9]{1,9})", export)):
        raise Unknown(f"there is no export {export}: they are called PAY-1 and so on")
    with database.reading() as session:
        _check_may(session, by)
        record = queries.export(session, int(number[1]))
        made = _export(record, queries.lines_of(session, record.n))
    _check_not_own(made.lines, by)
    if _digest(made.text) != record.digest:
        raise Refused(
            f"{export} can't be made again as it was: what the records say of its lines was changed since; whether pay "
            "instructions were, the check of all seals tells",
            "conflict",
        )
    return made


def hand_over(database: Database, made: PayExport, write: Callable[[str], None]) -> None:
    """Write an export's file, and note that it was written. Where ``write`` raises an error, nothing is noted.

    ``write`` returns once all of it is out of our hands: written to the disk, or taken by whoever reads.
    """
    write(made.text)
    with database.session() as session:
        export = queries.export(session, made.n)
        export.written_at = export.written_at or datetime.now(UTC)


def exports_of_pay(database: Database) -> list[PayExport]:
    """All exports, the first one first."""
    with database.reading() as session:
        return [_export(record, queries.lines_of(session, record.n)) for record in queries.exports(session)]


def _check_may(session: Session, by: PersonId) -> None:
    in_records.person(session, by)
    if not in_access.hr_of(session, by):
        raise Refused(f"{by} can't export pay: it is for HR and heads of HR of roles", "forbidden")


def _check_not_own(lines: Sequence[PayLine], by: PersonId) -> None:
    if any(line.returner == by for line in lines):
        raise Refused(f"{by} can't export pay of their own: somebody else of HR has to", "forbidden")


def _export(record: PayExportRecord, lines: Sequence[PayLine]) -> PayExport:
    return PayExport(
        n=record.n,
        at=record.at,
        by=record.by_person,
        first=record.first_day,
        last=record.last_day,
        lines=lines,
        columns=record.columns,
        written_at=record.written_at,
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
