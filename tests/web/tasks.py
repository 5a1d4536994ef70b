"""Tasks on record, for tests of pages: what the journal of a case would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.core.case_rows import PartsRow, TaskRow
from domain.core.journal import JournalBatch, Row
from domain.core.model import CaseId, Party, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.journal import write
from tests.records.rows import placement_row

CASE = "R-7F3K2M-DATA1"
RETURNER, MANAGER, MENTOR, HR, HR_LEAD = "P-7F3K2M", "P-5HN3TC", "P-4CY9GS", "P-2QX8VD", "P-7LM2ZA"
NOW = datetime.now(UTC)


def task(n: int, kind: TaskKind, *people: PersonId, case: CaseId = CASE, **changed: Any) -> TaskRow:
    """An open task, due in a week, of which nobody has heard before."""
    values: dict[str, Any] = {
        "task": f"{case}-{n}",
        "at": NOW,
        "kind": kind,
        "subject": "week 4 review",
        "party": Party.MANAGER,
        "assignee": people[0],
        "people": list(people),
        "opened_at": NOW - timedelta(days=1),
        "due_at": NOW + timedelta(days=7),
        "allowed": timedelta(days=8),
        "state": TaskState.OPEN,
        "closed_at": None,
        "answered_by": None,
        "facts": {},
        "answer": None,
    }
    return TaskRow(**(values | changed))


def on_record(database: Database, *rows: Row, case: CaseId = CASE) -> None:
    """Put a placement with these rows on record."""
    parts = {
        Party.RETURNER: [RETURNER],
        Party.MANAGER: [MANAGER],
        Party.MENTOR: [MENTOR],
        Party.HR: [HR],
        Party.HR_LEAD: [HR_LEAD],
    }
    with database.session() as session:
        placed = placement_row(NOW, RETURNER, time_zone="Europe/London")
        write(session, JournalBatch(case=case, rows=[placed, PartsRow(at=NOW, parts=parts), *rows]))
