"""Whose mail address is changed hears of it, at each address they had until then."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from activities.core.address_letters import AGAIN_AFTER, GIVEN_UP_AFTER, AddressLetters
from activities.core.mail_records import RecordsAddressBook
from activities.core.transport import MailServerUnreachable, SmtpTransport
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.tables.dispatch import AddressChangeRecord
from tests.activities.core.mailroom import SENDER, Mailroom, free_port, running, smtp

HEADER = (
    "id,name,email,private_email,time_zone,country,languages,skills,preferences,manager,mentor,break_months,"
    "underemployed,experience_years"
)
WORK, PRIVATE, NEW = "amara@example.org", "amara@home.example", "amara.okafor@example.org"


def stored(database: Database, email: str, private: str = "", languages: str = "de") -> None:
    """HR imports a file with one person."""
    row = f"P-AMARA,Amara Okafor,{email},{private},Europe/Dublin,IE,{languages},sql,,,no,30,no,9"
    with database.session() as session:
        store_people(session, read_people(f"{HEADER}\n{row}\n"))


@pytest.fixture
def mailroom() -> Mailroom:
    """What the mail server does."""
    return Mailroom()


@pytest.fixture
def letters(database: Database, mailroom: Mailroom) -> Iterator[AddressLetters]:
    """What sends them, by a real mail server."""
    with running(mailroom) as server:
        yield AddressLetters(database, RecordsAddressBook(database), smtp(server), SENDER)


def later(by: timedelta) -> datetime:
    return datetime.now(UTC) + by


def waiting(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AddressChangeRecord.address).order_by(AddressChangeRecord.n)))


def test_they_are_told_once_in_their_language_at_the_address_they_had_and_the_new_one_is_not_named(
    database: Database, letters: AddressLetters, mailroom: Mailroom
) -> None:
    # given somebody whose address becomes another by an import
    stored(database, WORK)
    letters.send_due()
    stored(database, NEW)
    # when a worker looks for it, and looks again
    letters.send_due()
    letters.send_due()
    # then the old address alone has heard of it, and is not kept
    (mail,) = mailroom.mails
    assert mailroom.recipients == [WORK]
    assert (mail["Subject"], mail["Content-Language"]) == ("Ihre E-Mail-Adresse in Waymark wurde geändert", "de")
    text = mail.get_content()
    assert "Amara Okafor" in text
    assert NEW not in str(mail)
    assert waiting(database) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((WORK, PRIVATE), (NEW, PRIVATE), [WORK, PRIVATE]),
        ((WORK, PRIVATE), (WORK, ""), [WORK, PRIVATE]),
        ((WORK, ""), (WORK, PRIVATE), [WORK]),
        ((WORK, ""), (WORK.upper(), ""), []),
        ((WORK, PRIVATE), (WORK, PRIVATE), []),
        (("a@bücher.example", ""), ("a@xn--bcher-kva.example", ""), []),
    ],
    ids=["another", "one less", "one more", "written otherwise", "the same", "in another script"],
)
def test_each_address_that_somebody_had_hears_of_what_is_otherwise(
    database: Database, before: tuple[str, str], after: tuple[str, str], told: list[str]
) -> None:
    stored(database, *before)
    stored(database, *after, languages="en")
    assert waiting(database) == told


def test_while_the_mail_server_cant_be_reached_they_wait(
    database: Database, letters: AddressLetters, mailroom: Mailroom
) -> None:
    stored(database, WORK)
    stored(database, NEW)
    unreachable = SmtpTransport(f"smtp://127.0.0.1:{free_port()}", timeout=5)
    with pytest.raises(MailServerUnreachable):
        AddressLetters(database, letters.book, unreachable, SENDER).send_due()
    letters.send_due()  # which another worker may just be sending
    assert mailroom.recipients == []
    letters.send_due(lambda: later(AGAIN_AFTER))
    assert (mailroom.recipients, waiting(database)) == ([WORK], [])


@pytest.mark.parametrize(
    ("reply", "after", "kept"),
    [
        ("550 5.1.1 unknown here", timedelta(), []),
        ("452 4.2.2 mailbox full", timedelta(), [WORK]),
        ("452 4.2.2 mailbox full", GIVEN_UP_AFTER, []),
    ],
)
def test_of_a_mailbox_that_takes_nothing_no_address_is_kept_for_long(
    database: Database,
    letters: AddressLetters,
    mailroom: Mailroom,
    caplog: pytest.LogCaptureFixture,
    reply: str,
    after: timedelta,
    kept: list[str],
) -> None:
    stored(database, WORK)
    stored(database, NEW)
    mailroom.refused[WORK] = reply
    with caplog.at_level(logging.INFO):
        letters.send_due(lambda: later(after))
    assert waiting(database) == kept
    said = [vars(record) for record in caplog.records if record.name == "activities.core.address_letters"]
    assert [line["person"] for line in said] == ([] if kept else ["P-AMARA"])
    assert WORK not in str(said)


def test_of_two_workers_one_tells_them(database: Database, letters: AddressLetters, mailroom: Mailroom) -> None:
    for n in range(5):
        stored(database, f"a{n}@example.org")
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: letters.send_due(), range(2)))
    assert sorted(mailroom.recipients) == [f"a{n}@example.org" for n in range(4)]
