"""Little and much on record of everything that pages show, for what must not depend on how much there is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from domain.certification.credentials import CredentialStatus
from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.holdings import ReservationStatus
from domain.core.journal import JournalBatch, Row
from domain.core.learning_rows import LearningRow
from domain.core.model import Money
from domain.core.naming import certification_case, choice_case
from domain.core.skills import TrainingKind
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.journal import write
from records.tables.base import Base
from records.tables.certification import CredentialRecord
from records.tables.core import DepartureRecord
from records.tables.dispatch import MailRecord
from records.tables.uploads import RehearsalRecord
from tests.domain.factories import ROOT
from tests.records.rows import case_row, decision_row, leave_row, mentorship_row, pay_row, stage_row
from tests.web.readers import PATH, PLACEMENT, SENDER, WHO
from tests.web.tasks import NOW

BUDGET, REHEARSAL = "budget-DATA", "REHEARSAL"
PERSON, ROLE = WHO["returner"], "DATA1"
CHOICE, CERTIFICATION = choice_case(PERSON, ROLE), certification_case(PERSON, "DATA-PRO")
MORE = 12
"""Times as much as little."""

ONE_FOR_ALL = frozenset({"seals", "sessions", "sign_ins", "uploads"})
"""Tables of which there is no more: the list of seals is one, and the others are of whoever looks."""


def people_of_the_examples(database: Database) -> None:
    """Put them on record."""
    with database.session() as session:
        store_people(session, read_people((ROOT / "examples" / "people.csv").read_bytes()))


def something_of_everything(database: Database) -> None:
    """Put something of what pages show on record, beside :func:`tests.web.rights.everybody`."""
    chosen = {"person": PERSON, "role": ROLE}
    on_record: dict[str, list[Row]] = {
        PLACEMENT: [
            stage_row(), stage_row(2, 1, "matching"), decision_row(), pay_row(), leave_row(last=date(2026, 5, 8)),
            mentorship_row(mentor=WHO["mentor"]),
        ],
        PATH: [
            stage_row(stage="assessment"), decision_row(),
            LearningRow(n=1, at=NOW, training="SQL-W", kind=TrainingKind.WORKSHOP, round=1, state="planned", attempts=0,
                        hours=8, cost=Money(amount=Decimal(100), currency="GBP"), reason=None),
        ],
        CERTIFICATION: [
            case_row(at=NOW, programme="certification", person=PERSON, role="DATA-PRO", stage="valid", cohort=None),
            stage_row(stage="exam"), decision_row(),
        ],
        CHOICE: [
            decision_row(what="programme_recommended", decided="returnship", evidence=chosen),
            decision_row(2, what="programme_decided", decided="neither", evidence=chosen),
        ],
        BUDGET: [
            CapacityRow(id=BUDGET, at=NOW, title="Training", unit="GBP", size=Decimal(900), held=Decimal(9), waiting=0),
            ReservationRow(capacity=BUDGET, holder=f"{PATH}/1", at=NOW, status=ReservationStatus.HELD,
                           amount=Decimal(9)),
            ReservationRow(capacity=BUDGET, holder=f"{PATH}/2", at=NOW, status=ReservationStatus.OFFERED,
                           amount=Decimal(9)),
        ],
    }  # fmt: skip
    with database.session() as session:
        for case, rows in on_record.items():
            write(session, JournalBatch(case=case, rows=rows))
        session.add_all(_entries())


def _entries() -> list[Base]:
    """What no case writes."""
    mail = {"template": "welcome", "recipient": PERSON, "sent_at": NOW, "status": "sent", "reach": "work"}
    return [
        *(MailRecord(message_id=f"<{case}@x>", case_id=case, **mail) for case in (PLACEMENT, PATH)),
        DepartureRecord(
            person=WHO["manager"], at=NOW, last_day=date(2030, 1, 1), stage="planned", declared_by=WHO["HR"],
            reason=None, successor=None, successors={}, looks=0,
            handed=[{"case": PLACEMENT, "what": "manager", "to": WHO["HR"], "handing": "waits", "at": NOW.isoformat()}],
        ),
        RehearsalRecord(
            id=REHEARSAL, started_by=SENDER, file="cohort.csv", options={}, state="stopped", started_at=NOW,
            seen_at=NOW, ended_at=NOW, progress=[], problem=None, result=None,
        ),
        CredentialRecord(
            id="00000000-0000-4000-8000-000000000000", case_id=CERTIFICATION, n=1, person=PERSON,
            certificate="DATA-PRO", issuer="did:key:x", issued_at=NOW, valid_from=NOW,
            valid_until=NOW + timedelta(days=9), status=CredentialStatus.VALID.value, status_since=NOW,
            status_reason=None, status_index=1, status_home="x", document="{}",
        ),
    ]  # fmt: skip


def much_more(database: Database) -> None:
    """Of each row, many more: with other beginnings of their keys (other cases, with all they have), and with other
    ends of them (more of the same case)."""
    with database.session() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in ONE_FOR_ALL:
                _multiply(session, table)


def _multiply(session: Session, table: Table) -> None:
    keys = list(table.primary_key.columns.keys())
    unique = [name for index in table.indexes if index.unique for name in index.columns.keys()]  # noqa: SIM118 - of a collection of columns, names are keys
    rows = [dict(row._mapping) for row in session.execute(select(table))]
    more = [
        row | {name: _another(row[name], MORE * end + number) for name in (key, *unique) if row[name] is not None}
        for row in rows
        for end, key in enumerate(dict.fromkeys((keys[0], keys[-1])))
        for number in range(MORE)
    ]
    if more:
        session.execute(insert(table), more)


def _another(value: Any, number: int) -> Any:
    """Another value of the same kind: of an id, one that begins alike and ends in a number; of none, none."""
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value + timedelta(days=1 + number)
    return value + 100 * (1 + number) if isinstance(value, int) else f"{value}{number:02}"
