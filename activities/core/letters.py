"""How a letter of a case becomes a mail: its words, its headers, and its calendar entry.

The words stand in ``templates/<template>.txt`` beside this file: a first line ``Subject: ...``, then the text. A
template says only what its letter's facts contain; anything missing is an error and never an empty gap in a mail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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

from activities.core.calendar_entries import calendar_entry
from activities.core.contacts import Contact
from activities.core.headers import MailPolicy
from domain.core.characters import one_line
from domain.core.model import CaseId, Money, Party, PersonId
from domain.core.post import Letter
from domain.core.questions import TaskKind
from domain.core.tasks import PERSONAL
from domain.core.wording import spoken as in_words
from domain.core.wording import value_in_words
from domain.registry.endings import how_it_ended
from domain.registry.forms import FORMS
from records.local_time import INSTANT, local, local_day, same_time, with_instants

TEMPLATES = Path(__file__).parent / "templates"
SUBJECT = "Subject: "
LONGEST_LINE = 78


class UnusableLetter(Exception):
    """A letter can't be written: no such template, or a fact it needs is missing or of the wrong kind."""


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
    organizer: Contact | None = None,
) -> EmailMessage:
    """The mail for a letter, with a calendar part when it carries an invitation, and with files.

    ``contact`` looks up a person; its errors pass through. ``organizer`` is whose invitation it is about, where that is
    another than ``sender``. Raises :class:`UnusableLetter` and :class:`UnusableAddress`.
    """
    to = contact(letter.to)
    names = {key: contact(person).name for key, person in letter.people.items()}
    subject, text = write(case, letter, to.name, names, read_in=to.time_zone)
    sender = sender.for_mail()
    author = organizer or sender
    mail = EmailMessage(policy=MailPolicy())
    mail["From"] = author.as_header()
    if author.email != sender.email:
        mail["Sender"] = sender.as_header()
    mail["To"] = to.as_header()
    mail["Subject"] = subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = message_id(case, letter.key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Waymark-Case"] = case
    # Never in base64, in which the library would end the lines of a text in LF alone
    mail.set_content(text, cte="7bit" if _is_short_ascii(text) else "quoted-printable")
    if letter.invitation:
        summary = _named(letter.invitation.summary, names)
        entry = calendar_entry(letter.invitation, letter.at, author, contact, summary)
        method = {"method": letter.invitation.method, "charset": "utf-8"}
        # As bytes, or the library would end its lines in LF alone
        mail.add_alternative(entry, maintype="text", subtype="calendar", cte="base64", params=method)
    for file in attachments:
        maintype, _, subtype = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=one_line(file.name))
    return mail


def _is_short_ascii(text: str) -> bool:
    return text.isascii() and all(len(line) <= LONGEST_LINE for line in text.splitlines())


def _named(summary: str, names: Mapping[str, str]) -> str:
    """What an invitation is about, with names in place of ``{mentor}``; other braces stay as they are."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: names.get(found[1], found[0]), summary)


# The words


def write(
    case: CaseId, letter: Letter, to: str, names: Mapping[str, str], *, read_in: str | None = None
) -> tuple[str, str]:
    """Subject and text of a letter to somebody of the name ``to``. Raises :class:`UnusableLetter`.

    Dates and times are those of the case, and the letter says so where ``read_in``, the reader's zone, shows others.
    """
    try:
        zone = ZoneInfo(letter.time_zone)
        facts = {**_facts_in_words(letter.facts, names, zone), "case": case, "to": one_line(to), "people": dict(names)}
        facts["time_zone"] = letter.time_zone
        facts["elsewhere"] = read_in is not None and not same_time(letter.time_zone, read_in, letter.at)
        subject, text = _template(letter.template)
        return one_line(subject.render(facts)), _tidy(text.render(facts))
    except TemplateNotFound:
        raise UnusableLetter(f"letter {letter.key}: there is no template {letter.template!r}") from None
    except (TemplateError, ValueError, TypeError, OverflowError, ZoneInfoNotFoundError) as error:
        raise UnusableLetter(f"letter {letter.key}: template {letter.template!r}: {error}") from None


def _facts_in_words(facts: Mapping[str, Any], names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    """The facts with people's names in place of their ids, and with the instants within sentences as they are there."""
    return {key: names[key] if key in names else _in_words(value, names, zone) for key, value in facts.items()}


def _in_words(value: Any, names: Mapping[str, str], zone: tzinfo) -> Any:
    match value:
        case dict():
            return _facts_in_words(value, names, zone)
        case list():
            return [_in_words(entry, names, zone) for entry in value]
        case str() if not INSTANT.fullmatch(value):  # one that stands alone is for the template to tell
            return with_instants(value, lambda instant: moment(instant, zone))
    return value


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
    environment.filters.update(dated, money=money, spoken=spoken, fields=fields, begun=begun, how_it_ended=how_it_ended)
    environment.globals["personal"] = frozenset(kind.value for kind in PERSONAL)
    return environment


def _in_zone(words: Callable[[Any, tzinfo], str]) -> Callable[[Context, Any], str]:
    """A filter that says dates and times in the time zone of its letter."""

    @pass_context
    def say(context: Context, value: Any) -> str:
        return words(value, ZoneInfo(context["time_zone"]))

    return say


def day(value: str | date, zone: tzinfo) -> str:
    """``Monday 7 December 2026``, of an ISO date, or of an instant's date in that time zone."""
    read = _read(value)
    on = local_day(read, zone) if isinstance(read, datetime) else read
    return f"{on:%A} {on.day} {on:%B %Y}"


def moment(value: str | datetime, zone: tzinfo) -> str:
    """``Monday 7 December 2026, 09:00 GMT``, of an ISO instant."""
    read = _read(value)
    if not isinstance(read, datetime):
        raise ValueError("a date stands where an instant is needed")
    return f"{day(read, zone)}, {local(read, zone):%H:%M %Z}"


def money(value: Any) -> str:
    """``52,000.00 EUR``, of the JSON of a :class:`domain.core.model.Money` (or what is text already)."""
    return value if isinstance(value, str) else str(Money.model_validate(value))


def spoken(party: str) -> str:
    """``second-level manager`` for ``second_manager``; other text (somebody's name) as it is."""
    return Party(party).spoken if party in {known.value for known in Party} else party


def fields(kind: str) -> str:
    """What the form of this kind of task asks for: ``score, comment``."""
    return ", ".join(map(in_words, FORMS[TaskKind(kind)].model_fields))


def begun(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def lines(facts: Mapping[str, Any], zone: tzinfo) -> str:
    """The facts as ``key: value``, a line each."""
    return "\n".join(f"{in_words(key)}: {value_text(value, zone)}" for key, value in facts.items())


def value_text(value: Any, zone: tzinfo) -> str:
    """A JSON value as people say it: dates and amounts in words, lists and forms on one line."""
    return value_in_words(value, lambda text: _date_or_text(text, zone))


def _date_or_text(value: str, zone: tzinfo) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return day(value, zone)
        if INSTANT.fullmatch(value):
            return moment(value, zone)
    except (ValueError, OverflowError):
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
