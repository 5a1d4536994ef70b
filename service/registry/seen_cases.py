"""Of the cases that are named somewhere, those that somebody may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from domain.core.access import Viewer
from domain.core.model import CaseId, PersonId
from records.among import among
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.access import visible
from records.tables.core import CaseRecord


@dataclass(frozen=True)
class SeenCases:
    """The rows of cases by id, and the names of those whom they are about."""

    cases: Mapping[CaseId, CaseRecord]
    names: Mapping[PersonId, str]

    def name(self, case: CaseId) -> str | None:
        """Whom a case is about, for those who may see it."""
        row = self.cases.get(case)
        return self.names.get(row.person) if row is not None else None


def seen_cases(database: Database, viewer: Viewer, wanted: Collection[CaseId]) -> SeenCases:
    """Those of these cases that somebody may see."""
    return _seen(database, viewer, select(CaseRecord).where(among(CaseRecord.case_id, wanted)))


def cases_about(database: Database, viewer: Viewer, person: PersonId) -> Sequence[CaseRecord]:
    """The cases about somebody that the viewer may see, the newest first."""
    of_person = select(CaseRecord).where(CaseRecord.person == person).order_by(CaseRecord.stage_since.desc())
    return list(_seen(database, viewer, of_person).cases.values())


def _seen(database: Database, viewer: Viewer, query: Select[CaseRecord]) -> SeenCases:
    with database.reading() as session:
        cases = {row.case_id: row for row in session.scalars(query.where(visible(viewer)))}
        return SeenCases(cases, in_records.names(session, {row.person for row in cases.values()}))
