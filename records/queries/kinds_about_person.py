"""What of each table is about one person, and which columns of it they are shown.

Whoever adds a table says here what of it is about a person, or why none is: a test looks through all tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.core.holdings import ReservationStatus
from domain.core.letters import CONFIDENTIAL_LETTERS
from domain.core.model import CaseId, PersonId
from domain.core.naming import MENTOR_PLACES, daily_mail_id, mentor_capacity
from domain.core.tasks import CONFIDENTIAL
from domain.placement.mentorship import MENTORED
from records.queries.placement.mentors import tells_nobody_was_asked
from records.tables.access import (
    AccountRecord,
    AskedRecord,
    DraftRecord,
    GrantRecord,
    PartHolderRecord,
    SessionRecord,
    SignInRecord,
)
from records.tables.base import Base
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.certification import CredentialRecord
from records.tables.cohort import CohortRecord
from records.tables.core import (
    AttemptRecord,
    CaseRecord,
    DecisionRecord,
    DepartureRecord,
    PersonRecord,
    ProtectedRecord,
    RoleRecord,
    StageRecord,
    TaskRecord,
)
from records.tables.dispatch import (
    AddressChangeRecord,
    DailyMailRecord,
    HeldMailRecord,
    InvitationRecord,
    MailRecord,
    StartRecord,
)
from records.tables.learning import CertificateRecord, LearningHoursRecord, LearningRecord, LevelRecord, TrainingRecord
from records.tables.payroll import PayExportLineRecord, PayExportRecord
from records.tables.placement import (
    LeaveRecord,
    MentorshipRecord,
    MentorWishRecord,
    MissedSessionRecord,
    PayRecord,
    PulseRecord,
)
from records.tables.sent_forms import SentFormRecord
from records.tables.uploads import RehearsalRecord, UploadRecord


class Kind(NamedTuple):
    """What of a table is about somebody: which rows, and which columns of them are shown (all, where none is named).

    What is ``private`` is for nobody's eyes but theirs; of the rest, those rows are that are ``confidential``.
    """

    what: str
    table: type[Base]
    rows: Callable[[PersonId, Collection[CaseId]], ColumnElement[bool]]
    columns: tuple[str, ...] = ()
    private: bool = False
    confidential: ColumnElement[bool] | None = None


def _is(column: InstrumentedAttribute[Any]) -> Callable[[PersonId, Collection[CaseId]], ColumnElement[bool]]:
    return lambda person, _: column == person


def _in_own(column: InstrumentedAttribute[Any]) -> Callable[[PersonId, Collection[CaseId]], ColumnElement[bool]]:
    return lambda _, cases: column.in_(cases)


def _in_role(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    named = ("manager", "second_manager", "budget_owner", "hr", "hr_lead", "it", "facilities")
    return or_(*(getattr(RoleRecord, column) == person for column in named))


def _in_training(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    return or_(*(getattr(TrainingRecord, column) == person for column in ("trainer", "supervisor", "reviewer")))


def _asked(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    open_ones = select(AskedRecord.task).where(AskedRecord.person == person)
    return or_(TaskRecord.assignee == person, TaskRecord.answered_by == person, TaskRecord.task.in_(open_ones))


def _answered(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    return and_(TaskRecord.answered_by == person, TaskRecord.answer.is_not(None))


def _holds(_: PersonId, cases: Collection[CaseId]) -> ColumnElement[bool]:
    """What cases hold; of mentors' places only those they have: another one names somebody who was only asked."""
    holder, held = ReservationRecord.holder, ReservationRecord.status == ReservationStatus.HELD.value
    theirs = or_(holder.in_(cases), *(holder.startswith(f"{case}/", autoescape=True) for case in cases))
    return and_(theirs, or_(held, ~ReservationRecord.capacity.startswith(MENTOR_PLACES, autoescape=True)))


def _daily_mail(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    return DailyMailRecord.message_id.startswith(f"<{daily_mail_id(person)}.", autoescape=True)


def _declared(person: PersonId, _: Collection[CaseId]) -> ColumnElement[bool]:
    return or_(DepartureRecord.declared_by == person, DepartureRecord.successor == person)


KINDS = (
    Kind("You, as HR has imported it", PersonRecord, _is(PersonRecord.id)),
    Kind("Whose manager you are", PersonRecord, _is(PersonRecord.manager), ("id",)),
    Kind(
        "Protected characteristics, for reports in aggregate only",
        ProtectedRecord,
        _is(ProtectedRecord.person),
        private=True,
    ),
    Kind("Roles that name you", RoleRecord, _in_role, ("id", "title")),
    Kind("Trainings that name you", TrainingRecord, _in_training, ("id", "title")),
    Kind("Certificates whose examiner you are", CertificateRecord, _is(CertificateRecord.examiner), ("id", "title")),
    Kind("Your cases", CaseRecord, _is(CaseRecord.person)),
    Kind("Stages of your cases", StageRecord, _in_own(StageRecord.case_id)),
    Kind("Who started your cases", StartRecord, _is(StartRecord.person)),
    Kind("Cases that you started", StartRecord, _is(StartRecord.started_by), ("case_id", "at", "programme")),
    Kind("Cohorts that you lead", CohortRecord, _is(CohortRecord.led_by), ("cohort", "title", "stage")),
    Kind("Parts that you play in cases", PartHolderRecord, _is(PartHolderRecord.person)),
    Kind(
        "Tasks that you were asked",
        TaskRecord,
        _asked,
        ("task", "case_id", "kind", "subject", "party", "opened_at", "due_at", "state", "closed_at", "answered_by"),
        confidential=TaskRecord.kind.in_(sorted(CONFIDENTIAL)),
    ),
    Kind("Your answers", TaskRecord, _answered, ("task", "closed_at", "answer")),
    Kind(
        "Decisions in your cases",
        DecisionRecord,
        lambda _, cases: and_(DecisionRecord.case_id.in_(cases), tells_nobody_was_asked()),
        ("case_id", "n", "at", "what", "decided", "by_person", "policy", "reason"),
    ),
    Kind(
        "Decisions that you took",
        DecisionRecord,
        _is(DecisionRecord.by_person),
        ("case_id", "n", "at", "what", "decided", "policy", "reason"),
    ),
    Kind(
        "What the separation of duties kept you from",
        AttemptRecord,
        _is(AttemptRecord.by_person),
        ("case_id", "n", "at", "task", "sentence"),
    ),
    Kind("Absences in your cases", LeaveRecord, _in_own(LeaveRecord.case_id), private=True),
    Kind(
        "Who is or was your mentor",
        MentorshipRecord,
        lambda _, cases: and_(MentorshipRecord.case_id.in_(cases), MentorshipRecord.state.in_(sorted(MENTORED))),
        ("case_id", "n", "at", "mentor", "state"),
    ),
    Kind(
        "Whose mentor you were asked to be",
        MentorshipRecord,
        _is(MentorshipRecord.mentor),
        ("case_id", "n", "at", "state", "reason"),
    ),
    Kind(
        "Mentoring sessions of yours that never took place",
        MissedSessionRecord,
        _in_own(MissedSessionRecord.case_id),
    ),
    Kind(
        "Your wishes for another mentor, and what HR said",
        MentorWishRecord,
        _in_own(MentorWishRecord.case_id),
        private=True,
    ),
    Kind("Your answers to pulses", PulseRecord, _is(PulseRecord.person), private=True),
    Kind("Pay instructions", PayRecord, _is(PayRecord.returner)),
    Kind("What of them was handed to payroll", PayExportLineRecord, _in_own(PayExportLineRecord.case_id)),
    Kind("Exports to payroll that you made", PayExportRecord, _is(PayExportRecord.by_person)),
    Kind("Levels of your skills", LevelRecord, _is(LevelRecord.person)),
    Kind("Levels that you found of others", LevelRecord, _is(LevelRecord.by_person), ("person", "skill", "found_on")),
    Kind("Your trainings", LearningRecord, _in_own(LearningRecord.case_id)),
    Kind("Your hours of learning", LearningHoursRecord, _in_own(LearningHoursRecord.case_id)),
    Kind("Your certificates", CredentialRecord, _is(CredentialRecord.person)),
    Kind("Places, seats and money that your cases hold", ReservationRecord, _holds),
    Kind(
        "Your places for mentees",
        CapacityRecord,
        lambda person, _: CapacityRecord.id == mentor_capacity(person),
    ),
    Kind(
        "Mails to you (their texts are not kept)",
        MailRecord,
        _is(MailRecord.recipient),
        confidential=MailRecord.template.in_(sorted(CONFIDENTIAL_LETTERS)),
    ),
    Kind("Letters that wait for your daily mail", HeldMailRecord, _is(HeldMailRecord.person), private=True),
    Kind("Your daily mail, on its way", DailyMailRecord, _daily_mail, private=True),
    Kind(
        "Mail addresses at which you are about to hear that one of yours was changed",
        AddressChangeRecord,
        _is(AddressChangeRecord.person),
    ),
    Kind("How you were invited to sessions", InvitationRecord, _is(InvitationRecord.person)),
    Kind("Your departure", DepartureRecord, _is(DepartureRecord.person)),
    Kind("Departures that name you", DepartureRecord, _declared, ("person", "at", "declared_by", "successor")),
    Kind("Your duties beyond cases", GrantRecord, _is(GrantRecord.person)),
    Kind(
        "Duties that you granted",
        GrantRecord,
        _is(GrantRecord.granted_by),
        ("person", "duty", "role", "granted_at", "revoked_at"),
    ),
    Kind(
        "Where you are signed in",
        SessionRecord,
        _is(SessionRecord.person),
        ("created_at", "last_seen_at", "ends_at", "agent"),
    ),
    Kind("Links to sign in that you asked for", SignInRecord, _is(SignInRecord.person), ("at", "ends_at", "used_at")),
    Kind("Your accounts at the identity provider", AccountRecord, _is(AccountRecord.person)),
    Kind(
        "Accounts of which you said whose they are",
        AccountRecord,
        _is(AccountRecord.linked_by),
        ("person", "linked_at"),
    ),
    Kind("What you have typed and not sent", DraftRecord, _is(DraftRecord.person), private=True),
    Kind(
        "Files that you sent to be checked",
        UploadRecord,
        _is(UploadRecord.person),
        ("kind", "name", "uploaded_at", "ends_at"),
    ),
    Kind(
        "Forms that you sent within the last day",
        SentFormRecord,
        _is(SentFormRecord.person),
        ("at", "led_to", "told"),
    ),
    Kind(
        "Rehearsals that you started",
        RehearsalRecord,
        _is(RehearsalRecord.started_by),
        ("file", "state", "started_at", "ended_at"),
    ),
)

NOT_ABOUT_PEOPLE = {
    "asked": "the tasks that somebody was asked say it",
    "parts": "the parts that somebody plays say it",
    "seals": "seals of rows, which say nothing by themselves",
    "policies": "numbers and rules",
    "role_profiles": "what roles ask for",
    "profile_skills": "what roles ask for",
}
"""Tables of which nothing is shown here, and why."""
