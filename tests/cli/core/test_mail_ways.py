"""How mail reaches somebody: what is shown to whom, and who may choose one mail a day."""

from __future__ import annotations

import asyncio
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from activities.core.ledger import Note
from activities.core.mail_records import RecordsLedger
from domain.core.naming import daily_mail_id
from records.database import Database
from records.tables.core import PersonRecord
from service.core.daily_mail import mail_ways
from tests.activities.core.mailroom import CASE, letter
from tests.cli.conftest import CommandLine, on_server
from tests.office import HR, eventually, open_office

OF_HR, BOSS, RETURNER = "P-7LM2ZA", "P-5HN3TC", "P-2HD9WQ"


def test_it_is_said_in_words_how_mail_reaches_somebody(staffed: CommandLine, database: Database) -> None:
    assert "gets each mail by itself" in staffed("people", "mail", BOSS, "--as", BOSS)
    with database.session() as session:
        session.get_one(PersonRecord, BOSS).mail_choice = "daily"
    assert "gets one mail a day" in staffed("people", "mail", BOSS, "--as", OF_HR)


async def test_one_mail_a_day_is_chosen_by_oneself_or_by_hr_and_begins_with_the_next_morning(
    client: Client, tmp_path: Path
) -> None:
    async with open_office(client, tmp_path) as office:
        starter, reader = on_server(office), office.outsider

        # When they choose one mail a day, with no letter on its way to them
        await starter("people", "mail", reader, "--as", reader.lower(), "--daily")

        # Then somebody sees to it from now on
        seen_to = await client.get_workflow_handle(daily_mail_id(reader)).describe()
        assert seen_to.status is WorkflowExecutionStatus.RUNNING
        assert mail_ways(office.database, reader, HR).choice == "daily"
        await starter("people", "mail", reader, "--as", HR, "--each")
        assert mail_ways(office.database, reader, HR).choice == "each"


def test_a_private_address_is_shown_to_nobody_but_hr(staffed: CommandLine, database: Database) -> None:
    with database.session() as session:
        session.get_one(PersonRecord, RETURNER).private_email = "at@home.example"
    assert "at@home.example" in staffed("people", "mail", RETURNER, "--as", OF_HR)
    assert "at@home.example" in staffed("people", "mail", RETURNER, "--as", RETURNER)

    said = staffed("people", "mail", RETURNER, "--as", BOSS, "--daily", code=1)
    assert f"{BOSS} can't see or say how mail reaches {RETURNER}: it is for themselves and HR" in said
    assert "at@home.example" not in said
    assert staffed.json("people", "mail", RETURNER, "--as", OF_HR)["choice"] == "each"


def test_what_makes_no_sense_is_told(staffed: CommandLine) -> None:
    assert "exclude each other" in staffed("people", "mail", BOSS, "--as", BOSS, "--daily", "--each", code=2)
    assert "no person P-NOBODY" in staffed("people", "mail", "P-NOBODY", "--as", BOSS, code=3)


async def test_who_wants_each_mail_again_gets_at_once_what_has_gathered(client: Client, tmp_path: Path) -> None:
    async with open_office(client, tmp_path) as office:
        # Given a letter that waits for somebody's morning
        starter, reader = on_server(office), office.outsider
        await starter("people", "mail", reader, "--as", HR, "--daily")
        waits = letter(1, to=reader)
        await asyncio.to_thread(RecordsLedger(office.database).note, CASE, [Note("<1@x>", waits, held=True)])

        # When they choose otherwise
        said = await starter("people", "mail", reader, "--as", reader, "--each")

        # Then it comes
        assert said.code == 0
        await eventually(lambda: bool(office.mails(to=reader)))
        (mail,) = office.mails(to=reader)
        assert daily_mail_id(reader) in str(mail["Message-ID"])
        assert f"Placement {CASE} is paused" in bytes(mail.get_payload(decode=True)).decode()
        await client.get_workflow_handle(daily_mail_id(reader)).result()
