"""What simulated people of a rehearsal see of its records besides their tasks: how its placements stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.core.model import CaseId, PersonId
from records.tables.core import CaseRecord, StageRecord
from simulated.inbox import Inbox


@dataclass(frozen=True)
class CaseNow:
    """A case as the records have it now."""

    stage: str
    outcome: str | None
    mentor: PersonId | None


class RecordsView(Inbox):
    """Looks into the rehearsal's records."""

    async def began(self, cases: Collection[CaseId]) -> dict[CaseId, datetime]:
        """When the cases began, as far as the records know: on that instant their clocks showed the real time."""
        query = select(StageRecord.case_id, StageRecord.at).where(StageRecord.n == 1)
        rows = await self.read(lambda session: session.execute(query).all())
        return {case: at for case, at in rows if case in cases}

    async def cases(self) -> dict[CaseId, CaseNow]:
        """All placements as they are now, by case."""
        query = select(CaseRecord.case_id, CaseRecord.stage, CaseRecord.outcome, CaseRecord.mentor)
        rows = await self.read(lambda session: session.execute(query).all())
        return {case: CaseNow(stage, outcome, mentor) for case, stage, outcome, mentor in rows}
