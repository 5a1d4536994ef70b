"""What is to be paid in a placement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.model import CaseId
from records.tables.placement import PayRecord


def pay_instructions(session: Session, case: CaseId) -> Sequence[PayRecord]:
    """What is to be paid in a case, in order."""
    return session.scalars(select(PayRecord).where(PayRecord.case_id == case).order_by(PayRecord.n)).all()
