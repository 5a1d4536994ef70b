"""What was said in confidence in a case, and why somebody was away; who may read it, the service checks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId
from domain.placement.mentorship import MENTORED
from records.tables.placement import LeaveRecord, MentorshipRecord, MentorWishRecord, PulseRecord


def wishes(session: Session, case: CaseId) -> Sequence[MentorWishRecord]:
    """The wishes for another mentor, in order."""
    query = select(MentorWishRecord).where(MentorWishRecord.case_id == case)
    return session.scalars(query.order_by(MentorWishRecord.n)).all()


def pulses(session: Session, case: CaseId) -> Sequence[PulseRecord]:
    """The pulses that were answered, in order."""
    return session.scalars(select(PulseRecord).where(PulseRecord.case_id == case).order_by(PulseRecord.n)).all()


def leaves(session: Session, case: CaseId) -> Sequence[LeaveRecord]:
    """When somebody was away, with its type and the reasons that were given, in order."""
    return session.scalars(select(LeaveRecord).where(LeaveRecord.case_id == case).order_by(LeaveRecord.n)).all()


def mentored(session: Session, case: CaseId) -> list[PersonId]:
    """Who is or was the mentor."""
    been = [state.value for state in MENTORED]
    query = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case, MentorshipRecord.state.in_(been))
    return list(session.scalars(query.distinct().order_by(MentorshipRecord.mentor)))
