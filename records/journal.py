"""Writing the rows of cases, so that writing one twice changes nothing.

Rows of cases, cohorts, parts, tasks, mentorships, trainings, their hours, capacities and reservations say how something
is now: the newest one is kept. Of the levels of one day, the one written last is kept. All others are entries that stay
as they were first written; another one of the same number is an error that is reported.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any, assert_never

from sqlalchemy import func, inspect, select, update
from sqlalchemy.orm import Session

from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.case import ENDED
from domain.core.case_rows import CaseRow, CohortRow, PartsRow, StageRow, TaskRow
from domain.core.decisions import AttemptRow, DecisionRow
from domain.core.delivery import LastSeal
from domain.core.journal import JournalBatch, Row
from domain.core.learning_rows import LearningHoursRow, LearningRow, LevelRow
from domain.core.model import CaseId
from domain.core.placement_rows import LeaveRow, MentorshipRow, MentorWishRow, MissedSessionRow, PayRow, PulseRow
from records import by_person, ledger
from records.database import lock, lock_rows
from records.newest import keep_newest
from records.queries.core.invitations import drop_over
from records.tables.base import Base
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.cohort import CohortRecord
from records.tables.core import AttemptRecord, CaseRecord, DecisionRecord, PartsRecord, StageRecord, TaskRecord
from records.tables.learning import LearningHoursRecord, LearningRecord, LevelRecord
from records.tables.placement import (
    LeaveRecord,
    MentorshipRecord,
    MentorWishRecord,
    MissedSessionRecord,
    PayRecord,
    PulseRecord,
)

SEALS = ("previous_seal", "seal")
"""Columns that are made when an entry is written."""

ENTRY_NAMES: dict[type[Base], str] = {
    AttemptRecord: "attempt",
    DecisionRecord: "decision",
    LeaveRecord: "leave",
    MissedSessionRecord: "missed session",
    PayRecord: "pay instruction",
    PulseRecord: "pulse",
    StageRecord: "stage",
}
"""What the entries of each table are called."""

COUNTED: tuple[tuple[type[Row], type[PulseRecord | StageRecord]], ...] = (
    (PulseRow, PulseRecord),
    (StageRow, StageRecord),
)
"""Rows that are counted as they come, those of all cases together."""


class EntryConflict(Exception):
    """Another entry of the same number is on record and stays. The text says of what, never what is in either."""


def write(session: Session, batch: JournalBatch, conflicts: list[str] | None = None) -> dict[str, LastSeal]:
    """Write a case's rows in order, within the transaction of ``session``.

    Writing a batch again, or one that overlaps with an earlier one, changes nothing. An entry of whose number there is
    another one with other content is left out and named in ``conflicts``; without that list it raises
    :class:`EntryConflict`.
    Returns the newest seals of what the case has on record for good, where the batch has something of that.
    """
    lock(session, f"case {batch.case}")
    if any(isinstance(row, LevelRow) for row in batch.rows):  # a level is a person's: other cases write it too
        lock_rows(session, LevelRecord.__tablename__)
    for kind, table in COUNTED:
        if any(isinstance(row, kind) for row in batch.rows):
            lock_rows(session, table.__tablename__)
    for n, row in enumerate(batch.rows):
        try:
            _write_row(session, batch.case, row, None if batch.first is None else batch.first + n)
        except EntryConflict as conflict:
            if conflicts is None:
                raise
            conflicts.append(str(conflict))
        if isinstance(row, CaseRow | CohortRow) and row.stage == ENDED:
            drop_over(session, batch.case, row.at)
    _note_clock(session, batch)
    if not any(isinstance(row, DecisionRow | PayRow | AttemptRow) for row in batch.rows):
        return {}
    ledger.have_copied(session)  # also where they were sealed before: the copy may have failed then
    return ledger.last_seals(session, batch.case)


def _note_clock(session: Session, batch: JournalBatch) -> None:
    """Note what the clock of a case shows at least: the latest that it has told of itself, its stages and tasks."""
    told = max((row.at for row in batch.rows if isinstance(row, CaseRow | StageRow | TaskRow)), default=None)
    if told is not None:
        earlier = CaseRecord.told_at.is_(None) | (CaseRecord.told_at < told)
        session.execute(update(CaseRecord).where(CaseRecord.case_id == batch.case, earlier).values(told_at=told))


def _write_row(session: Session, case: CaseId, row: Row, position: int | None) -> None:
    match row:
        case CaseRow():
            keep_newest(session, CaseRecord(case_id=case, position=position, **_values(row)))
        case CohortRow():
            keep_newest(session, CohortRecord(position=position, **_values(row)))
        case PartsRow():
            keep_newest(session, PartsRecord(case_id=case, position=position, **_values(row)))
            by_person.keep_parts(session, case)
        case TaskRow():
            keep_newest(session, _task(case, row, position))
            by_person.keep_asked(session, row.task)
        case MentorshipRow():
            record = MentorshipRecord(case_id=case, position=position, **_given(row, "score", "reasons"))
            keep_newest(session, record)
        case MissedSessionRow():
            _enter(session, MissedSessionRecord(case_id=case, **_values(row)))
        case MentorWishRow():
            keep_newest(session, MentorWishRecord(case_id=case, position=position, **_values(row)))
        case PulseRow():
            _enter_as_it_comes(session, PulseRecord(case_id=case, **_values(row)))
        case DecisionRow():
            _enter_sealed(session, _decision(case, row))
        case LeaveRow():
            _enter_leave(session, LeaveRecord(case_id=case, **_renamed(row, first="first_day", last="last_day")))
        case StageRow():
            _enter_as_it_comes(session, StageRecord(case_id=case, **_values(row)))
        case PayRow():
            _enter_sealed(session, _pay(case, row))
        case LevelRow():
            session.merge(_level(case, row))
            session.flush()
        case LearningRow():
            keep_newest(session, _learning(case, row, position))
        case LearningHoursRow():
            hours = LearningHoursRecord(case_id=case, position=position, **_renamed(row, on="on_day"))
            keep_newest(session, hours)
        case CapacityRow():
            keep_newest(session, CapacityRecord(position=position, **_values(row)))
        case ReservationRow():
            keep_newest(session, ReservationRecord(position=position, **_values(row)))
        case AttemptRow():
            _enter_sealed(session, AttemptRecord(case_id=case, **_renamed(row, by="by_person")))
        case _:
            assert_never(row)


def _enter_as_it_comes(session: Session, record: PulseRecord | StageRecord) -> None:
    """What reports show grows in steps of five as it came: what comes late must not take an earlier step apart."""
    if _is_new(session, record, but=("arrived",)):
        record.arrived = (session.scalar(select(func.max(type(record).arrived))) or 0) + 1
        session.add(record)
        session.flush()


def _enter(session: Session, record: MissedSessionRecord) -> None:
    if _is_new(session, record):
        session.add(record)
        session.flush()


def _enter_sealed(session: Session, record: ledger.Sealable) -> None:
    if _is_new(session, record):
        ledger.enter(session, record)


def _is_new(session: Session, record: Base, but: Collection[str] = SEALS) -> bool:
    """Whether this entry is not on record yet. Raises :class:`EntryConflict` where another of its number is.

    The columns that are made when it is written, or may change afterwards, don't count (``but``).
    """
    existing = _existing(session, record)
    if existing is None:
        return True
    columns = [column.key for column in inspect(type(record)).column_attrs if column.key not in but]
    if any(getattr(existing, name) != getattr(record, name) for name in columns):
        raise EntryConflict(_conflict_sentence(record))
    return False


def _conflict_sentence(record: Any) -> str:
    kind = ENTRY_NAMES[type(record)]
    return (
        f"{kind} {record.n} of {record.case_id} is not on record: another {kind} of that number is, says otherwise, "
        "and stays"
    )


def _existing(session: Session, record: Base) -> Any:
    return session.get(type(record), (record.case_id, record.n))  # type: ignore[attr-defined]


def _enter_leave(session: Session, record: LeaveRecord) -> None:
    """Enter a leave, or its last day where only its beginning was known. The row of its end repeats neither
    type nor reason.
    """
    if _is_new(session, record, but=("at", "leave_type", "last_day", "reason", "ended_because", "planned_back")):
        session.add(record)
    else:
        existing: LeaveRecord = _existing(session, record)
        if record.last_day is not None and existing.last_day not in (None, record.last_day):
            raise EntryConflict(_conflict_sentence(record))
        existing.last_day = existing.last_day or record.last_day
        existing.ended_because = existing.ended_because or record.ended_because
    session.flush()


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
    """The columns of a row. Those that are sent only ``once`` are left out where they are empty: they stay as they
    are."""
    return {name: value for name, value in _values(row).items() if name not in once or value is not None}


def _renamed(row: Row, **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in _values(row).items()}


def _values(row: Row) -> dict[str, Any]:
    """The columns of a row. What a person may have typed is made storable; free JSON is made of JSON's own types."""
    values = row.model_dump(exclude={"table"})
    as_json = row.model_dump(mode="json", include={"facts", "answer", "evidence", "parts"})
    return {name: _storable(as_json.get(name, value)) for name, value in values.items()}


def _storable(value: Any) -> Any:
    """A value without what PostgreSQL can't store: NUL characters, and numbers that are none in JSON."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    return value
