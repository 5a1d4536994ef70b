"""The board: all cases at a glance, from the records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.clock import DAY
from domain.core.model import CaseId, Party, PersonId
from domain.placement.programme_days import Leave, programme_week
from domain.placement.stages import Stage
from records.among import among
from records.database import Database
from records.local_time import local_day
from records.queries.core import board as of_board
from records.queries.core import cases as queries
from records.queries.core import people as in_records
from records.queries.core.board import Awaited
from records.queries.registry import check_cohort
from records.tables.core import CaseRecord
from records.tables.placement import LeaveRecord


@dataclass(frozen=True)
class BoardRow:
    """One case. ``weeks`` is how many it has in all; ``due`` is the oldest due time of what is ``waiting_for``."""

    case: CaseId
    person: str
    """The person's name, or the id where the records know none."""
    person_id: PersonId
    role: str
    stage: str
    week: int | None
    weeks: int | None
    paused: bool
    waiting_for: tuple[str, ...]
    due: datetime | None
    overdue: bool
    at_risk: tuple[str, ...]
    outcome: str | None
    planned_back: date | None = None
    """The first day back of a leave that lasts, where it was said when it began."""
    time_zone: str | None = None
    """Where the case is at home: its week and its due time are told as they are there."""

    def as_json(self) -> dict[str, Any]:
        """The row for scripts."""
        instants = {"due": self.due, "planned_back": self.planned_back}
        return {**asdict(self), **{name: known.isoformat() if known else None for name, known in instants.items()}}


@dataclass(frozen=True)
class Board:
    """Rows of cases, and how many cases there are in ``total``."""

    rows: list[BoardRow]
    total: int


def read_board(database: Database, cohort: str | None = None, *, first: int | None = None) -> Board:
    """All cases (of a cohort), by id; or the first of them, those that run before those that have ended.

    Raises ``Unknown`` for a cohort of which nothing is on record.
    """
    with database.reading() as session:
        if cohort is not None:
            check_cohort(session, cohort)
        cases = queries.cases(session, cohort=cohort, first=first)
        total = len(cases) if first is None else queries.number_of_cases(session, cohort=cohort)
        return Board(rows_of(session, cases, datetime.now(UTC)), total)


def rows_of(session: Session, cases: Sequence[CaseRecord], now: datetime) -> list[BoardRow]:
    """The rows of these cases, by three queries."""
    names = in_records.names(session, [case.person for case in cases])
    ids = [case.case_id for case in cases]
    (leaves, planned), awaited = _leaves(session, ids), of_board.awaited(session, ids, now)
    return [
        _row(
            case,
            names.get(case.person, case.person),
            awaited.get(case.case_id, []),
            leaves.get(case.case_id, []),
            planned.get(case.case_id),
            # The case's clock shows at least this: the last it told, and what real clocks show, which are never ahead.
            max(case.at, case.told_at or case.at, now),
        )
        for case in cases
    ]


def _row(
    case: CaseRecord,
    name: str,
    waiting: Sequence[Awaited],
    leaves: list[Leave],
    planned_back: date | None,
    now: datetime,
) -> BoardRow:
    weeks = _weeks(case, leaves)
    due = waiting[0].due_at if waiting else None
    return BoardRow(
        case=case.case_id,
        person=name,
        person_id=case.person,
        role=case.role,
        stage=case.stage,
        week=_week(case, weeks, leaves, now),
        weeks=weeks,
        paused=case.paused,
        waiting_for=tuple(dict.fromkeys(Party(answer.party).spoken for answer in waiting)),
        due=due,
        overdue=any(answer.late for answer in waiting),
        at_risk=tuple(case.at_risk),
        outcome=case.outcome,
        planned_back=planned_back if case.paused else None,
        time_zone=case.time_zone,
    )


def _weeks(case: CaseRecord, leaves: Iterable[Leave]) -> int | None:
    """The weeks of a placement in all; none before its calendar is planned."""
    if case.starts_on is None or case.ends_on is None:
        return None
    days = (
        (case.ends_on - case.starts_on).days + 1 - sum(leave.days for leave in leaves if leave.first >= case.starts_on)
    )
    return max(1, -(-days // 7))


def _week(case: CaseRecord, weeks: int | None, leaves: list[Leave], now: datetime) -> int | None:
    if weeks is None or case.starts_on is None or case.stage in (Stage.OFFBOARDING, ENDED):
        return case.week
    week = programme_week(local_day(now, case.time_zone), case.starts_on, leaves)
    return min(week, weeks) if week else None


def _leaves(session: Session, cases: Collection[CaseId]) -> tuple[dict[CaseId, list[Leave]], dict[CaseId, date]]:
    """When people were away in these cases, and when those who are away are to be back; not why."""
    found: dict[CaseId, list[Leave]] = {}
    planned: dict[CaseId, date] = {}
    days = select(LeaveRecord.case_id, LeaveRecord.first_day, LeaveRecord.last_day, LeaveRecord.planned_back)
    days = days.where(among(LeaveRecord.case_id, cases))
    for case, first, last, back in session.execute(days.order_by(LeaveRecord.case_id, LeaveRecord.n)):
        found.setdefault(case, []).append(Leave(first=first, back_on=last + DAY if last else None))
        if last is None and back is not None:
            planned[case] = back
    return found, planned
