"""Which programme suits whom: what was recommended and decided, put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.decisions import AttemptRow, DecisionRow
from domain.core.journal import JournalBatch
from domain.core.model import CaseId, PersonId
from records.database import lock
from records.journal import write
from records.tables.core import AttemptRecord, DecisionRecord


@dataclass(frozen=True)
class Entered:
    """The numbers that decisions have in their case, and whether they had them ``already``."""

    numbers: list[int]
    already: bool


def enter_decisions(session: Session, case: CaseId, decisions: Sequence[DecisionRow]) -> Entered:
    """Seal decisions into the chain of a case after those it has; none where these are its last ones already.

    They are the same where they say the same, on the same grounds: what time it is now makes no other decision.
    """
    lock(session, f"case {case}")
    query = select(DecisionRecord).where(DecisionRecord.case_id == case).order_by(DecisionRecord.n)
    on_record = session.scalars(query).all()
    latest = on_record[-len(decisions) :]
    if [_content(record, record.by_person) for record in latest] == [
        _content(decision, decision.by) for decision in decisions
    ]:
        return Entered([record.n for record in latest], already=True)
    last = on_record[-1].n if on_record else 0
    rows = [decision.model_copy(update={"n": n}) for n, decision in enumerate(decisions, start=last + 1)]
    write(session, JournalBatch(case=case, rows=list(rows)))
    return Entered([row.n for row in rows], already=False)


def _content(decision: DecisionRecord | DecisionRow, by: PersonId | None) -> tuple[str | None, ...]:
    return decision.what, decision.decided, by, decision.policy, decision.reason


def enter_attempt(session: Session, case: CaseId, attempt: AttemptRow) -> None:
    """Put on record what the separation of duties forbade, after what a case has of that."""
    lock(session, f"case {case}")
    last = session.scalar(select(func.max(AttemptRecord.n)).where(AttemptRecord.case_id == case)) or 0
    write(session, JournalBatch(case=case, rows=[attempt.model_copy(update={"n": last + 1})]))
