"""The calendar entries that letters carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from icalendar import Calendar

from activities.core.contacts import Contact
from activities.core.letters import compose
from domain.core.post import Invitation, Letter
from domain.placement.mentor_letters import SessionCancelled, SessionInvitation
from tests.activities.core.letter_examples import wire
from tests.activities.core.mailroom import AMARA, AT, CASE, CHEN, SENDER, Book, Entries, Mailroom, send, smtp


def session(n: int, sequence: int, starts: datetime, method: str = "REQUEST") -> Letter:
    invitation = Invitation.model_validate(
        {
            "method": method,
            "uid": f"{CASE}.session-3@waymark.invalid",
            "sequence": sequence,
            "starts": starts,
            "ends": starts + timedelta(minutes=60),
            "summary": "Mentoring session 3\r\nX-EVIL: 1",
            "attendees": [AMARA, CHEN],
        }
    )
    facts = (
        SessionCancelled(other=None, n=3, of=10, starts=starts, why="Chen is ill")
        if method == "CANCEL"
        else SessionInvitation(other=None, n=3, of=10, starts=starts, moved=sequence > 0)
    )
    return wire(facts).model_copy(update={"key": f"{n}-{facts.template}", "invitation": invitation})


def calendar_part(mail: EmailMessage) -> tuple[str, Calendar]:
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    return str(part.get_param("method")), calendar


def test_an_invitation_is_sent_moved_and_called_off(
    mail_server: Controller, mailroom: Mailroom, entries: Entries, book: Book
) -> None:
    moved = AT + timedelta(days=1)
    letters = [session(1, 0, AT), session(2, 1, moved), session(3, 2, moved, "CANCEL")]
    send(smtp(mail_server), entries, book, *letters)

    assert all(mail.get_content_type() == "multipart/alternative" for mail in mailroom.mails)
    parts = [calendar_part(mail) for mail in mailroom.mails]
    events = [calendar.events[0] for _, calendar in parts]
    assert [method for method, _ in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(calendar["METHOD"]) for _, calendar in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for event in events} == {f"{CASE}.session-3@waymark.invalid"}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event.start for event in events] == [AT, moved, moved]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    for event in events:
        assert event.organizer == "mailto:hr@waymark.invalid"
        assert event.attendees == ["mailto:amara@example.org", "mailto:chen@example.org"]
        assert event.attendees[1].params["CN"] == "Chen 陈"
        assert event.stamp == AT
        assert "X-EVIL" not in event


def test_the_entry_says_the_same_by_names() -> None:
    invited = session(1, 0, AT)
    assert invited.invitation is not None
    entry = invited.invitation.model_copy(update={"summary": "Mentoring with {other}, session {n} of 10"})
    mail = compose(
        CASE,
        invited.model_copy(update={"invitation": entry, "people": {"other": CHEN}}),
        Contact.parse(SENDER),
        {AMARA: Contact("Amara", "amara@example.org"), CHEN: Contact("Chen {n}", "chen@example.org")}.__getitem__,
    )
    event = calendar_part(mail)[1].events[0]
    assert event["SUMMARY"] == "Mentoring with Chen {n}, session {n} of 10"
