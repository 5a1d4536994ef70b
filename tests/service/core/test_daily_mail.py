"""Whose daily mail a worker sees to when it starts: of all who have chosen one, or for whom letters wait."""

from __future__ import annotations

from typing import Any

from activities.core.ledger import Note
from activities.core.mail_records import RecordsLedger
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.tables.core import PersonRecord
from service.core.daily_mail import begin_all
from tests.activities.core.mailroom import CASE, letter

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
