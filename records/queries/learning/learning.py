"""What roles ask for, what can be learned, and which levels people have: as the tables hold it, as the domain knows it.

Each question takes the session of a transaction, most often a reading one.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.model import CertificateId, Fixed, Money, PersonId, TrainingId
from domain.core.people import Skill
from domain.core.skills import ProfileId, RequiredSkill, RoleProfile, SkillLevel, Source, TrainingKind
from domain.learning.catalogue import Catalogue, Certificate, MoveOn, Training, WorkshopSession
from domain.learning.enrolment import EnrolmentState
from records.queries.core.people import Unknown
from records.tables.core import CaseRecord
from records.tables.learning import (
    CertificateRecord,
    LearningRecord,
    LevelRecord,
    ProfileRecord,
    ProfileSkillRecord,
    TrainingRecord,
)


class UnknownProfile(Unknown):
    """There is no such profile."""


class ProfileLine(Fixed):
    """A profile in a list: where it was imported from (``own``, ``onet`` or ``esco``), how many skills it names."""

    id: ProfileId
    title: str
    source: str
    skills: int


def profile(session: Session, profile_id: ProfileId) -> RoleProfile:
    """What a role asks for, its skills in the order of the alphabet. Raises :class:`Unknown`."""
    record = session.get(ProfileRecord, profile_id)
    if record is None:
        raise UnknownProfile(f"no profile {profile_id} in the records; import profiles first")
    skills = session.scalars(
        select(ProfileSkillRecord).where(ProfileSkillRecord.profile == profile_id).order_by(ProfileSkillRecord.skill)
    )
    return _profile(record, skills)


def profiles(session: Session) -> list[ProfileLine]:
    """All profiles, by id."""
    counted = (
        select(ProfileRecord.id, ProfileRecord.title, ProfileRecord.source, func.count(ProfileSkillRecord.skill))
        .outerjoin(ProfileSkillRecord, ProfileSkillRecord.profile == ProfileRecord.id)
        .group_by(ProfileRecord.id, ProfileRecord.title, ProfileRecord.source)
        .order_by(ProfileRecord.id)
    )
    return [
        ProfileLine(id=profile_id, title=title, source=source, skills=skills)
        for profile_id, title, source, skills in session.execute(counted)
    ]


def catalogue(session: Session) -> Catalogue:
    """All trainings and certificates on offer, each by id."""
    return Catalogue(
        trainings=[_training(record) for record in session.scalars(select(TrainingRecord).order_by(TrainingRecord.id))],
        certificates=[
            _certificate(record) for record in session.scalars(select(CertificateRecord).order_by(CertificateRecord.id))
        ],
    )


def certificate(session: Session, certificate_id: CertificateId) -> Certificate:
    """A certificate that can be earned. Raises :class:`Unknown`."""
    record = session.get(CertificateRecord, certificate_id)
    if record is None:
        raise Unknown(f"no certificate {certificate_id} in the catalogue; import the catalogue first")
    return _certificate(record)


def levels(session: Session, person: PersonId) -> list[SkillLevel]:
    """Every level somebody was ever found to have: by skill, the oldest first."""
    found = session.scalars(
        select(LevelRecord)
        .where(LevelRecord.person == person)
        .order_by(LevelRecord.skill, LevelRecord.found_on, LevelRecord.source)
    )
    return [
        SkillLevel(
            skill=record.skill,
            level=record.level,
            source=Source(record.source),
            on=record.found_on,
            by=record.by_person,
        )
        for record in found
    ]


def passed_trainings(session: Session, person: PersonId) -> list[TrainingId]:
    """The trainings somebody has passed in any of their paths, by id."""
    query = (
        select(LearningRecord.training)
        .join(CaseRecord, CaseRecord.case_id == LearningRecord.case_id)
        .where(CaseRecord.person == person, LearningRecord.state == EnrolmentState.PASSED.value)
    )
    return sorted(set(session.scalars(query)))


def known_skills(session: Session) -> set[Skill]:
    """The skills that a profile asks for or a training leads to."""
    asked = session.scalars(select(ProfileSkillRecord.skill).distinct())
    taught = session.scalars(select(TrainingRecord.leads_to))
    return {*asked, *(skill for leads_to in taught for skill in leads_to)}


def _profile(record: ProfileRecord, skills: Iterable[ProfileSkillRecord]) -> RoleProfile:
    return RoleProfile(
        id=record.id,
        title=record.title,
        source=record.source,
        skills=[
            RequiredSkill(skill=asked.skill, level=asked.level, importance=asked.importance, mandatory=asked.mandatory)
            for asked in skills
        ],
    )


def _training(record: TrainingRecord) -> Training:
    return Training(
        id=record.id,
        title=record.title,
        kind=TrainingKind(record.kind),
        leads_to=record.leads_to,
        hours=record.hours,
        cost=Money(amount=record.cost_amount, currency=record.cost_currency),
        requires=record.requires,
        sessions=[WorkshopSession.model_validate(session) for session in record.sessions],
        trainer=record.trainer,
        activity=record.activity,
        move_on=MoveOn(record.move_on),
        supervisor=record.supervisor,
        reviewer=record.reviewer,
    )


def _certificate(record: CertificateRecord) -> Certificate:
    return Certificate(
        id=record.id,
        title=record.title,
        description=record.description,
        criteria=record.criteria,
        profile=record.profile,
        examiner=record.examiner,
    )
