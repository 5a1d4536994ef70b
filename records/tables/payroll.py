"""The tables of what was handed to payroll."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class PayExportRecord(Base):
    """The ``n``-th export, of what was due from ``first_day`` to ``last_day``; it has so many ``lines``.

    Its file has the first so many ``columns`` of those there are: it stays what it was when one comes to them.
    ``digest`` is the SHA-256 of its file, in hexadecimal digits; ``written_at`` is when that was first handed over
    (none: not that we know).
    """

    __tablename__ = "pay_exports"

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by_person: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    lines: Mapped[int]
    columns: Mapped[int] = mapped_column(server_default="14")
    digest: Mapped[str]
    written_at: Mapped[datetime | None]


class PayExportLineRecord(Base):
    """A pay instruction and the one export it is in, with what the records said of it then.

    The key is that of the instruction: nothing is in two exports.
    """

    __tablename__ = "pay_export_lines"
    __table_args__ = (Index(None, "export"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    export: Mapped[int] = mapped_column(ForeignKey("pay_exports.n"))
    role: Mapped[str | None]
    cost_centre: Mapped[str | None]
    name: Mapped[str]
    payroll_number: Mapped[str | None]
