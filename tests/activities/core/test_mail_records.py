"""What stands on record of mails and invitations, and what follows from it for those that come after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar
from sqlalchemy import select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.core import mail_records
from activities.core.contacts import Contact
from activities.core.ledger import Entry, Invited, Ledger, Note
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from domain.core.journal import JournalBatch
from domain.core.post import Invitation, Letter
from records import journal
from records.database import Database
from records.errors import RecordsUnreachable
from records.tables.base import Base
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from tests.activities.core.mailroom import AT, BO, CASE, CHEN, SENDER, Book, Entries, Mailroom, batch, letter, smtp
from tests.records.rows import case_row


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new records database with Bo in it."""
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as records:
        records.add(
            PersonRecord(
                id=BO,
                name="Bo",
                email="bo@example.org",
                time_zone="Europe/London",
                country="GB-ENG",
                languages=["en"],
                skills=[],
                preferences=[],
                mentor=False,
            )
        )
    yield database
    database.close()


@pytest.fixture(params=["in memory", "on the records"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return Entries() if request.param == "in memory" else RecordsLedger(request.getfixturevalue("database"))


def entry(ledger: Ledger, message_id: str) -> Entry | None:
    return ledger.known({message_id: letter(1, to=BO)}).entries.get(message_id)


def invited(ledger: Ledger) -> Invited | None:
    return ledger.known({"<0@x>": invitation(1, "REQUEST")}).invited.get((UID, BO))


def test_on_the_records_a_mail_is_sent_once(database: Database, mail_server: Controller, mailroom: Mailroom) -> None:
    activities = PostActivities(RecordsLedger(database), RecordsAddressBook(database), smtp(mail_server), SENDER)
    for _ in range(2):
        ActivityEnvironment().run(activities.send_post, batch(letter(1, to=BO)))
    assert mailroom.recipients == ["bo@example.org"]
    with database.reading() as records:
        (entry,) = records.scalars(select(MailRecord))
    assert (entry.case_id, entry.template, entry.recipient, entry.sent_at) == (CASE, "paused", BO, AT)
    assert (entry.status, entry.reason) == ("sent", None)


def test_on_the_records_the_first_entry_stays(database: Database) -> None:
    ledger = RecordsLedger(database)
    ledger.note(CASE, [Note("<1@x>", letter(1, to=BO), "550 unknown")])
    ledger.note(CASE, [Note("<1@x>", letter(1, to=BO))])
    assert entry(ledger, "<1@x>") == Entry("refused", "550 unknown", "paused", BO)
    assert entry(ledger, "<2@x>") is None
    with database.reading() as records:
        assert [(record.status, record.reason) for record in records.scalars(select(MailRecord))] == [
            ("refused", "550 unknown")
        ]


def test_on_the_records_who_is_known_is_found(database: Database) -> None:
    found = RecordsAddressBook(database).contacts([BO, "P-NOBODY"])
    assert found == {BO: Contact("Bo", "bo@example.org", "Europe/London")}


# Invitations


def invitation(n: int, method: str, to: str = BO) -> Letter:
    about = Invitation.model_validate(
        {
            "method": method,
            "uid": f"{CASE}-session-1@waymark",
            "sequence": n,
            "starts": AT,
            "ends": AT + timedelta(hours=1),
            "summary": "Mentoring",
            "attendees": [BO, CHEN],
        }
    )
    return letter(n, to=to, invitation=about)


def way(mail: EmailMessage) -> tuple[str, str, str | None, str, bool]:
    """To whom and from whom a mail goes, who sends it for them, its entry's organiser; whether it names its reader."""
    (part,) = (found for found in mail.walk() if found.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    event = calendar.events[0]
    sender = mail["Sender"].addresses[0].addr_spec if "Sender" in mail else None
    to, author = (mail[name].addresses[0].addr_spec for name in ("To", "From"))
    return to, author, sender, str(event.organizer), f"mailto:{to}" in event.attendees


def test_what_is_called_off_goes_the_way_of_its_invitation_also_after_address_and_sender_have_changed(
    mail_server: Controller, mailroom: Mailroom, ledger: Ledger, book: Book
) -> None:
    before = PostActivities(ledger, book, smtp(mail_server), SENDER)
    after = PostActivities(ledger, book, smtp(mail_server), "New HR <people@other.invalid>")
    run = ActivityEnvironment().run
    run(before.send_post, batch(invitation(1, "REQUEST"), invitation(2, "REQUEST", to=CHEN)))

    # When Bo has another address, and the programme another sender
    book.people[BO] = Contact("Bo", "bo@new.example")
    run(after.send_post, batch(invitation(3, "CANCEL"), invitation(4, "CANCEL", to=CHEN)))

    hr, new_hr = "hr@waymark.invalid", "people@other.invalid"
    assert [way(mail) for mail in mailroom.mails] == [
        ("bo@example.org", hr, None, f"mailto:{hr}", True),
        ("chen@example.org", hr, None, f"mailto:{hr}", True),
        ("bo@example.org", hr, new_hr, f"mailto:{hr}", True),
        ("chen@example.org", hr, new_hr, f"mailto:{hr}", True),
    ]
    # What comes after that begins anew
    run(after.send_post, batch(invitation(5, "REQUEST")))
    assert way(mailroom.mails[-1])[:4] == ("bo@new.example", new_hr, None, f"mailto:{new_hr}")


def test_what_is_moved_goes_to_who_somebody_is_now_by_the_same_organiser(
    mail_server: Controller, mailroom: Mailroom, ledger: Ledger, book: Book
) -> None:
    run = ActivityEnvironment().run
    run(PostActivities(ledger, book, smtp(mail_server), SENDER).send_post, batch(invitation(1, "REQUEST")))
    book.people[BO] = Contact("Bo", "bo@new.example")
    after = PostActivities(ledger, book, smtp(mail_server), "New HR <people@other.invalid>")
    run(after.send_post, batch(invitation(2, "REQUEST"), invitation(3, "CANCEL")))
    hr, new_hr = "hr@waymark.invalid", "people@other.invalid"
    for moved in mailroom.mails[1:]:
        assert way(moved) == ("bo@new.example", hr, new_hr, f"mailto:{hr}", True)


HOW = Invited("bo@example.org", Contact("Waymark", "hr@waymark.invalid"))
UID = f"{CASE}-session-1@waymark"


def test_what_is_called_off_goes_where_it_was_invited_to_though_the_entry_could_not_be_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an invitation on record, and records that go away between the cancellation's mail and its entry
    ledger = RecordsLedger(database)
    ledger.note(CASE, [Note("<1@x>", invitation(1, "REQUEST"), how=HOW)])
    monkeypatch.setattr(mail_records, "_invitation", _unreachable)
    with pytest.raises(ApplicationError, match="unreachable"):
        ledger.note(CASE, [Note("<2@x>", invitation(2, "CANCEL"))])
    monkeypatch.undo()
    # Then the next try knows both that it was not sent, and how somebody was invited
    assert entry(ledger, "<2@x>") is None
    assert invited(ledger) == HOW
    ledger.note(CASE, [Note("<2@x>", invitation(2, "CANCEL"))])
    assert invited(ledger) is None


def test_a_cancellation_that_was_refused_leaves_the_invitation(database: Database) -> None:
    ledger = RecordsLedger(database)
    ledger.note(CASE, [Note("<1@x>", invitation(1, "REQUEST"), how=HOW)])
    ledger.note(CASE, [Note("<2@x>", invitation(2, "CANCEL"), "550 unknown")])
    assert invited(ledger) == HOW


def test_of_what_is_over_nothing_is_kept(database: Database) -> None:
    ledger = RecordsLedger(database)

    def write_in(case: str, days: int) -> None:
        ledger.note(case, [Note(f"<{case}-{days}@x>", letter(2, to=CHEN, at=AT + timedelta(days=days)))])

    ledger.note(CASE, [Note("<1@x>", invitation(1, "REQUEST"), how=HOW)])
    write_in(CASE, 29)
    write_in("R-OTHER", 90)
    assert invited(ledger) == HOW
    write_in(CASE, 32)
    assert invited(ledger) is None


def test_once_a_case_has_ended_nothing_is_kept_of_what_was_over_then(database: Database) -> None:
    ledger = RecordsLedger(database)
    ledger.note(CASE, [Note("<1@x>", invitation(1, "REQUEST"), how=HOW)])
    for stage, at, kept in (("placement", 2, True), ("ended", 0, True), ("ended", 2, False), ("ended", 2, False)):
        row = case_row(at=AT + timedelta(hours=at), stage=stage, stage_since=AT)
        with database.session() as records:
            journal.write(records, JournalBatch(case=CASE, rows=[row]))
        assert (invited(ledger) == HOW) is kept


def _unreachable(*_: object) -> None:
    raise RecordsUnreachable("unreachable")
