"""The table of cohorts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class CohortRecord(Base):
    """A cohort as it is now. Of its ``participants``, ``matched`` have a mentor and ``ended`` are through."""

    __tablename__ = "cohorts"

    cohort: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    title: Mapped[str]
    policy: Mapped[str]
    led_by: Mapped[str]
    stage: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    time_zone: Mapped[str | None]
    participants: Mapped[int]
    matched: Mapped[int]
    ended: Mapped[int]
    paused: Mapped[bool]
    at_risk: Mapped[list[str]]
