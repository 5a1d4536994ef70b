"""Mail to somebody who has a private address: which letters go there, what others see of it, and invitations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar
from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.core.contacts import Contact
from activities.core.ledger import Ledger
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from domain.core.journal import JournalBatch
from domain.core.post import Invitation, Letter, Reach
from records import journal
from records.database import Database
from records.tables.base import Base
from records.tables.core import PersonRecord
from records.tables.dispatch import InvitationRecord, MailRecord
from tests.activities.core.mailroom import (
    AMARA,
    AT,
    BO,
    CASE,
    CHEN,
    SENDER,
    Book,
    Entries,
    Mailroom,
    batch,
    letter,
    send,
    smtp,
)
from tests.office import person
from tests.records.rows import case_row

PRIVATE = "amara@home.example"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Records with the three, of whom Amara has a private address."""
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as records:
        records.add_all(person(who) for who in (AMARA, BO, CHEN))
        records.flush()
        records.get_one(PersonRecord, AMARA).private_email = PRIVATE
    yield database
    database.close()


@pytest.fixture(autouse=True)
def amara_has_a_private_address(book: Book) -> None:
    book.people[AMARA] = Contact("Amara", "amara@example.org", private_email=PRIVATE)


@pytest.fixture(params=["in memory", "on the records"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return Entries() if request.param == "in memory" else RecordsLedger(request.getfixturevalue("database"))


def invitation(n: int, method: str, to: str, reach: Reach = "work") -> Letter:
    about = Invitation.model_validate(
        {
            "method": method,
            "uid": f"{CASE}-session-1@waymark",
            "sequence": n,
            "starts": AT,
            "ends": AT + timedelta(hours=1),
            "summary": "Mentoring",
            "attendees": [AMARA, BO],
        }
    )
    return letter(n, to=to, invitation=about, reach=reach)


def entry(mail: EmailMessage) -> tuple[str, str, int, list[str]]:
    """To whom a mail goes, and UID, number and attendees of the calendar entry in it."""
    (part,) = (found for found in mail.walk() if found.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    event = calendar.events[0]
    to = mail["To"].addresses[0].addr_spec
    return to, str(event["UID"]), int(str(event["SEQUENCE"])), sorted(str(attendee) for attendee in event.attendees)


def test_what_is_private_goes_to_the_private_address_where_there_is_one(
    mail_server: Controller, mailroom: Mailroom, database: Database
) -> None:
    activities = PostActivities(RecordsLedger(database), RecordsAddressBook(database), smtp(mail_server), SENDER)
    letters = [letter(1, reach="private"), letter(2), letter(3, to=BO, reach="private")]

    ActivityEnvironment().run(activities.send_post, batch(*letters))

    assert mailroom.recipients == [PRIVATE, f"{AMARA.lower()}@example.org", f"{BO.lower()}@example.org"]
    with database.reading() as records:
        used = records.scalars(select(MailRecord.reach).order_by(MailRecord.message_id)).all()
    assert used == ["private", "work", "work"]


def test_a_private_address_that_is_none_any_more_is_told_as_such(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    mailroom.refused[PRIVATE] = f"550 5.1.1 <{PRIVATE}> unknown here"
    sent = send(smtp(mail_server), entries, book, letter(1, reach="private"), letter(2))
    assert sent.refused == {"1-paused": "550 5.1.1 <...> unknown here (at their private address)"}
    assert mailroom.recipients == ["amara@example.org"]


def test_by_record_somebody_is_reached_where_their_placement_has_left_them(
    mail_server: Controller, mailroom: Mailroom, database: Database
) -> None:
    activities = PostActivities(RecordsLedger(database), RecordsAddressBook(database), smtp(mail_server), SENDER)
    for n, (stage, outcome) in enumerate([("preboarding", None), ("placement", None), ("ended", "released")]):
        row = case_row(at=AT + timedelta(days=n), person=AMARA, stage=stage, outcome=outcome)
        with database.session() as records:
            journal.write(records, JournalBatch(case=CASE, rows=[row]))
        letters = [letter(2 * n, reach="by_record"), letter(2 * n + 1, to=BO, reach="by_record")]
        ActivityEnvironment().run(activities.send_post, batch(*letters))

    to_bo = f"{BO.lower()}@example.org"
    assert mailroom.recipients == [PRIVATE, to_bo, f"{AMARA.lower()}@example.org", to_bo, PRIVATE, to_bo]


def test_what_follows_an_invitation_goes_to_the_address_that_was_invited(
    mail_server: Controller, mailroom: Mailroom, ledger: Ledger, book: Book, database: Database
) -> None:
    # Given somebody who was invited before their first day
    activities = PostActivities(ledger, book, smtp(mail_server), SENDER)
    run = ActivityEnvironment().run
    run(activities.send_post, batch(invitation(1, "REQUEST", AMARA, "private"), invitation(2, "REQUEST", BO)))

    # When the entry is moved after it, at another private address by now, and then called off
    book.people[AMARA] = Contact("Amara", "amara@example.org", private_email="amara@new.example")
    run(activities.send_post, batch(invitation(3, "REQUEST", AMARA), invitation(4, "REQUEST", BO)))
    run(activities.send_post, batch(invitation(5, "CANCEL", AMARA), invitation(6, "CANCEL", BO)))

    # Then their calendar has heard of each by the same UID, addressed to the one invited; and nobody else has seen it
    uid, at_work = f"{CASE}-session-1@waymark", ["mailto:amara@example.org", "mailto:bo@example.org"]

    def theirs(address: str) -> list[str]:
        return sorted([f"mailto:{address}", "mailto:bo@example.org"])

    assert [entry(mail) for mail in mailroom.mails] == [
        (PRIVATE, uid, 1, theirs(PRIVATE)),
        ("bo@example.org", uid, 2, at_work),
        ("amara@new.example", uid, 3, theirs("amara@new.example")),
        ("bo@example.org", uid, 4, at_work),
        ("amara@new.example", uid, 5, theirs("amara@new.example")),
        ("bo@example.org", uid, 6, at_work),
    ]
    # And what they are invited to anew comes to them at work
    run(activities.send_post, batch(invitation(7, "REQUEST", AMARA)))
    assert entry(mailroom.mails[-1])[0] == "amara@example.org"
    if isinstance(ledger, RecordsLedger):
        with database.reading() as records:
            assert records.scalars(select(InvitationRecord.reach)).all() == ["work"]


def test_what_was_sent_to_the_house_is_called_off_there_also_once_they_are_gone(
    mail_server: Controller, mailroom: Mailroom, ledger: Ledger, book: Book
) -> None:
    activities = PostActivities(ledger, book, smtp(mail_server), SENDER)
    run = ActivityEnvironment().run
    run(activities.send_post, batch(invitation(1, "REQUEST", AMARA)))
    run(activities.send_post, batch(invitation(2, "CANCEL", AMARA, "private")))
    assert mailroom.recipients == ["amara@example.org", "amara@example.org"]
