"""What paths and certifications ask the records: the levels somebody has, a plan, what the catalogue says now."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session
from temporalio import activity

from activities.core.journal import records_errors
from domain.core.model import CertificateId
from domain.core.skills import SkillLevel
from domain.learning.catalogue import CertificateEntry, CertificateNow, CertificateRequest
from domain.learning.gaps import LevelsRequest
from domain.learning.plan import LearningPlanRequest, PlanProposal
from records.database import Database
from records.queries import leaving
from records.queries.certification.credentials import certifications
from records.queries.core.people import Unknown
from records.queries.learning import learning
from service.learning.plan_solver import choose


class LearningActivities:
    """Reads levels and the catalogue from the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="propose_plan", no_thread_cancel_exception=True)
    def propose_plan(self, request: LearningPlanRequest) -> PlanProposal:
        """The best plan from the catalogue as it is now, without workshops whose trainer leaves the company.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            catalogue = learning.catalogue(session).without(leaving.last_days(session))
        return choose(request, catalogue)

    @activity.defn(name="known_levels", no_thread_cancel_exception=True)
    def known_levels(self, request: LevelsRequest) -> list[SkillLevel]:
        """All levels of these skills that the person was ever found to have; what counts, the rules say.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            found = learning.levels(session, request.person)
        return [level for level in found if level.skill in request.skills]

    @activity.defn(name="certificate_now", no_thread_cancel_exception=True)
    def certificate_now(self, request: CertificateRequest) -> CertificateNow:
        """What the catalogue says of a certificate now, and which other certification of it runs for the holder.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            found = certifications(session, request.holder, request.certificate)
            others = [path for path in found if path != request.case]
            entry = _entry(session, request.certificate)
            left = [] if entry is None else leaving.on_record(session, [entry.certificate.examiner], _now()).left
            return CertificateNow(entry=entry, running=others[0] if others else None, examiner_left=bool(left))


def _now() -> datetime:
    return datetime.now(UTC)


def _entry(session: Session, certificate: CertificateId) -> CertificateEntry | None:
    try:
        found = learning.certificate(session, certificate)
        return CertificateEntry(certificate=found, shown=learning.profile(session, found.profile).skills)
    except Unknown:
        return None
