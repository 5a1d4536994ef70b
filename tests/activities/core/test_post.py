"""Post, sent to a real SMTP server; twice run, once done."""

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
from activities.core.mail import Entry, Invited, Ledger, PostActivities, UnknownPerson
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from activities.core.transport import SmtpTransport
from domain.core.journal import JournalBatch
from domain.core.post import Invitation, Letter
from records import journal
from records.database import Database, RecordsUnreachable
from records.tables.base import Base
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
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
    fail,
    free_port,
    letter,
    running,
    send,
    smtp,
)
from tests.records.rows import case_row


def test_a_letter_arrives_as_a_mail(mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book) -> None:
    send(smtp(mail_server), entries, book, letter(1), letter(2, to=CHEN))

    first, second = mailroom.mails
    assert first["Message-ID"] == f"<{CASE}.1-paused@waymark.invalid>"
    assert second["Message-ID"] == f"<{CASE}.2-paused@waymark.invalid>"
    assert first["To"].addresses[0].display_name == "Amara Ökafor"
    assert second["To"].addresses[0].display_name == "Chen 陈"
    assert first["From"].addresses[0].addr_spec == "hr@waymark.invalid"
    assert first["Date"].datetime == AT
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["X-Waymark-Case"] == CASE
    assert first.get_content().startswith("Hello Amara Ökafor,")
    assert "since Monday 7 December 2026" in first.get_content()


def test_the_same_batch_again_sends_nothing(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    for _ in range(2):
        send(smtp(mail_server), entries, book, letter(1), letter(2, to=BO))
    assert mailroom.recipients == ["amara@example.org", "bo@example.org"]
    assert list(entries.noted.values()) == [Entry("sent", None, "paused", AMARA), Entry("sent", None, "paused", BO)]


def test_another_letter_under_the_key_of_one_that_was_sent_is_not_passed_over_in_silence(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    send(smtp(mail_server), entries, book, letter(1))

    sent = send(smtp(mail_server), entries, book, letter(1, to=BO), letter(2, to=CHEN))

    assert sent.done == ["1-paused", "2-paused"]
    assert sent.conflicts == [
        f"letter 1-paused of {CASE} to {BO} is not sent: another letter of that key was, to {AMARA}"
    ]
    assert mailroom.recipients == ["amara@example.org", "chen@example.org"]
    assert [record.levelname for record in caplog.records if "not sent" in record.message] == ["ERROR"]


def test_a_server_that_is_away_is_tried_again(mailroom: Mailroom, entries: Entries, book: Book) -> None:
    port = free_port()
    transport = SmtpTransport(f"smtp://hr:secret-word@127.0.0.1:{port}", timeout=5)
    error = fail(transport, entries, book, letter(1))
    assert error.type == "MailServerAway"
    assert f"127.0.0.1:{port}" in str(error)
    assert "secret-word" not in str(error)
    assert not entries.noted


def test_a_batch_that_broke_off_goes_on_where_it_was(mailroom: Mailroom, entries: Entries, book: Book) -> None:
    letters = [letter(n, to=to) for n, to in enumerate((AMARA, BO, CHEN), start=1)]
    mailroom.falters_after = 1
    with running(mailroom) as server:
        transport = smtp(server)
        assert send(transport, entries, book, *letters).done == ["1-paused"]
        assert "451 4.3.0 no room" in str(fail(transport, entries, book, *letters[1:]))
    assert fail(transport, entries, book, *letters).type == "MailServerAway"
    mailroom.falters_after = None
    with running(mailroom, port=server.port):
        send(transport, entries, book, *letters)
    assert mailroom.recipients == ["amara@example.org", "bo@example.org", "chen@example.org"]


def test_a_refused_recipient_does_not_stop_the_others(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    mailroom.refused["bo@example.org"] = "550 5.1.1 <bo@example.org> unknown here"
    for _ in range(2):
        sent = send(smtp(mail_server), entries, book, letter(1), letter(2, to=BO), letter(3, to=CHEN))
        assert (len(sent.done), list(sent.refused)) == (3, ["2-paused"])
    assert mailroom.recipients == ["amara@example.org", "chen@example.org"]
    assert entries.noted[f"<{CASE}.2-paused@waymark.invalid>"] == Entry(
        "refused", "550 5.1.1 <...> unknown here", "paused", BO
    )
    assert [record.levelname for record in caplog.records if "mail refused" in record.message] == ["WARNING"]
    assert "bo@example.org" not in caplog.text


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("450 4.2.1 <bo@example.org> is busy", "NotNow"),
        ("530 5.7.0 who are you, bo@example.org?", "MailServerAway"),
        ("421 4.3.2 closing down, bo@example.org", "MailServerAway"),
    ],
)
def test_what_is_not_for_good_is_tried_again(
    reply: str, kind: str, mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    mailroom.refused["bo@example.org"] = reply
    error = fail(smtp(mail_server), entries, book, letter(1, to=BO))
    assert error.type == kind
    assert reply[:9] in str(error)
    assert "bo@example.org" not in str(error)
    assert not entries.noted


def test_a_full_mailbox_holds_up_nobody_else(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    mailroom.refused["bo@example.org"] = "452 4.2.2 mailbox full"
    letters = [letter(1, to=BO), letter(2), letter(3, to=CHEN)]

    assert send(smtp(mail_server), entries, book, *letters).done == ["2-paused", "3-paused"]
    assert send(smtp(mail_server), entries, book, letters[0], insist=False).done == []
    mailroom.refused.clear()
    assert send(smtp(mail_server), entries, book, letters[0]).done == ["1-paused"]

    assert mailroom.recipients == ["amara@example.org", "chen@example.org", "bo@example.org"]


@pytest.mark.parametrize("in_the_way", ["a full mailbox", "a template that is not there"])
def test_letters_to_one_person_keep_their_order_where_one_has_to_wait(
    in_the_way: str, mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    # Given letters to Bo, the first of which can't be sent now, and another's between them
    first = letter(1, to=BO)
    if in_the_way == "a full mailbox":
        mailroom.refused["bo@example.org"] = "452 4.2.2 mailbox full"
    else:
        first = letter(1, to=BO, template="no_such")
    letters = [first, letter(2), letter(3, to=BO), letter(4, to=BO), letter(5)]

    # then Bo's others wait behind it, in this batch and while it is tried again
    assert send(smtp(mail_server), entries, book, *letters).done == ["2-paused", "5-paused"]
    assert send(smtp(mail_server), entries, book, *letters, insist=False).done == ["2-paused", "5-paused"]
    assert fail(smtp(mail_server), entries, book, letters[0], letters[2], letters[3])

    # and go in their order once it can go
    mailroom.refused.clear()
    letters[0] = letter(1, to=BO)
    assert len(send(smtp(mail_server), entries, book, *letters).done) == 5
    to_bo = [
        str(mail["Message-ID"]) for mail in mailroom.mails if mail["To"].addresses[0].addr_spec == "bo@example.org"
    ]
    assert to_bo == [f"<{CASE}.{n}-paused@waymark.invalid>" for n in (1, 3, 4)]


def test_a_letter_that_names_somebody_unknown_holds_up_only_those_that_name_them_too(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    about_nobody = {"mentor": "P-NOBODY"}
    first, later = letter(1, to=BO, people=about_nobody), letter(3, to=BO, people=about_nobody)

    sent = send(smtp(mail_server), entries, book, first, letter(2, to=BO), later, letter(4, to=BO))

    assert (sent.done, sent.unknown) == (["2-paused", "4-paused"], ["P-NOBODY"])
    book.people["P-NOBODY"] = Contact("No Body", "nobody@example.org")
    assert send(smtp(mail_server), entries, book, first, later).done == ["1-paused", "3-paused"]


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


@pytest.fixture(params=["in memory", "on the records"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return Entries() if request.param == "in memory" else RecordsLedger(request.getfixturevalue("database"))


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


def test_a_refusal_is_told_also_where_the_server_goes_away_after_it(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    mailroom.refused = {"amara@example.org": "550 5.1.1 unknown", "bo@example.org": "421 4.3.2 closing down"}
    activities = PostActivities(entries, book, smtp(mail_server), SENDER)

    sent = ActivityEnvironment().run(activities.send, batch(letter(1), letter(2, to=BO)))

    assert (sent.done, list(sent.refused)) == (["1-paused"], ["1-paused"])
    assert sent.away is not None
    assert "421" in sent.away


def test_an_address_that_is_none_is_noted_and_passed_over(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    book.people[BO] = Contact("Bo", "bo..@[example.org")
    send(smtp(mail_server), entries, book, letter(1, to=BO), letter(2))
    assert [entry.status for entry in entries.noted.values()] == ["refused", "sent"]


def test_an_address_only_some_servers_can_write_to(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    book.people[BO] = Contact("Bo", "bo@bücher.example")
    send(smtp(mail_server), entries, book, letter(1, to=BO))
    assert mailroom.recipients == ["bo@xn--bcher-kva.example"]


def test_an_unknown_person_is_waited_for(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    assert send(smtp(mail_server), entries, book, letter(1), letter(2, to="P-NOBODY")).done == ["1-paused"]
    error = fail(smtp(mail_server), entries, book, letter(2, to="P-NOBODY"))
    assert error.type == "UnknownPerson"
    assert "P-NOBODY" in str(error)
    book.people["P-NOBODY"] = Contact("No Body", "nobody@example.org")
    send(smtp(mail_server), entries, book, letter(1), letter(2, to="P-NOBODY"))
    assert mailroom.recipients == ["amara@example.org", "nobody@example.org"]


# On the records


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
    ledger.note_sent("<1@x>", CASE, letter(1, to=BO), "550 unknown", None)
    ledger.note_sent("<1@x>", CASE, letter(1, to=BO), None, None)
    assert ledger.entry("<1@x>") == Entry("refused", "550 unknown", "paused", BO)
    assert ledger.entry("<2@x>") is None
    with database.reading() as records:
        assert [(record.status, record.reason) for record in records.scalars(select(MailRecord))] == [
            ("refused", "550 unknown")
        ]


def test_on_the_records_an_unknown_person_is_named(database: Database) -> None:
    with pytest.raises(UnknownPerson, match="P-NOBODY is not in the records"):
        RecordsAddressBook(database).contact("P-NOBODY")


# Invitations on the records

HOW = Invited("bo@example.org", Contact("Waymark", "hr@waymark.invalid"))
UID = f"{CASE}-session-1@waymark"


def test_what_is_called_off_goes_where_it_was_invited_to_though_the_entry_could_not_be_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an invitation on record, and records that go away between the cancellation's mail and its entry
    ledger = RecordsLedger(database)
    ledger.note_sent("<1@x>", CASE, invitation(1, "REQUEST"), None, HOW)
    monkeypatch.setattr(mail_records, "_invitation", _goes_away)
    with pytest.raises(ApplicationError, match="away"):
        ledger.note_sent("<2@x>", CASE, invitation(2, "CANCEL"), None, None)
    monkeypatch.undo()
    # Then the next try knows both that it was not sent, and how somebody was invited
    assert ledger.entry("<2@x>") is None
    assert ledger.invited(UID, BO) == HOW
    ledger.note_sent("<2@x>", CASE, invitation(2, "CANCEL"), None, None)
    assert ledger.invited(UID, BO) is None


def test_a_cancellation_that_was_refused_leaves_the_invitation(database: Database) -> None:
    ledger = RecordsLedger(database)
    ledger.note_sent("<1@x>", CASE, invitation(1, "REQUEST"), None, HOW)
    ledger.note_sent("<2@x>", CASE, invitation(2, "CANCEL"), "550 unknown", None)
    assert ledger.invited(UID, BO) == HOW


def test_of_what_is_over_nothing_is_kept(database: Database) -> None:
    ledger = RecordsLedger(database)

    def write_in(case: str, days: int) -> None:
        ledger.note_sent(f"<{case}-{days}@x>", case, letter(2, to=CHEN, at=AT + timedelta(days=days)), None, None)

    ledger.note_sent("<1@x>", CASE, invitation(1, "REQUEST"), None, HOW)
    write_in(CASE, 29)
    write_in("R-OTHER", 90)
    assert ledger.invited(UID, BO) == HOW
    write_in(CASE, 32)
    assert ledger.invited(UID, BO) is None


def test_once_a_case_has_ended_nothing_is_kept_of_what_was_over_then(database: Database) -> None:
    ledger = RecordsLedger(database)
    ledger.note_sent("<1@x>", CASE, invitation(1, "REQUEST"), None, HOW)
    for stage, at, kept in (("placement", 2, True), ("ended", 0, True), ("ended", 2, False), ("ended", 2, False)):
        row = case_row(at=AT + timedelta(hours=at), stage=stage, stage_since=AT)
        with database.session() as records:
            journal.write(records, JournalBatch(case=CASE, rows=[row]))
        assert (ledger.invited(UID, BO) == HOW) is kept


def _goes_away(*_: object) -> None:
    raise RecordsUnreachable("away")
