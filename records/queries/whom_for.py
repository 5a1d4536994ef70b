"""Whom an item of a checklist is for: from which day, where, and who their manager is, by the records as they are now.

Those who see to it (IT, facilities) see no case; this is what they need to know of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, Party, PersonId
from domain.core.questions import TaskKind
from records.tables.access import PartHolderRecord
from records.tables.core import CaseRecord, PersonRecord, RoleRecord

ITEMS = frozenset({TaskKind.CHECKLIST_ITEM, TaskKind.OFFBOARDING_ITEM, TaskKind.CHANGEOVER_ITEM})
"""The tasks that are items of a checklist."""

FOR_WHOM, MANAGER = "for_whom", "manager"
"""The facts that are people."""


@dataclass(frozen=True)
class WhomFor:
    """Who it is, and what of their case is told with it: the first day, where the work is, and their manager."""

    person: PersonId | None
    first_day: date | None
    country: str | None
    time_zone: str | None
    manager: PersonId | None

    def facts(self, kind: TaskKind, reader: PersonId) -> dict[str, Any]:
        """What is told with such a task, as facts of it: nothing to whom it is about, and nobody of themselves.

        The first day is told of what is to be ready by then.
        """
        if kind not in ITEMS or reader == self.person:
            return {}
        facts = {
            FOR_WHOM: self.person,
            "first_day": self.first_day.isoformat() if self.first_day and kind is TaskKind.CHECKLIST_ITEM else None,
            "country": self.country,
            "time_zone": self.time_zone,
            MANAGER: None if self.manager == reader else self.manager,
        }
        return {key: value for key, value in facts.items() if value is not None}


def whom_for(session: Session, case: CaseId) -> WhomFor | None:
    """Whom the items of a placement's checklists are for; none where the records don't know the case."""
    of_case = select(
        CaseRecord.person, CaseRecord.starts_on, CaseRecord.time_zone, RoleRecord.country, RoleRecord.time_zone
    ).outerjoin(RoleRecord, RoleRecord.id == CaseRecord.role)
    found = session.execute(of_case.where(CaseRecord.case_id == case)).first()
    if found is None:
        return None
    person, starts_on, zone, country, zone_of_role = found
    managers = select(PartHolderRecord.person).where(
        PartHolderRecord.case_id == case, PartHolderRecord.party == Party.MANAGER.value
    )
    manager = session.scalar(managers.limit(1))
    known = set(session.scalars(select(PersonRecord.id).where(PersonRecord.id.in_([person, manager]))))
    return WhomFor(
        person=person if person in known else None,
        first_day=starts_on,
        country=country,
        time_zone=zone or zone_of_role,
        manager=manager if manager in known else None,
    )
