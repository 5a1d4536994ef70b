"""The tables of learning: profiles, the catalogue, levels, and the trainings of paths."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base
from records.types import Amount, Hundredths


class ProfileRecord(Base):
    """What a role asks for; its skills stand in their own table."""

    __tablename__ = "role_profiles"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    source: Mapped[str]


class ProfileSkillRecord(Base):
    """A skill that a profile asks for."""

    __tablename__ = "profile_skills"

    profile: Mapped[str] = mapped_column(ForeignKey("role_profiles.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[Decimal] = mapped_column(Hundredths)
    importance: Mapped[Decimal] = mapped_column(Hundredths)
    mandatory: Mapped[bool]


class TrainingRecord(Base):
    """A training of the catalogue. ``leads_to`` and ``sessions`` are the JSON of the domain's."""

    __tablename__ = "trainings"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    leads_to: Mapped[dict[str, Any]]
    hours: Mapped[int]
    cost_amount: Mapped[Decimal] = mapped_column(Amount)
    cost_currency: Mapped[str]
    requires: Mapped[list[str]]
    sessions: Mapped[list[dict[str, Any]]]
    trainer: Mapped[str | None]
    activity: Mapped[str | None]
    move_on: Mapped[str]
    supervisor: Mapped[str | None]
    reviewer: Mapped[str | None]


class CertificateRecord(Base):
    """A certificate that can be earned."""

    __tablename__ = "certificates"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str]
    criteria: Mapped[str]
    profile: Mapped[str]
    examiner: Mapped[str]


class LevelRecord(Base):
    """The level of a skill that somebody was found to have on a day. ``case_id`` is of the case it was found in."""

    __tablename__ = "skill_levels"

    person: Mapped[str] = mapped_column(primary_key=True)
    skill: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    found_on: Mapped[date] = mapped_column(primary_key=True)
    level: Mapped[Decimal] = mapped_column(Hundredths)
    by_person: Mapped[str]
    case_id: Mapped[str | None]


class LearningHoursRecord(Base):
    """Hours that were spent on the ``n``-th training of a path on a day, by ``source``; ``key`` is unique in the path.

    Those that don't count are outweighed by what others have seen.
    """

    __tablename__ = "learning_hours"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    n: Mapped[int]
    training: Mapped[str]
    source: Mapped[str]
    on_day: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Hundredths)
    counts: Mapped[bool]


class LearningRecord(Base):
    """One training of a path as it is now. ``n`` counts the trainings a path ever had."""

    __tablename__ = "learning"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    position: Mapped[int | None]
    training: Mapped[str]
    kind: Mapped[str]
    round: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int]
    hours: Mapped[int]
    cost_amount: Mapped[Decimal] = mapped_column(Amount)
    cost_currency: Mapped[str]
    reason: Mapped[str | None]
