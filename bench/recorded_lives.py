"""How cases stood on record at moments of their lives, by recorded histories; and rows like theirs for other cases."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from domain.core.case import ENDED
from domain.core.delivery import Delivery
from domain.core.journal import JournalBatch
from domain.core.model import CaseId, PersonId, RoleId
from domain.core.tasks import TaskState
from engine.settings import ROOT
from records.database import Database
from records.journal import write
from records.tables.access import AskedRecord
from records.tables.base import Base
from records.tables.core import CaseRecord, PartsRecord, SealRecord, TaskRecord
from records.tables.dispatch import MailRecord
from records.tables.placement import MentorshipRecord

HISTORIES = ROOT / "tests" / "histories"

Values: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[Table, list[Values]]


def table_of(record: type[Base]) -> Table:
    """The table of a kind of records."""
    table = record.__table__
    assert isinstance(table, Table)
    return table


ASKED, TASKS, SEALS = map(table_of, (AskedRecord, TaskRecord, SealRecord))
OF_CASES = [table for table in Base.metadata.sorted_tables if "case_id" in table.columns and table is not SEALS]
"""All tables with what a case has on record, but for the list of seals, which is one for all cases."""


@dataclass(frozen=True)
class Snapshot:
    """All that a case had on record at one moment, unsealed. ``people`` says of everybody who stands in it which part
    they play; ``open_tasks`` how many tasks each part is asked now."""

    case: CaseId
    role: RoleId
    at: datetime
    people: Mapping[PersonId, str]
    open_tasks: Mapping[str, int]
    ended: bool
    rows: Rows

    def like(self, case: CaseId, role: RoleId, people: Mapping[str, PersonId], later: timedelta) -> Rows:
        """The same rows of another case, with the ``people`` who play the parts there, so much later."""
        words = {self.case: case, self.role: role, **{person: people[part] for person, part in self.people.items()}}
        known = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
        said = _said(lambda text: known.sub(lambda found: words[found[0]], text), later)
        return {
            table: [{name: said(value) for name, value in row.items()} for row in rows]
            for table, rows in self.rows.items()
        }


def _said(replaced: Callable[[str], str], later: timedelta) -> Callable[[Any], Any]:
    def said(value: Any) -> Any:
        if isinstance(value, str):
            return replaced(value)
        if isinstance(value, date):  # an instant is one, too
            return value + later
        if value and isinstance(value, dict | list):
            return json.loads(replaced(json.dumps(value, ensure_ascii=False)))
        return value

    return said


def snapshots(name: str, scratch: Database) -> list[Snapshot]:
    """The moments of a recorded history at which somebody was asked something, and its end.

    ``scratch`` are records with tables, of no worth otherwise: what the case tells is written there as it was.
    """
    found: list[Snapshot] = []
    people: dict[PersonId, str] = {}
    for delivery in _deliveries(HISTORIES / f"{name}.json.gz"):
        with scratch.session() as session:
            write(session, JournalBatch(case=delivery.case, rows=delivery.rows, first=max(1, delivery.first_row)))
            session.add_all(_mails(delivery))
        with scratch.reading() as session:
            people = _people(session, delivery.case) | people  # whoever has a part no more still stands in what was
            snapshot = _snapshot(session, delivery.case, people)
        if snapshot.ended or snapshot.open_tasks:
            found.append(snapshot)
    return found


def _deliveries(file: Path) -> Iterator[Delivery]:
    for event in json.loads(gzip.decompress(file.read_bytes()))["events"]:
        called = event.get("activityTaskScheduledEventAttributes")
        if called and called["activityType"]["name"] == "deliver":
            yield Delivery.model_validate_json(base64.b64decode(called["input"]["payloads"][0]["data"]))


def _mails(delivery: Delivery) -> Iterator[MailRecord]:
    for letter in delivery.letters:
        yield MailRecord(
            message_id=f"<{delivery.case}.{letter.key}@example.org>",
            case_id=delivery.case,
            template=letter.template,
            recipient=letter.to,
            sent_at=letter.at,
            status="sent",
            reach="work",
        )


def _snapshot(session: Session, case_id: CaseId, people: Mapping[PersonId, str]) -> Snapshot:
    rows = {table: _rows(session, table, table.c.case_id == case_id) for table in OF_CASES}
    tasks = rows[TASKS]
    rows[ASKED] = _rows(session, ASKED, ASKED.c.task.in_([task["task"] for task in tasks]))
    case = session.get_one(CaseRecord, case_id)
    return Snapshot(
        case=case_id,
        role=case.role,
        at=max([case.at, *(task["at"] for task in tasks)]),
        people=people,
        open_tasks=Counter(task["party"] for task in tasks if task["state"] == TaskState.OPEN.value),
        ended=case.stage == ENDED,
        rows={table: found for table, found in rows.items() if found},
    )


def _rows(session: Session, table: Table, which: ColumnElement[bool]) -> list[Values]:
    return [dict(row._mapping) for row in session.execute(select(table).where(which).order_by(*table.primary_key))]


def _people(session: Session, case_id: CaseId) -> dict[PersonId, str]:
    """Who plays which part now, or is asked something. Of several who were mentors each is there by themselves."""
    asked = session.execute(select(TaskRecord.assignee, TaskRecord.party).where(TaskRecord.case_id == case_id))
    parts = session.get_one(PartsRecord, case_id).parts
    mentors = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case_id).order_by(MentorshipRecord.n)
    by_turn: Sequence[PersonId] = list(dict.fromkeys(session.scalars(mentors)))
    return {
        **{task.assignee: task.party for task in asked},
        **{person: part for part, people in parts.items() for person in people},
        **{mentor: f"mentor {n}" for n, mentor in enumerate(by_turn, start=1)},
    }
