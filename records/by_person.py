"""Who has which part and is asked what, to be looked up by person: kept as the rows of parts and tasks say.

Those rows name people in lists, in which no database finds somebody quickly. Whatever writes such a row calls this
afterwards, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from domain.core.model import CaseId
from domain.core.tasks import TaskState
from records.tables.access import AskedRecord, DraftRecord, PartHolderRecord
from records.tables.core import PartsRecord, TaskRecord


def keep_parts(session: Session, case: CaseId) -> None:
    """Have the holders of a case's parts be those of its row."""
    now = session.scalar(select(PartsRecord.parts).where(PartsRecord.case_id == case)) or {}
    wanted = {(party, person) for party, people in now.items() for person in people}
    held = select(PartHolderRecord.party, PartHolderRecord.person).where(PartHolderRecord.case_id == case)
    before = {(holder.party, holder.person) for holder in session.execute(held)}
    if gone := before - wanted:
        these = tuple_(PartHolderRecord.party, PartHolderRecord.person).in_(sorted(gone))
        session.execute(delete(PartHolderRecord).where(PartHolderRecord.case_id == case, these))
    _add(session, (PartHolderRecord(case_id=case, party=party, person=who) for party, who in sorted(wanted - before)))


def keep_asked(session: Session, task: str) -> None:
    """Have those be asked who may act on the task by its row: nobody once it is closed, and then no draft is left."""
    now = session.execute(select(TaskRecord.people, TaskRecord.state).where(TaskRecord.task == task)).one_or_none()
    is_open = now is not None and now.state == TaskState.OPEN.value
    wanted = set(now.people) if now is not None and is_open else set()
    before = set(session.scalars(select(AskedRecord.person).where(AskedRecord.task == task)))
    if gone := before - wanted:
        session.execute(delete(AskedRecord).where(AskedRecord.task == task, AskedRecord.person.in_(sorted(gone))))
        session.execute(delete(DraftRecord).where(DraftRecord.task == task, DraftRecord.person.in_(sorted(gone))))
    _add(session, (AskedRecord(task=task, person=person) for person in sorted(wanted - before)))


def _add(session: Session, entries: Iterable[AskedRecord | PartHolderRecord]) -> None:
    session.add_all(entries)
    session.flush()
