"""All that the records know of one case, of whatever programme, read in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.clock import DAY
from domain.core.letters import CONFIDENTIAL_LETTERS
from domain.core.model import CaseId, Party, PersonId
from domain.core.naming import COHORT, Programme, path_case, programme_of
from domain.core.tasks import CONFIDENTIAL
from domain.placement.programme_days import Leave
from records.queries.cohort.cohorts import cohort as cohort_on_record
from records.queries.core import people
from records.queries.core.cases import case as case_on_record
from records.tables.base import Base
from records.tables.certification import CredentialRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, DecisionRecord, PartsRecord, RoleRecord, StageRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tables.learning import CertificateRecord, LearningRecord, TrainingRecord
from records.tables.placement import LeaveRecord, MentorshipRecord, MissedSessionRecord, PayRecord
from records.tampering import Known
from service.registry.my_tasks import ids_in

R = TypeVar("R", bound=Base)

MOST_PLACEMENTS = 60
"""So many placements of a cohort are read for its page; the board has all of them."""


@dataclass(frozen=True)
class CaseRecords:
    """A case on record. ``tasks`` and ``mails`` are without what is confidential; ``leaves`` don't say why somebody was
    away.

    ``inside`` is, by id, the path inside a placement, or the (first) placements of a cohort: when each entered which
    stage; ``inside_cases`` how each stands now.
    """

    case_id: CaseId
    programme: Programme
    case: CaseRecord | CohortRecord
    parts: Mapping[Party, Sequence[PersonId]]
    names: Mapping[PersonId, str]
    stages: Sequence[StageRecord] = ()
    tasks: Sequence[TaskRecord] = ()
    decisions: Sequence[DecisionRecord] = ()
    leaves: Sequence[Leave] = ()
    planned_back: date | None = None
    """The first day back of a leave that lasts, where it was said when it began."""
    mentorships: Sequence[MentorshipRecord] = ()
    missed_sessions: Sequence[MissedSessionRecord] = ()
    """The mentoring sessions that never took place."""
    mails: Sequence[MailRecord] = ()
    pay: Sequence[PayRecord] = ()
    trainings: Sequence[tuple[LearningRecord, str]] = ()
    """Of a path: each training with its title."""
    credentials: Sequence[CredentialRecord] = ()
    goal: str | None = None
    """The title of the role, or of the certificate."""
    inside: Mapping[CaseId, Sequence[StageRecord]] = field(default_factory=dict)
    inside_cases: Mapping[CaseId, CaseRecord] = field(default_factory=dict)
    cohort: CohortRecord | None = None
    """The cohort that a placement or a path belongs to; some carry the name of one that was never launched."""
    around: Sequence[CaseRecord] = ()
    """Of a path: the placement that it is inside of, and the certifications of its learner; the newest first."""

    @property
    def sealed(self) -> Known:
        """What of it was sealed, by its kind, as far as it was read."""
        pay: Known = {PayRecord: self.pay} if self.programme is Programme.RETURNSHIP else {}
        return {DecisionRecord: self.decisions, **pay}

    @property
    def time_zone(self) -> str | None:
        """Where the case is at home."""
        return self.case.time_zone

    @property
    def person(self) -> PersonId | None:
        """Whom it is about; nobody, where it is about a cohort."""
        return self.case.person if isinstance(self.case, CaseRecord) else None

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.case.stage == ENDED

    @property
    def on_leave(self) -> Leave | None:
        """The leave that lasts now, or none."""
        return None if self.ended else next((leave for leave in self.leaves if leave.back_on is None), None)

    def now(self, really: datetime) -> datetime:
        """What the clock of the case shows at least: the last it told of, and what real clocks show, which are never
        ahead; of one that has ended, when it did."""
        told = max([self.case.at, *(task.at for task in self.tasks), *(entered.at for entered in self.stages)])
        return told if self.ended else max(told, really)

    def name(self, person: PersonId | None) -> str:
        """Somebody's name, or their id where the records know none."""
        return self.names.get(person, person) if person else ""


def read_case(session: Session, case_id: CaseId) -> CaseRecords:
    """What is on record of a case, by as many questions as any case of its programme takes. Raises ``Unknown``."""
    programme = programme_of(case_id)
    found = {**_of_every(session, case_id), **_READ[programme](session, case_id)}
    return CaseRecords(case_id=case_id, programme=programme, names=people.names(session, _people_in(found)), **found)


def _of_every(session: Session, case_id: CaseId) -> dict[str, Any]:
    """What there is of cases of all programmes."""
    tasks = select(TaskRecord).where(
        TaskRecord.case_id == case_id, TaskRecord.kind.not_in([kind.value for kind in sorted(CONFIDENTIAL)])
    )
    parts = session.get(PartsRecord, case_id)
    return {
        "parts": {Party(party): list(who) for party, who in parts.parts.items()} if parts else {},
        "stages": _rows(session, StageRecord, StageRecord.case_id == case_id, StageRecord.n),
        "tasks": session.scalars(tasks.order_by(TaskRecord.due_at, TaskRecord.task)).all(),
        "decisions": _rows(session, DecisionRecord, DecisionRecord.case_id == case_id, DecisionRecord.n),
        "mails": _rows(
            session,
            MailRecord,
            (MailRecord.case_id == case_id) & MailRecord.template.not_in(sorted(CONFIDENTIAL_LETTERS)),
            MailRecord.sent_at,
        ),
    }


def _placement(session: Session, case_id: CaseId) -> dict[str, Any]:
    case, title = _with_title(session, case_id)
    path = path_case(case.person, case.role)
    leaves = _rows(session, LeaveRecord, LeaveRecord.case_id == case_id, LeaveRecord.n)
    return {
        "case": case,
        "cohort": session.get(CohortRecord, case.cohort) if case.cohort else None,
        "goal": title,
        "leaves": [
            Leave(first=leave.first_day, back_on=leave.last_day + DAY if leave.last_day else None) for leave in leaves
        ],
        "planned_back": _planned_back(leaves),
        "mentorships": _rows(session, MentorshipRecord, MentorshipRecord.case_id == case_id, MentorshipRecord.n),
        "missed_sessions": _rows(
            session, MissedSessionRecord, MissedSessionRecord.case_id == case_id, MissedSessionRecord.n
        ),
        "pay": _rows(session, PayRecord, PayRecord.case_id == case_id, PayRecord.n),
        **_inside(session, CaseRecord.case_id == path),
    }


def _planned_back(leaves: Sequence[LeaveRecord]) -> date | None:
    return leaves[-1].planned_back if leaves and leaves[-1].last_day is None else None


def _with_title(session: Session, case_id: CaseId) -> tuple[CaseRecord, str | None]:
    """The row of a case, and the title of its role. Raises ``Unknown``."""
    both = select(CaseRecord, RoleRecord.title).outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
    found = session.execute(both.where(CaseRecord.case_id == case_id)).first()
    return (case_on_record(session, case_id), None) if found is None else (found[0], found[1])


def _path(session: Session, case_id: CaseId) -> dict[str, Any]:
    case, title = _with_title(session, case_id)
    trainings = (
        select(LearningRecord, TrainingRecord.title)
        .outerjoin(TrainingRecord, TrainingRecord.id == LearningRecord.training)
        .where(LearningRecord.case_id == case_id)
        .order_by(LearningRecord.n)
    )
    return {
        "case": case,
        "cohort": session.get(CohortRecord, case.cohort) if case.cohort else None,
        "goal": title,
        "planned_back": _planned_back(_rows(session, LeaveRecord, LeaveRecord.case_id == case_id, LeaveRecord.n)),
        "trainings": [(training, called or training.training) for training, called in session.execute(trainings)],
        "around": _rows(
            session,
            CaseRecord,
            (CaseRecord.person == case.person) & or_(*_around(case)),
            CaseRecord.stage_since.desc(),
        ),
    }


def _around(path: CaseRecord) -> Iterator[ColumnElement[bool]]:
    """Which cases of its learner stand around a path."""
    yield CaseRecord.programme == Programme.CERTIFICATION.value
    if path.case_id == path_case(path.person, path.role):
        yield (CaseRecord.programme == Programme.RETURNSHIP.value) & (CaseRecord.role == path.role)


def _certification(session: Session, case_id: CaseId) -> dict[str, Any]:
    case = case_on_record(session, case_id)
    return {
        "case": case,
        "goal": session.scalar(select(CertificateRecord.title).where(CertificateRecord.id == case.role)),
        "credentials": _rows(session, CredentialRecord, CredentialRecord.case_id == case_id, CredentialRecord.n),
    }


def _cohort(session: Session, case_id: CaseId) -> dict[str, Any]:
    cohort = cohort_on_record(session, case_id.removeprefix(COHORT))
    of_cohort = (CaseRecord.cohort == cohort.cohort) & (CaseRecord.programme == Programme.RETURNSHIP.value)
    return {"case": cohort, "goal": cohort.title, **_inside(session, of_cohort)}


_READ = {
    Programme.RETURNSHIP: _placement,
    Programme.UPSKILLING: _path,
    Programme.CERTIFICATION: _certification,
    Programme.COHORT: _cohort,
}


def _inside(session: Session, which: ColumnElement[bool]) -> dict[str, Any]:
    """How cases within this one stand, and when they entered which stage."""
    cases = session.scalars(select(CaseRecord).where(which).order_by(CaseRecord.case_id).limit(MOST_PLACEMENTS)).all()
    ids = [case.case_id for case in cases]
    stages = _rows(session, StageRecord, StageRecord.case_id.in_(ids), StageRecord.n) if ids else []
    entered: dict[CaseId, list[StageRecord]] = {case: [] for case in ids}
    for stage in stages:
        entered[stage.case_id].append(stage)
    return {"inside": entered, "inside_cases": {case.case_id: case for case in cases}}


def _rows(session: Session, table: type[R], which: ColumnElement[bool], order: Any) -> Sequence[R]:
    return session.scalars(select(table).where(which).order_by(order)).all()


def _people_in(found: Mapping[str, Any]) -> set[PersonId]:
    """Everybody whom the page may name."""
    named: Iterable[PersonId | None] = [
        *(getattr(found["case"], field, None) for field in ("person", "mentor", "led_by")),
        *(person for who in found["parts"].values() for person in who),
        *(person for task in found["tasks"] for person in (*task.people, task.answered_by)),
        *(decision.by_person for decision in found["decisions"]),
        *(mail.recipient for mail in found["mails"]),
        *(mentorship.mentor for mentorship in found.get("mentorships", ())),
        *(person for case in found.get("inside_cases", {}).values() for person in (case.person, case.mentor)),
        *ids_in([task.subject for task in found["tasks"]]),
        *ids_in([[decision.decided, decision.reason or "", decision.evidence] for decision in found["decisions"]]),
        *ids_in(list(found["case"].at_risk)),
    ]
    return {person for person in named if person}
