"""Who is around in the tests of who is who."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from domain.core.case_rows import PartsRow, TaskRow
from domain.core.journal import JournalBatch
from domain.core.model import Party
from records.database import Database
from records.journal import write
from tests.office import BUDGET_OWNER, HR, HR_LEAD, MANAGER, RETURNER, ROLE, SECOND_MANAGER, people, role_record
from tests.records.rows import at, case_row, task_row

CASE, OTHER = "R-1-DATA1", "R-2-OPS1"
MENTOR, STRANGER = "P-MENTOR", "P-MENT3"


def staff(database: Database) -> None:
    """Everybody around two roles, and three mentors; P-MENTOR is the first."""
    with database.session() as session:
        session.add_all(people((MENTOR, "P-MENT2", STRANGER)))
        session.add(role_record(ROLE))
        session.add(role_record(ROLE.model_copy(update={"id": "OPS1", "hr": "P-STANDIN"})))


def parts_row(minutes: int = 0, **parts: str) -> PartsRow:
    around = {
        Party.RETURNER: [RETURNER],
        Party.MENTOR: [MENTOR],
        Party.MANAGER: [MANAGER],
        Party.SECOND_MANAGER: [SECOND_MANAGER],
        Party.BUDGET_OWNER: [BUDGET_OWNER],
        Party.HR: [HR],
        Party.HR_LEAD: [HR_LEAD],
    }
    return PartsRow(at=at(minutes), parts=around | {Party(party): [person] for party, person in parts.items()})


def tell(database: Database, *rows: Any, case: str = CASE) -> None:
    """What a case puts on record."""
    with database.session() as session:
        write(session, JournalBatch(case=case, rows=list(rows)))


def open_case(database: Database, case: str = CASE, role: str = "DATA1", **parts: str) -> None:
    tell(database, case_row(person=RETURNER, role=role, stage="placement"), parts_row(0, **parts), case=case)


def ask(database: Database, n: int = 1, minutes: int = 0, **changes: Any) -> str:
    """A task of the case, as it is put on record; its id."""
    row: TaskRow = task_row(CASE, n, minutes, **changes)
    tell(database, row)
    return row.task


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The queries that are made meanwhile."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        if args[2].lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(args[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
