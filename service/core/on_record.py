"""What stays on record of a case for good: decisions, and attempts that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.model import CaseId
from records.database import Database
from records.queries.core import cases as queries
from records.queries.registry import check_case, time_zone
from records.tables.core import AttemptRecord, DecisionRecord
from records.tampering import problems_of


@dataclass(frozen=True)
class OnRecord:
    """The decisions of a case and the attempts that were refused, in their order; ``problems`` are those of seals."""

    decisions: Sequence[DecisionRecord]
    attempts: Sequence[AttemptRecord]
    problems: Sequence[str]
    time_zone: str | None


def decided_in(database: Database, case: CaseId) -> OnRecord:
    """What was decided in a case, and whether its seals are intact. Raises ``Unknown`` for a case that is none."""
    with database.reading() as session:
        found = queries.decisions(session, case)
        if not found:  # what was decided on a programme stands under no case of one
            check_case(session, case)
        return OnRecord(
            decisions=found,
            attempts=queries.attempts(session, case),
            problems=problems_of(session, case),
            time_zone=time_zone(session, case),
        )
