"""Whose daily mail a worker sees to when it starts: of all who have chosen one, or for whom letters wait."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update

from activities.core.ledger import Note
from activities.core.mail_records import RecordsLedger
from domain.core.journal import JournalBatch
from records import journal
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.tables.access import GrantRecord
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from service.core.daily_mail import begin_all, mail_ways
from tests.activities.core.mailroom import CASE, letter
from tests.records.rows import case_row

HEADER = (
    "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,"
    "break_months,underemployed,experience_years,mail_choice"
)


class Engine:
    """Says which workflows were started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    async def start_workflow(self, *_: Any, id: str, **__: Any) -> None:
        self.started.append(id)


async def test_a_worker_sees_to_the_mail_of_all_who_have_chosen_it_or_for_whom_letters_wait(database: Database) -> None:
    # Given somebody who has chosen it by an import, one for whom a letter waits, and one of neither
    rows = [f"P-{who},{who},{who}@example.org,Europe/London,GB-ENG,en,,,,no,,,,{choice}" for who, choice in CHOICES]
    with database.session() as session:
        store_people(session, read_people("\n".join([HEADER, *rows])))
    RecordsLedger(database).note(CASE, [Note("<1@x>", letter(1, to="P-WAITS"), held=True)])

    engine: Any = Engine()
    await begin_all(engine, "queue", database)

    assert engine.started == ["daily-mail-P-DAILY", "daily-mail-P-WAITS"]


CHOICES = [("DAILY", "daily"), ("WAITS", "each"), ("EACH", "each")]


def test_since_when_somebody_has_chosen_one_mail_a_day_stays_until_they_want_each(database: Database) -> None:
    def imported(choice: str) -> Any:
        row = f"P-DAILY,Dai,dai@example.org,Europe/London,GB-ENG,en,,,,no,,,,{choice}"
        with database.session() as session:
            store_people(session, read_people(f"{HEADER}\n{row}"))
        with database.reading() as session:
            return session.get_one(PersonRecord, "P-DAILY").daily_since

    assert imported("each") is None
    first = imported("daily")
    assert first is not None
    assert imported("daily") == first
    assert imported("each") is None


async def test_nobody_has_a_daily_mail_who_has_left_unless_a_case_is_about_them(database: Database) -> None:
    rows = [f"P-{who},{who},{who}@example.org,Europe/London,GB-ENG,en,,,,no,,,,daily" for who in ("LEFT", "ABOUT")]
    with database.session() as session:
        store_people(session, read_people("\n".join([HEADER, *rows])))
        for who in ("P-LEFT", "P-ABOUT"):
            session.get_one(PersonRecord, who).left_on = date(2026, 1, 5)
        journal.write(session, JournalBatch(case=CASE, rows=[case_row(person="P-ABOUT")]))

    engine: Any = Engine()
    await begin_all(engine, "queue", database)

    assert engine.started == ["daily-mail-P-ABOUT"]


def test_others_see_of_a_confidential_letter_its_number_alone(database: Database) -> None:
    rows = ["P-READER,R,r@example.org,Europe/London,GB-ENG,en,,,,no,,,,daily"]
    rows += ["P-LEAD,L,l@example.org,Europe/London,GB-ENG,en,,,,no,,,,each"]
    keys = ["31-mentor_wish_answered", "32-paused"]
    with database.session() as session:
        store_people(session, read_people("\n".join([HEADER, *rows])))
        session.add(GrantRecord(person="P-LEAD", duty="hr", granted_at=datetime(2026, 1, 5, tzinfo=UTC)))
    for n, key in enumerate(keys):
        waiting = letter(n + 1, to="P-READER").model_copy(update={"key": key})
        RecordsLedger(database).note(CASE, [Note(f"<{n}@x>", waiting, held=True)])
    with database.session() as session:
        session.execute(update(MailRecord).values(reason="its text is broken"))

    def seen(by: str) -> list[str]:
        return [aside.letter for aside in mail_ways(database, "P-READER", by).set_aside]

    assert seen("P-READER") == keys
    assert seen("P-LEAD") == ["31", "32-paused"]
