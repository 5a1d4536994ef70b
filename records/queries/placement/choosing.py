"""Which programme suits whom: what the records know for it, and what was recommended and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.journal import AttemptRow, DecisionRow, JournalBatch
from domain.core.model import CaseId, PersonId, TrainingId
from domain.core.people import Skill
from records.database import lock
from records.journal import write
from records.tables.core import AttemptRecord, CaseRecord, DecisionRecord
from records.tables.learning import LearningRecord, ProfileSkillRecord, TrainingRecord

PASSED = "passed"


def passed_trainings(session: Session, person: PersonId) -> list[TrainingId]:
    """The trainings somebody has passed in any of their paths, by id."""
    query = (
        select(LearningRecord.training)
        .join(CaseRecord, CaseRecord.case_id == LearningRecord.case_id)
        .where(CaseRecord.person == person, LearningRecord.state == PASSED)
    )
    return sorted(set(session.scalars(query)))


def known_skills(session: Session) -> set[Skill]:
    """The skills that a profile asks for or a training leads to."""
    asked = session.scalars(select(ProfileSkillRecord.skill).distinct())
    taught = session.scalars(select(TrainingRecord.leads_to))
    return {*asked, *(skill for leads_to in taught for skill in leads_to)}


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
    if [_says(record, record.by_person) for record in latest] == [
        _says(decision, decision.by) for decision in decisions
    ]:
        return Entered([record.n for record in latest], already=True)
    last = on_record[-1].n if on_record else 0
    rows = [decision.model_copy(update={"n": n}) for n, decision in enumerate(decisions, start=last + 1)]
    write(session, JournalBatch(case=case, rows=list(rows)))
    return Entered([row.n for row in rows], already=False)


def _says(decision: DecisionRecord | DecisionRow, by: PersonId | None) -> tuple[str | None, ...]:
    return decision.what, decision.decided, by, decision.policy, decision.reason


def enter_attempt(session: Session, case: CaseId, attempt: AttemptRow) -> None:
    """Put on record what the separation of duties forbade, after what a case has of that."""
    lock(session, f"case {case}")
    last = session.scalar(select(func.max(AttemptRecord.n)).where(AttemptRecord.case_id == case)) or 0
    write(session, JournalBatch(case=case, rows=[attempt.model_copy(update={"n": last + 1})]))
