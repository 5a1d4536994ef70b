"""Records that hold many open placements, without a server: what lists, boards and reports are measured on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.stages import Stage
from records.database import Database
from records.queries.core.people import people, roles
from records.tables.core import CaseRecord, StageRecord, TaskRecord
from simulated.answers import WILLING

TASKS_EACH = 25
"""Of which one is open."""

AT_ONCE = 5_000
STAGES = (Stage.INTAKE, Stage.MATCHING, Stage.PREBOARDING, Stage.PLACEMENT)
KINDS = (
    (TaskKind.CHECKLIST_ITEM, Party.IT),
    (TaskKind.SESSION_NOTE, Party.MENTOR),
    (TaskKind.MANAGER_REVIEW, Party.MANAGER),
    (TaskKind.MENTOR_REVIEW, Party.MENTOR),
    (TaskKind.SELF_REVIEW, Party.RETURNER),
)


def fill(database: Database, cases: int) -> None:
    """Add so many placements with their stages and tasks. The people and roles of the examples must be there."""
    now = datetime.now(UTC)
    with database.session() as session:
        persons = [person.id for person in people(session)]
        known_roles = [role.id for role in roles(session)]
        for n_first in range(0, cases, AT_ONCE):
            numbers = range(n_first, min(cases, n_first + AT_ONCE))
            session.execute(
                insert(CaseRecord),
                [_case(n, persons[n % len(persons)], known_roles[n % len(known_roles)], now) for n in numbers],
            )
            session.execute(insert(StageRecord), [row for n in numbers for row in _stages(n, now)])
        tasks = (task for n in range(cases) for task in _tasks(n, persons, now))
        for part in iter(lambda: list(islice(tasks, AT_ONCE)), []):
            session.execute(insert(TaskRecord), part)


def _id(n: int) -> str:
    return f"R-B{n:06}"


def _case(n: int, person: str, role: str, now: datetime) -> dict[str, Any]:
    starts_on = (now - timedelta(days=n % 100)).date()
    return {
        "case_id": _id(n),
        "at": now,
        "position": TASKS_EACH,
        "programme": "returnship",
        "person": person,
        "role": role,
        "cohort": f"BENCH-{n // 50}",
        "policy": "returnship-16-weeks@1",
        "stage": Stage.PLACEMENT.value,
        "stage_since": now - timedelta(days=n % 100),
        "week": 1 + n % 16,
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(weeks=16),
        "time_zone": "Europe/London",
        "mentor": None,
        "paused": False,
        "at_risk": ["week 4 review: 2.40, below the threshold"] if n % 10 == 0 else [],
        "outcome": None,
    }


def _stages(n: int, now: datetime) -> Iterator[dict[str, Any]]:
    for number, stage in enumerate(STAGES, start=1):
        at = now - timedelta(days=n % 100 + 10 * (len(STAGES) - number))
        yield {"case_id": _id(n), "n": number, "at": at, "stage": stage.value}


def _tasks(n: int, persons: list[str], now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, TASKS_EACH + 1):
        kind, party = KINDS[(n + number) % len(KINDS)]
        opened_at = now - timedelta(days=TASKS_EACH - number, minutes=n % 1_000)
        answered = number < TASKS_EACH
        assignee = persons[(n + number) % len(persons)]
        yield {
            "task": f"{_id(n)}-{number}",
            "case_id": _id(n),
            "at": opened_at,
            "position": number,
            "kind": kind.value,
            "subject": f"{kind.value} {number}",
            "party": party.value,
            "assignee": assignee,
            "people": [assignee],
            "opened_at": opened_at,
            "due_at": opened_at + timedelta(days=5),
            "allowed_seconds": 432_000.0,
            "state": TaskState.ANSWERED.value if answered else TaskState.OPEN.value,
            "closed_at": opened_at + timedelta(days=1) if answered else None,
            "answered_by": assignee if answered else None,
            "facts": {},
            "answer": WILLING[kind] if answered else None,
        }
