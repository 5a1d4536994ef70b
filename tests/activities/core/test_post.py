"""Post, sent to a real SMTP server; twice run, once done."""

from __future__ import annotations

import pytest
from aiosmtpd.controller import Controller
from temporalio.testing import ActivityEnvironment

from activities.core import sending
from activities.core.contacts import Contact
from activities.core.ledger import Entry
from activities.core.mail import PostActivities
from activities.core.transport import SmtpTransport
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


def test_a_server_that_cant_be_reached_is_tried_again(mailroom: Mailroom, entries: Entries, book: Book) -> None:
    port = free_port()
    transport = SmtpTransport(f"smtp://hr:secret-word@127.0.0.1:{port}", timeout=5)
    error = fail(transport, entries, book, letter(1))
    assert error.type == "MailServerUnreachable"
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
    assert fail(transport, entries, book, *letters).type == "MailServerUnreachable"
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
        ("530 5.7.0 who are you, bo@example.org?", "MailServerUnreachable"),
        ("421 4.3.2 closing down, bo@example.org", "MailServerUnreachable"),
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


def test_a_refusal_is_told_also_where_the_server_goes_after_it(
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


def test_what_takes_long_is_noted_meanwhile(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "NOTED_EVERY_SECONDS", -1.0)
    noted_before: list[int] = []
    mailroom.on_mail = lambda: noted_before.append(len(entries.noted))

    send(smtp(mail_server), entries, book, letter(1), letter(2, to=BO), letter(3, to=CHEN))

    assert noted_before == [0, 1, 2]
