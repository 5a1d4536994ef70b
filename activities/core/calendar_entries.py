"""The calendar part of a letter: an entry that is added to somebody's calendar, moved, or called off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from icalendar import STATUS, Calendar, Event, vCalAddress

from activities.core.contacts import Contact, UnusableAddress
from domain.core.characters import one_line
from domain.core.model import PersonId
from domain.core.post import Invitation

PRODUCT = "-//Waymark//Returnships and upskilling//EN"


def calendar_entry(
    invitation: Invitation,
    at: datetime,
    organizer: Contact,
    contact: Callable[[PersonId], Contact],
    summary: str,
) -> bytes:
    """An iTIP message (RFC 5546), in lines that end in CR LF.

    ``summary`` says with whom and about what. An attendee whose address is none is left out.
    """
    cancelled = invitation.calls_off
    event = Event.new(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=at.astimezone(UTC),
        start=invitation.starts.astimezone(UTC),
        end=invitation.ends.astimezone(UTC),
        summary=one_line(summary),
        location=one_line(invitation.place) if invitation.place else None,
        organizer=vCalAddress.new(organizer.as_uri(), cn=one_line(organizer.name)),
        attendees=_attendees([contact(person) for person in invitation.attendees], cancelled=cancelled),
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )
    calendar = Calendar()  # Calendar.new would give it a random UID, and the same letter would differ each time
    for name, value in (("version", "2.0"), ("prodid", PRODUCT), ("method", invitation.method)):
        calendar.add(name, value)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _attendees(contacts: list[Contact], *, cancelled: bool) -> list[vCalAddress]:
    asked: dict[str, Any] = {} if cancelled else {"partstat": "NEEDS-ACTION", "rsvp": True}
    attendees = []
    for contact in contacts:
        try:
            uri = contact.as_uri()
        except UnusableAddress:
            continue  # whoever this letter is for can't help it
        attendees.append(vCalAddress.new(uri, cn=one_line(contact.name), role="REQ-PARTICIPANT", **asked))
    return attendees
