"""What we send is what others read: every kind of mail, read by a second parser."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from icalendar import Calendar, Event

from activities.core.contacts import Contact
from activities.core.letters import compose, write
from domain.core.characters import one_line
from domain.core.post import Letter
from tests.activities.core.letter_examples import letter_types, one_of_each
from tests.activities.core.mailroom import AMARA, AT, CASE, CHEN, SENDER, letter
from tests.activities.core.second_parser import Read, mailbox, read
from tests.activities.core.test_calendar_entries import session

LONG = f"a <evil@x.com>, {'Long-Name ' * 8}of a Person"
NASTY = f'Ökafor, "{LONG}" \\ =?utf-8?q?Bo?= (陈) ; <b@x.org>'
SMTP_LINES = SMTP.linesep


def on_the_wire(mail: EmailMessage) -> bytes:
    return mail.as_bytes(policy=mail.policy.clone(linesep=SMTP_LINES))


def sent(in_outbox: Letter, *, to: Contact, sender: Contact | None = None, others: Contact | None = None) -> Read:
    people = {AMARA: to, CHEN: others or Contact("Chen 陈", "chen@example.org")}
    mail = compose(CASE, in_outbox, sender or Contact.parse(SENDER), people.__getitem__)
    return read(on_the_wire(mail))


def entry(mail: Read) -> Event:
    content = mail.part("text/calendar")
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return event


@pytest.mark.parametrize("name", ["Amara", LONG, NASTY])
@pytest.mark.parametrize("template", [kind.template for kind in letter_types()])
def test_every_kind_of_mail_is_to_one_person_and_says_what_it_says(template: str, name: str) -> None:
    example = one_of_each()[template]
    first = letter(
        1,
        template=template,
        time_zone=example.time_zone,
        facts={**example.facts, "role_title": "Data engineer, 日本"},
        people=dict.fromkeys(example.people, CHEN),
    )
    mail = sent(first, to=Contact(name, "amara@example.org"), sender=Contact(name, "hr@waymark.invalid"))

    subject, text = write(CASE, first, name, dict.fromkeys(first.people, "Chen 陈"))
    assert mail.mailbox("to") == mailbox_of(name, "amara@example.org")
    assert mail.mailbox("from") == mailbox_of(name, "hr@waymark.invalid")
    assert mail.subject == subject
    assert mail.part("text/plain").decode() == text.replace("\n", "\r\n")
    assert mail.headers["message-id"] == f"<{CASE}.1-paused@waymark.invalid>"


def mailbox_of(name: str, address: str) -> object:
    return type(mailbox("<a@b.c>"))(one_line(name), address)


@given(name=some.text(max_size=200) | some.text('ab ,<>@"\\()=?.é', max_size=200))
@example(name=LONG)
@example(name="a" * 200)
@example(name="=?utf-8?q?a?=")
@example(name="\u202egro.elpmaxe@oab")
def test_whatever_a_name_is_it_names_one_person(name: str) -> None:
    mail = sent(letter(1), to=Contact(name, "amara@example.org"))
    assert mail.mailbox("to") == mailbox_of(name, "amara@example.org")
    assert "\u202e" not in mail.mailbox("to").name


@given(title=some.text(max_size=200) | some.text("ab =?_utf-8q\t\n", max_size=200))
@example(title="=?utf-8?q?forged?=")
def test_whatever_a_subject_is_it_is_read_as_it_was_written(title: str) -> None:
    facts = {"role_title": "Data engineer", "title": title}
    without_title = letter(1, template="role_changed", facts=facts)
    one_with_title = letter(1, template="training_passed", facts=facts)
    for written in (without_title, one_with_title):
        assert sent(written, to=Contact("Amara", "amara@example.org")).subject == write(CASE, written, "Amara", {})[0]


def test_a_long_message_id_stays_in_one_piece() -> None:
    sender = Contact("HR", f"hr@{'a' * 60}.{'b' * 60}.example.org")
    mail = sent(letter(1, key=f"1-{'k' * 60}"), to=Contact("Amara", "amara@example.org"), sender=sender)
    assert mail.headers["message-id"] == f"<{CASE}.1-{'k' * 60}@{'a' * 60}.{'b' * 60}.example.org>"


@pytest.mark.parametrize("name", ["Amara", LONG, NASTY])
def test_invitations_name_everybody_as_their_mails_do(name: str) -> None:
    to, chen = Contact(name, "o'neil%hr+1@Bücher.example"), Contact("Chen 陈", "chen@xn--bcher-kva.example")
    mail = sent(session(1, 0, AT), to=to, others=chen, sender=Contact(name, "hr@bücher.example"))
    event = entry(mail)
    assert mail.mailbox("to").address == "o'neil%hr+1@xn--bcher-kva.example"
    assert event.attendees == ["mailto:o'neil%25hr+1@xn--bcher-kva.example", "mailto:chen@xn--bcher-kva.example"]
    assert event.attendees[0].params["CN"] == one_line(name)
    assert event.organizer == f"mailto:{mail.mailbox('from').address}"
    assert event.organizer == "mailto:hr@xn--bcher-kva.example"


def test_an_attendee_without_an_address_does_not_keep_others_from_being_invited() -> None:
    mail = sent(session(1, 0, AT), to=Contact("Amara", "amara@example.org"), others=Contact("Chen", "chen@localhost.."))
    assert entry(mail).attendees == ["mailto:amara@example.org"]


def test_a_line_of_a_long_entry_is_folded_and_read_back() -> None:
    invited = session(1, 0, AT)
    assert invited.invitation is not None
    about = "Ünusually long matters, " * 20
    invitation = invited.invitation.model_copy(update={"summary": about, "place": "Room 4; 陈 Building, 2nd floor"})
    event = entry(sent(invited.model_copy(update={"invitation": invitation}), to=Contact("Amara", "amara@example.org")))
    assert event["SUMMARY"] == one_line(about)
    assert event["LOCATION"] == "Room 4; 陈 Building, 2nd floor"
    assert event.start == AT
    assert event.end == AT + timedelta(minutes=60)


@pytest.mark.parametrize(
    "header",
    [
        "a, b <a@b.c>",
        "a@b.c, d@e.f",
        "a <a@b.c> b",
        'a "b <a@b.c>',
        "é <a@b.c>",
        "<a..b@c.d>",
        "a",
        "a: b <a@b.c>;",
    ],
)
def test_the_second_parser_forgives_nothing(header: str) -> None:
    with pytest.raises(ValueError, match="not"):
        mailbox(header)
