"""How a letter of a case becomes a mail: its words, its headers, and its calendar entry.

The words stand in ``activities/templates/<template>.txt``: a first line ``Subject: ...``, then the text. A template
says only what its letter's facts contain; anything missing is an error and never an empty gap in a mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import STATUS, Calendar, Event, vCalAddress
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    pass_context,
)
from jinja2.runtime import Context
from pydantic import ValidationError

from domain.forms import FORMS
from domain.model import CaseId, Money, Party, PersonId
from domain.post import Invitation, Letter
from domain.questions import TaskKind
from domain.tasks import PERSONAL

TEMPLATES = Path(__file__).parent / "templates"
PRODUCT = "-//Waymark//Returnships and upskilling//EN"
SUBJECT = "Subject: "

# Seven-bit bodies pass through every mail server, also one that never heard of 8BITMIME.
SEVEN_BIT = default.clone(cte_type="7bit")


@dataclass(frozen=True)
class Contact:
    """Somebody's name and mail address, looked up when a letter is sent."""

    name: str
    email: str

    @classmethod
    def parse(cls, text: str) -> Contact:
        """From ``Name <local@domain>``. Raises ``ValueError`` when there is no address in it."""
        name, email = parseaddr(text)
        try:
            return cls(name or email, _address(cls(name, email)).addr_spec)
        except UnusableAddress:
            raise ValueError(f"{text!r} is not one mail address, such as Waymark <waymark@example.org>") from None


class UnusableLetter(Exception):
    """A letter can't be written: no such template, or a fact it needs is missing or of the wrong kind."""


class UnusableAddress(Exception):
    """What the records hold as somebody's address is none. The text doesn't repeat it."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. ``kind`` is its media type: ``image/svg+xml``."""

    name: str
    kind: str
    content: bytes


def message_id(case: CaseId, key: str, sender: Contact) -> str:
    """The Message-ID of a case's letter: the same for ever, so that sending it again is recognised by everybody."""
    return f"<{quote(case, safe='')}.{quote(key, safe='')}@{sender.email.rpartition('@')[2]}>"


def compose(
    case: CaseId,
    letter: Letter,
    sender: Contact,
    contact: Callable[[PersonId], Contact],
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The mail for a letter, with a calendar part when it carries an invitation, and with files.

    ``contact`` looks up a person; its errors pass through. Raises :class:`UnusableLetter` and
    :class:`UnusableAddress`.
    """
    to = contact(letter.to)
    names = {key: contact(person).name for key, person in letter.people.items()}
    subject, text = write(case, letter, to.name, names)
    mail = EmailMessage(policy=SEVEN_BIT)
    mail["From"] = _address(sender)
    mail["To"] = _address(to)
    mail["Subject"] = subject
    mail["Date"] = letter.at
    mail["Message-ID"] = message_id(case, letter.key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Waymark-Case"] = case
    mail.set_content(text)
    if letter.invitation:
        entry = calendar_entry(letter.invitation, letter.at, sender, contact).decode()
        mail.add_alternative(entry, subtype="calendar", params={"method": letter.invitation.method})
    for file in attachments:
        maintype, _, subtype = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=one_line(file.name))
    return mail


def _address(contact: Contact) -> Address:
    try:
        local, _, domain = contact.email.rpartition("@")
        return Address(one_line(contact.name), addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except Exception as error:  # the parser's mistakes raise half a dozen types, and most repeat the address
        raise UnusableAddress(f"not a mail address ({type(error).__name__})") from None


def one_line(text: str) -> str:
    """Text fit for a header: control characters and line breaks, by which headers are forged, become spaces."""
    spaced = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in text)
    return " ".join(spaced.split())


# The calendar entry


def calendar_entry(
    invitation: Invitation, at: datetime, sender: Contact, contact: Callable[[PersonId], Contact]
) -> bytes:
    """An iTIP message (RFC 5546) that adds the entry to the attendees' calendars, moves it, or calls it off."""
    cancelled = invitation.method == "CANCEL"
    event = Event.new(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=at.astimezone(UTC),
        start=invitation.starts.astimezone(UTC),
        end=invitation.ends.astimezone(UTC),
        summary=one_line(invitation.summary),
        organizer=vCalAddress.new(sender.email, cn=one_line(sender.name)),
        attendees=[_attendee(contact(person), cancelled=cancelled) for person in invitation.attendees],
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )
    calendar = Calendar()  # Calendar.new would give it a random UID, and the same letter would differ each time
    for name, value in (("version", "2.0"), ("prodid", PRODUCT), ("method", invitation.method)):
        calendar.add(name, value)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _attendee(contact: Contact, *, cancelled: bool) -> vCalAddress:
    asked: dict[str, Any] = {} if cancelled else {"partstat": "NEEDS-ACTION", "rsvp": True}
    return vCalAddress.new(contact.email, cn=one_line(contact.name), role="REQ-PARTICIPANT", **asked)


# The words


def write(case: CaseId, letter: Letter, to: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a letter to somebody of the name ``to``. Raises :class:`UnusableLetter`."""
    told = {**_with_names(letter.facts, names), "case": case, "to": one_line(to), "people": dict(names)}
    told["time_zone"] = letter.time_zone
    try:
        subject, text = _template(letter.template)
        return one_line(subject.render(told)), _tidy(text.render(told))
    except TemplateNotFound:
        raise UnusableLetter(f"letter {letter.key}: there is no template {letter.template!r}") from None
    except (TemplateError, ValueError, TypeError, ZoneInfoNotFoundError) as error:
        raise UnusableLetter(f"letter {letter.key}: template {letter.template!r}: {error}") from None


def _with_names(facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The facts with people's names in place of their ids."""
    return {
        key: names[key] if key in names else _with_names(value, names) if isinstance(value, dict) else value
        for key, value in facts.items()
    }


@cache
def _template(name: str) -> tuple[Template, Template]:
    """Subject and text, apart before they are filled in: no fact with a line break can move that border."""
    if name.startswith("_"):
        raise TemplateNotFound(name)
    source, _, _ = _loader().get_source(_environment(), f"{name}.txt")
    first, _, rest = source.partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"its first line must begin with {SUBJECT!r}")
    return _environment().from_string(first.removeprefix(SUBJECT)), _environment().from_string(rest)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _loader() -> FileSystemLoader:
    return FileSystemLoader(TEMPLATES)


@cache
def _environment() -> Environment:
    environment = Environment(  # plain text, so nothing to escape
        loader=_loader(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    dated = {name: _in_zone(words) for name, words in (("day", day), ("moment", moment), ("lines", lines))}
    environment.filters.update(dated, money=money, spoken=spoken, fields=fields)
    environment.globals["personal"] = frozenset(kind.value for kind in PERSONAL)
    return environment


def _in_zone(words: Callable[[Any, tzinfo], str]) -> Callable[[Context, Any], str]:
    """A filter that says dates and times in the time zone of its letter."""

    @pass_context
    def say(context: Context, value: Any) -> str:
        return words(value, ZoneInfo(context["time_zone"]))

    return say


def day(value: str | date, zone: tzinfo = UTC) -> str:
    """``Monday 7 December 2026``, of an ISO date, or of an instant's date in that time zone."""
    read = _read(value)
    on = read.astimezone(zone).date() if isinstance(read, datetime) else read
    return f"{on:%A} {on.day} {on:%B %Y}"


def moment(value: str | datetime, zone: tzinfo = UTC) -> str:
    """``Monday 7 December 2026, 09:00 GMT``, of an ISO instant."""
    read = _read(value)
    if not isinstance(read, datetime):
        raise ValueError("a date stands where an instant is needed")
    return f"{day(read, zone)}, {read.astimezone(zone):%H:%M %Z}"


def money(value: Any) -> str:
    """``52,000.00 EUR``, of the JSON of a :class:`domain.model.Money` (or what is text already)."""
    return value if isinstance(value, str) else str(Money.model_validate(value))


def spoken(party: str) -> str:
    """``second-level manager`` for ``second_manager``; other text (somebody's name) as it is."""
    return Party(party).spoken if party in {one.value for one in Party} else party


def fields(kind: str) -> str:
    """What the form of this kind of task asks for: ``score, comment``."""
    return ", ".join(FORMS[TaskKind(kind)].model_fields)


def lines(facts: Mapping[str, Any], zone: tzinfo = UTC) -> str:
    """The facts as ``key: value``, a line each."""
    return "\n".join(f"{key.replace('_', ' ')}: {said(value, zone)}" for key, value in facts.items())


def said(value: Any, zone: tzinfo = UTC) -> str:
    """A JSON value as people say it: dates and amounts in words, lists and forms on one line."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case str():
            return _said_text(value, zone)
        case {"amount": _, "currency": _, **others} if not others:
            return money(value)
        case dict():
            return ", ".join(f"{str(key).replace('_', ' ')} {said(one, zone)}" for key, one in value.items())
        case list():
            return "; ".join(said(one, zone) for one in value) or "none"
    return str(value)


def _said_text(value: str, zone: tzinfo) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return day(value, zone)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", value):
            return moment(value, zone)
    except ValueError:
        return value
    return value


def _read(value: str | date) -> date:
    """The date or aware instant of an ISO string. Raises ``ValueError``, which doesn't repeat the string."""
    try:
        read = value if isinstance(value, date) else _parse(value)
    except (ValueError, TypeError, ValidationError):
        raise ValueError("not an ISO date or instant") from None
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError("an instant without its time zone")
    return read


def _parse(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
