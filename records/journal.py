"""Writing what cases tell, so that telling it twice changes nothing.

Rows of cases, cohorts, tasks, mentorships, trainings, capacities and reservations say where something stands: the
newest one is kept. Of a level the last one told of its day is. All others are entries that stay as they were first
written.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar, assert_never

from sqlalchemy.orm import Session

from domain.delivery import LastSeal
from domain.journal import (
    AttemptRow,
    CapacityRow,
    CaseRow,
    CohortRow,
    DecisionRow,
    JournalBatch,
    LearningRow,
    LeaveRow,
    LevelRow,
    MentorshipRow,
    PayRow,
    ReservationRow,
    Row,
    StageRow,
    TaskRow,
)
from domain.model import CaseId
from records import ledger, tampering
from records.database import lock
from records.learning_tables import CapacityRecord, LearningRecord, LevelRecord, ReservationRecord
from records.tables import (
    AttemptRecord,
    Base,
    CaseRecord,
    CohortRecord,
    DecisionRecord,
    LeaveRecord,
    MentorshipRecord,
    PayRecord,
    StageRecord,
    TaskRecord,
)

Standing = TypeVar(
    "Standing",
    CaseRecord,
    CohortRecord,
    TaskRecord,
    MentorshipRecord,
    LearningRecord,
    CapacityRecord,
    ReservationRecord,
)


def write(session: Session, batch: JournalBatch) -> dict[str, LastSeal]:
    """Write a case's rows in order, within the transaction of ``session``.

    Writing a batch again, or one that overlaps with an earlier one, changes nothing. Returns the newest seals of what
    the case has on record for good, where the batch has something of that.
    """
    lock(session, f"case {batch.case}")
    for away, row in enumerate(batch.rows):
        _write_row(session, batch.case, row, None if batch.first is None else batch.first + away)
    sealed = any(isinstance(row, DecisionRow | PayRow | AttemptRow) for row in batch.rows)
    return ledger.last_seals(session, batch.case) if sealed else {}


def verify_decisions(session: Session, case: CaseId) -> list[str]:
    """What is wrong with what a case has on record for good, as sentences; see :mod:`records.tampering`."""
    return tampering.problems_of(session, case)


def _write_row(session: Session, case: CaseId, row: Row, position: int | None) -> None:
    match row:
        case CaseRow():
            _keep_newest(session, CaseRecord(case_id=case, position=position, **_values(row)), case)
        case CohortRow():
            _keep_newest(session, CohortRecord(position=position, **_values(row)), row.cohort)
        case TaskRow():
            _keep_newest(session, _task(case, row, position), row.task)
        case MentorshipRow():
            record = MentorshipRecord(case_id=case, position=position, **_given(row, "score", "reasons"))
            _keep_newest(session, record, (case, row.n))
        case DecisionRow():
            _enter_for_good(session, _decision(case, row))
        case LeaveRow():
            _enter_leave(session, LeaveRecord(case_id=case, **_renamed(row, first="first_day", last="last_day")))
        case StageRow():
            _enter(session, StageRecord(case_id=case, **_values(row)))
        case PayRow():
            _enter_for_good(session, _pay(case, row))
        case LevelRow():
            session.merge(_level(case, row))
            session.flush()
        case LearningRow():
            _keep_newest(session, _learning(case, row, position), (case, row.n))
        case CapacityRow():
            _keep_newest(session, CapacityRecord(position=position, **_values(row)), row.id)
        case ReservationRow():
            _keep_newest(session, ReservationRecord(position=position, **_values(row)), (row.capacity, row.holder))
        case AttemptRow():
            _enter_for_good(session, AttemptRecord(case_id=case, **_renamed(row, by="by_person")))
        case _:
            assert_never(row)


def _keep_newest(session: Session, new: Standing, key: Any) -> None:
    """Replace the row of this key unless it is newer. What ``new`` does not set stays as it is."""
    existing = session.get(type(new), key)
    if existing is None or not _older(new, existing):
        session.merge(new)
        session.flush()


def _older(new: Standing, existing: Standing) -> bool:
    if new.at != existing.at:
        return new.at < existing.at
    return new.position is not None and existing.position is not None and new.position < existing.position


def _enter(session: Session, record: StageRecord | LeaveRecord) -> None:
    if _existing(session, record) is None:
        session.add(record)
        session.flush()


def _enter_for_good(session: Session, record: ledger.Sealable) -> None:
    if _existing(session, record) is None:
        ledger.enter(session, record)


def _existing(session: Session, record: Base) -> Any:
    return session.get(type(record), (record.case_id, record.n))  # type: ignore[attr-defined]


def _enter_leave(session: Session, record: LeaveRecord) -> None:
    """Enter a leave, or its last day where only its beginning was known."""
    existing: LeaveRecord | None = _existing(session, record)
    if existing is not None and existing.last_day is None and record.last_day is not None:
        existing.last_day = record.last_day
        session.flush()
    _enter(session, record)


def _decision(case: CaseId, row: DecisionRow) -> DecisionRecord:
    return DecisionRecord(case_id=case, **_renamed(row, by="by_person"))


def _task(case: CaseId, row: TaskRow, position: int | None) -> TaskRecord:
    values = _values(row)
    values["allowed_seconds"] = values.pop("allowed").total_seconds()
    return TaskRecord(case_id=case, position=position, **values)


def _level(case: CaseId, row: LevelRow) -> LevelRecord:
    values = row.found.model_dump(exclude={"on", "by"})
    return LevelRecord(person=row.person, found_on=row.found.on, by_person=row.found.by, case_id=case, **values)


def _learning(case: CaseId, row: LearningRow, position: int | None) -> LearningRecord:
    values = _values(row)
    cost = values.pop("cost")
    return LearningRecord(
        case_id=case, position=position, cost_amount=cost["amount"], cost_currency=cost["currency"], **values
    )


def _pay(case: CaseId, row: PayRow) -> PayRecord:
    values = _renamed(row, first="first_day", last="last_day")
    values |= values.pop("amount")
    return PayRecord(case_id=case, **values)


def _given(row: Row, *once: str) -> dict[str, Any]:
    """The columns of a row, of those told only ``once`` the ones that are told now: the others stay as they are."""
    return {name: value for name, value in _values(row).items() if name not in once or value is not None}


def _renamed(row: Row, **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in _values(row).items()}


def _values(row: Row) -> dict[str, Any]:
    """The columns of a row. What a person may have typed is made storable; free JSON is made of JSON's own types."""
    values = row.model_dump(exclude={"table"})
    as_json = row.model_dump(mode="json", include={"facts", "answer", "evidence"})
    return {name: _storable(as_json.get(name, value)) for name, value in values.items()}


def _storable(value: Any) -> Any:
    """A value without what PostgreSQL can't store: NUL characters, and numbers that are none in JSON."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return value
