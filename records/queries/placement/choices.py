"""Which programmes were recommended and decided for people, as it stands on record."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.decisions import DecisionKind
from domain.core.model import CaseId
from domain.core.naming import CHOICE
from records.tables.core import DecisionRecord

AT_MOST = 200
"""So many recommendations are listed."""


def recommendations(session: Session, case: CaseId | None = None) -> Sequence[tuple[DecisionRecord, DecisionRecord]]:
    """Each recommendation with what was decided on it, the newest first (of this case)."""
    of_choices = select(DecisionRecord).where(DecisionRecord.what == DecisionKind.PROGRAMME_DECIDED.value)
    if case is None:
        of_choices = of_choices.where(DecisionRecord.case_id.startswith(CHOICE, autoescape=True))
    else:
        of_choices = of_choices.where(DecisionRecord.case_id == case)
    decided = session.scalars(of_choices.order_by(DecisionRecord.at.desc()).limit(AT_MOST)).all()
    before = select(DecisionRecord).where(
        DecisionRecord.case_id.in_({row.case_id for row in decided}),
        DecisionRecord.what == DecisionKind.PROGRAMME_RECOMMENDED.value,
    )
    recommended = {(row.case_id, row.n): row for row in session.scalars(before)}
    pairs = [(recommended.get((row.case_id, row.n - 1)), row) for row in decided]
    return [(first, second) for first, second in pairs if first is not None]
