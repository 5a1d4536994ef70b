"""How a letter of a case becomes a mail: its words, its headers, and its calendar entry.

The words stand in ``templates/<template>.txt`` beside this file: a first line ``Subject: ...``, then the text. A
template says only what its letter's facts contain; anything missing is an error and never an empty gap in a mail. It is
English; what its trans blocks say is written in the reader's language (:mod:`languages`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
)

from activities.core.calendar_entries import calendar_entry
from activities.core.contacts import Contact
from activities.core.headers import MailPolicy
from domain.core.characters import one_line
from domain.core.languages import ENGLISH
from domain.core.model import CaseId, PersonId
from domain.core.post import Letter
from domain.core.tasks import CONFIDENTIAL, NEVER_DISOWNED, PERSONAL, VOLUNTARY
from languages import in_templates
from languages.in_templates import let_speak
from languages.speech import Speech
from records.local_time import INSTANT, same_time

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


class Words(NamedTuple):
    """What a mail says."""

    subject: str
    text: str


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
    *,
    console: str | None = None,
) -> EmailMessage:
    """The mail for a letter, with a calendar part when it carries an invitation, and with files.

    ``console`` is where the console is, so that a letter about a task can link to its page.

    ``contact`` looks up a person; its errors pass through. ``organizer`` is whose invitation it is about, where that is
    another than ``sender``. Raises :class:`UnusableLetter` and :class:`UnusableAddress`.
    """
    to = contact(letter.to)
    names = {key: contact(person).name for key, person in letter.people.items()}
    words = write(case, letter, to.name, names, read_in=to.time_zone, language=to.language, console=console)
    author = organizer or sender.for_mail()
    mail = _mail(case, letter.key, letter.at, words, sender, author, to)
    if letter.invitation:
        summary = _named(_speech(letter, to.language).sentence(letter.invitation.summary), names)
        entry = calendar_entry(letter.invitation, letter.at, author, contact, summary)
        method = {"method": letter.invitation.method, "charset": "utf-8"}
        # As bytes, or the library would end its lines in LF alone
        mail.add_alternative(entry, maintype="text", subtype="calendar", cte="base64", params=method)
    for file in attachments:
        maintype, _, subtype = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=one_line(file.name))
    mail["Content-Language"] = to.language  # now, or it would be that of one part
    return mail


def settled_mail(
    case: CaseId, key: str, at: datetime, words: Words, sender: Contact, to: Contact, language: str
) -> EmailMessage:
    """The mail of words that were written before, in a ``language``. Raises :class:`UnusableAddress`."""
    mail = _mail(case, key, at, words, sender, sender.for_mail(), to)
    mail["Content-Language"] = language
    return mail


def _mail(
    case: CaseId, key: str, at: datetime, words: Words, sender: Contact, author: Contact, to: Contact
) -> EmailMessage:
    sender = sender.for_mail()
    mail = EmailMessage(policy=MailPolicy())
    mail["From"] = author.as_header()
    if author.email != sender.email:
        mail["Sender"] = sender.as_header()
    mail["To"] = to.as_header()
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(case, key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Waymark-Case"] = case
    # Never in base64, in which the library would end the lines of a text in LF alone
    mail.set_content(words.text, cte="7bit" if _is_short_ascii(words.text) else "quoted-printable")
    return mail


def _is_short_ascii(text: str) -> bool:
    return text.isascii() and all(len(line) <= LONGEST_LINE for line in text.splitlines())


def _named(summary: str, names: Mapping[str, str]) -> str:
    """What an invitation is about, with names in place of ``{mentor}``; other braces stay as they are."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: names.get(found[1], found[0]), summary)


# The words


def write(
    case: CaseId,
    letter: Letter,
    to: str,
    names: Mapping[str, str],
    *,
    read_in: str | None = None,
    language: str = ENGLISH,
    within_another: bool = False,
    console: str | None = None,
) -> Words:
    """Subject and text of a letter to somebody of the name ``to``, in a language. Raises :class:`UnusableLetter`.

    ``console`` is where the console is, if there is one. As a part ``within_another`` it has no greeting and no
    signature.

    Dates and times are those of the case, and the letter says so where ``read_in``, the reader's zone, shows others.
    """
    try:
        speech = _speech(letter, language)
        facts = {
            **_facts_in_words(letter.facts, names, speech),
            "case": case,
            "to": one_line(to),
            "people": dict(names),
        }
        facts["speech"] = speech
        facts["time_zone"] = letter.time_zone
        facts["within_another"] = within_another
        facts["console"] = console
        facts["elsewhere"] = read_in is not None and not same_time(letter.time_zone, read_in, letter.at)
        subject, text = _template(letter.template)
        return Words(_ended_once(one_line(subject.render(facts))), _tidy(text.render(facts)))
    except TemplateNotFound:
        raise UnusableLetter(f"letter {letter.key}: there is no template {letter.template!r}") from None
    except (TemplateError, ValueError, TypeError, OverflowError, ZoneInfoNotFoundError) as error:
        raise UnusableLetter(f"letter {letter.key}: template {letter.template!r}: {error}") from None


def _speech(letter: Letter, language: str) -> Speech:
    return Speech(language, ZoneInfo(letter.time_zone), letter.titles.get(language, {}))


CODES = frozenset({"kind", "outcome"})
"""Facts that are none of a reader's words: templates choose by them."""

TITLES = frozenset({"title", "role_title", "cohort_title", "place"})
"""Facts that are what HR calls something, and never a sentence of ours."""


def _facts_in_words(facts: Mapping[str, Any], names: Mapping[str, str], speech: Speech) -> dict[str, Any]:
    """The facts with people's names in place of their ids, and with sentences in the reader's language and time."""
    return {key: names[key] if key in names else _in_words(key, value, names, speech) for key, value in facts.items()}


def _in_words(key: str, value: Any, names: Mapping[str, str], speech: Speech) -> Any:
    match value:
        case {"amount": _, "currency": _}:
            return value
        case dict():
            return _facts_in_words(value, names, speech)
        case list():
            return [_in_words(key, entry, names, speech) for entry in value]
        case str() if key not in CODES and not INSTANT.fullmatch(value):  # one that stands alone is the template's
            return speech.title(value) if key in TITLES else speech.sentence(value)
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
    return re.sub(r"\n{3,}", "\n\n", _ended_once(text)).strip() + "\n"


def _ended_once(text: str) -> str:
    """Without the full stop of a sentence that ends in what HR has called something, or typed, and ends by itself."""
    return _SECOND_END.sub("", text)


_SECOND_END = re.compile(r"(?<=[?!\u2026])\.(?=\s|$)|(?<=[^.\s]\.)\.(?=\s|$)", re.MULTILINE)


@cache
def _loader() -> FileSystemLoader:
    return FileSystemLoader(TEMPLATES)


@cache
def _environment() -> Environment:
    environment = Environment(  # plain text, so nothing to escape
        loader=_loader(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    let_speak(environment)
    named = {
        "personal": PERSONAL,
        "confidential": CONFIDENTIAL,
        "voluntary": VOLUNTARY,
        "never_disowned": NEVER_DISOWNED,
    }
    for name, kinds in named.items():
        environment.globals[name] = frozenset(kind.value for kind in kinds)
    return environment


def extract(source: str) -> list[str | tuple[str, ...]]:
    """What a template says that is to be translated: texts, or one for a single thing and one for several."""
    return in_templates.extract(_environment(), source)
