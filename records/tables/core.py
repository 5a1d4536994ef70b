"""The tables that all subjects share: people, roles, and what every case writes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from domain.core.called import spellings
from domain.core.languages import read_by
from records.tables.base import Base


def _person() -> Any:
    """A reference that is checked when the transaction ends, so that an import may come in any order."""
    return mapped_column(ForeignKey("people.id", deferrable=True, initially="DEFERRED"))


class PersonRecord(Base):
    """Somebody HR has imported. The months and years are of the application, all empty without one.

    ``left_on`` is the last day of somebody who leaves the company, or has left it; no import touches it.
    ``mail_choice`` is ``each``, or ``daily`` for one mail a day, chosen at ``daily_since``. ``language_choice`` is the
    language they have chosen themselves, which no import touches either; none: the first of their ``languages`` that
    there is.
    """

    __tablename__ = "people"
    __table_args__ = (Index(None, "manager"), Index(None, "payroll_number", unique=True))

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    private_email: Mapped[str | None]
    time_zone: Mapped[str]
    country: Mapped[str]
    languages: Mapped[list[str]]
    skills: Mapped[list[str]]
    preferences: Mapped[list[str]]
    manager: Mapped[str | None] = _person()
    mentor: Mapped[bool]
    break_months: Mapped[int | None]
    underemployed: Mapped[bool | None]
    experience_years: Mapped[int | None]
    working_pattern: Mapped[list[str] | None]
    """As people write them (:mod:`domain.core.working_pattern`), each from its day on; none: full time."""
    left_on: Mapped[date | None]
    mail_choice: Mapped[str] = mapped_column(default="each", server_default="each")
    payroll_number: Mapped[str | None]
    daily_since: Mapped[datetime | None]
    language_choice: Mapped[str | None]
    spellings: Mapped[str | None]
    """How the name is spelled by those who look for it (:mod:`domain.core.called`), a line each: made of the name
    whenever that is set."""

    @validates("name")
    def _spell(self, _: str, name: str) -> str:
        self.spellings = "\n".join(spellings(name))
        return name

    @property
    def reads(self) -> str:
        """The language that they are written to in, and read pages in."""
        return read_by(filter(None, [self.language_choice, *self.languages]))


class RoleRecord(Base):
    """A role somebody can be placed in. ``stipend`` is for a month, ``salary`` for a year."""

    __tablename__ = "roles"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    skills: Mapped[list[str]]
    stipend_amount: Mapped[Decimal]
    stipend_currency: Mapped[str]
    salary_amount: Mapped[Decimal]
    salary_currency: Mapped[str]
    manager: Mapped[str] = _person()
    second_manager: Mapped[str] = _person()
    budget_owner: Mapped[str] = _person()
    hr: Mapped[str] = _person()
    hr_lead: Mapped[str] = _person()
    it: Mapped[str] = _person()
    facilities: Mapped[str] = _person()
    headcount: Mapped[str | None]
    cost_centre: Mapped[str | None]


class ProtectedRecord(Base):
    """A protected characteristic that came with an import. For monitoring in aggregate only; no decision reads it."""

    __tablename__ = "protected"

    person: Mapped[str] = mapped_column(
        ForeignKey("people.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    characteristic: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CaseRecord(Base):
    """A case as it is now."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "stage"),
        Index(None, "role"),
        Index(None, "person"),
        Index(None, "programme", "stage"),
        Index(None, "cohort"),
        Index(None, "told_at"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    programme: Mapped[str]
    person: Mapped[str]
    role: Mapped[str]
    cohort: Mapped[str | None]
    policy: Mapped[str]
    stage: Mapped[str]
    stage_since: Mapped[datetime]
    week: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    time_zone: Mapped[str | None]
    mentor: Mapped[str | None]
    paused: Mapped[bool]
    at_risk: Mapped[list[str]]
    outcome: Mapped[str | None]
    planned_starts_on: Mapped[date | None]
    """The first and the last day of a placement as they were planned at first."""
    planned_ends_on: Mapped[date | None]
    left_on: Mapped[date | None]
    """The last day of somebody who has left a placement early."""
    told_at: Mapped[datetime | None]
    """The latest instant that the case has told of: its clock, which runs ahead at a fast pace, shows it at least."""


class PartsRecord(Base):
    """Who plays which part in a case now: the ids of people by part."""

    __tablename__ = "parts"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    parts: Mapped[dict[str, Any]]


class DepartureRecord(Base):
    """Somebody leaves the company: what was declared, and how far the hand-over has come.

    ``handed`` is what has become of each thing they had, in order.
    """

    __tablename__ = "departures"

    person: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    last_day: Mapped[date]
    stage: Mapped[str]
    declared_by: Mapped[str]
    reason: Mapped[str | None]
    successor: Mapped[str | None]
    successors: Mapped[dict[str, Any]]
    looks: Mapped[int]
    handed: Mapped[list[dict[str, Any]]]


class StageRecord(Base):
    """A case entered a stage. ``arrived`` counts in which order all stages of all cases were written here."""

    __tablename__ = "stages"
    __table_args__ = (Index(None, "arrived"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    stage: Mapped[str]
    arrived: Mapped[int] = mapped_column(server_default="0")


class TaskRecord(Base):
    """A task as it is now. ``people`` may act on it now; ``allowed_seconds`` is the time it was given.

    That one is for whoever evaluates the table by themselves; nothing here reads it. ``not_theirs`` are those who say
    that it is not theirs; ``reopens`` is the answered task that this one asks once more. ``may_waive`` are those who
    may say why there is no answer, ``kept_from`` those of the people whom the separation of duties keeps from it.
    """

    __tablename__ = "tasks"
    __table_args__ = (Index(None, "case_id", "state", "at"), Index(None, "state", "due_at", "kind", "case_id"))

    task: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    at: Mapped[datetime]
    position: Mapped[int | None]
    kind: Mapped[str]
    subject: Mapped[str]
    party: Mapped[str]
    assignee: Mapped[str]
    people: Mapped[list[str]]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    allowed_seconds: Mapped[float]
    state: Mapped[str]
    closed_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any] | None]
    not_theirs: Mapped[list[str] | None]
    reopens: Mapped[str | None]
    may_waive: Mapped[list[str] | None]
    kept_from: Mapped[list[str] | None]


class DecisionRecord(Base):
    """A decision about a person. ``previous_seal`` is of the case's decision before it; see :mod:`records.seals`."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "what", "at"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str]
    decided: Mapped[str]
    by_person: Mapped[str | None]
    policy: Mapped[str]
    reason: Mapped[str | None]
    evidence: Mapped[dict[str, Any]]
    previous_seal: Mapped[str]
    seal: Mapped[str]


class AttemptRecord(Base):
    """Somebody tried what the separation of duties forbids."""

    __tablename__ = "attempts"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_person: Mapped[str]
    task: Mapped[str]
    sentence: Mapped[str]


class SealRecord(Base):
    """The ``n``-th seal of all: of row number ``row`` of a case, of a kind. See :mod:`records.seals`.

    ``digest`` is over the row alone, ``seal`` over that and the seal before (``previous``), both by the key whose name
    is ``key``.
    """

    __tablename__ = "seals"
    __table_args__ = (Index(None, "case_id", "kind", "row", unique=True),)

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[str]
    kind: Mapped[str]
    row: Mapped[int]
    key: Mapped[str]
    digest: Mapped[str]
    previous: Mapped[str]
    seal: Mapped[str]
