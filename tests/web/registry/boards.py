"""Many cases on record, for boards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.core.access import Duty
from domain.core.model import PersonId, RoleId
from domain.core.naming import Programme
from records.tables.access import GrantRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, TaskRecord

NOW = datetime.now(UTC)
PEOPLE = ("P-2QX8VD", "P-8KD4WZ")


def grant(session: Session, person: PersonId, duty: Duty = Duty.HR, role: RoleId | None = None) -> None:
    """Grant somebody a duty."""
    session.add(
        GrantRecord(
            person=person,
            duty=duty.value,
            role=role,
            granted_by=None,
            granted_at=NOW,
            revoked_by=None,
            revoked_at=None,
        )
    )


def case(n: int, **changes: Any) -> CaseRecord:
    """Case number ``n``, a placement that runs."""
    values: dict[str, Any] = {
        "case_id": f"R-{n:05}-DATA1",
        "at": NOW - timedelta(days=1),
        "position": n,
        "programme": Programme.RETURNSHIP.value,
        "person": PEOPLE[n % 2],
        "role": "DATA1",
        "cohort": None,
        "policy": "returnship-16-weeks@1",
        "stage": "placement",
        "stage_since": NOW - timedelta(days=20),
        "week": 3,
        "starts_on": (NOW - timedelta(days=20)).date(),
        "ends_on": (NOW + timedelta(days=91)).date(),
        "time_zone": "Europe/London",
        "mentor": None,
        "paused": False,
        "at_risk": [],
        "outcome": None,
    }
    return CaseRecord(**(values | changes))


def cohort(name: str, **changes: Any) -> CohortRecord:
    """A cohort that runs."""
    values: dict[str, Any] = {
        "cohort": name,
        "at": NOW - timedelta(days=1),
        "position": 1,
        "title": name,
        "policy": "cohort@1",
        "led_by": PEOPLE[0],
        "stage": "running",
        "starts_on": NOW.date(),
        "ends_on": None,
        "time_zone": "UTC",
        "participants": 1,
        "matched": 0,
        "ended": 0,
        "paused": False,
        "at_risk": [],
    }
    return CohortRecord(**(values | changes))


def task(n: int, *, days: int, **changes: Any) -> TaskRecord:
    """An open task of case number ``n``, due so many days from now."""
    case_id = changes.pop("case_id", f"R-{n:05}-DATA1")
    values: dict[str, Any] = {
        "task": f"{case_id}-7",
        "case_id": case_id,
        "at": NOW - timedelta(days=8),
        "position": n,
        "kind": "goals",
        "subject": "goals of the placement",
        "party": "manager",
        "assignee": PEOPLE[0],
        "people": [PEOPLE[0]],
        "opened_at": NOW - timedelta(days=8),
        "due_at": NOW + timedelta(days=days),
        "allowed_seconds": 604_800.0,
        "state": "open",
        "closed_at": None,
        "answered_by": None,
        "facts": {},
        "answer": None,
    }
    return TaskRecord(**(values | changes))
