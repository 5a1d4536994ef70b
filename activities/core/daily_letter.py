"""What stands in somebody's mails of the day: what has gathered, as far as it still matters, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from activities.core.contacts import Contact
from activities.core.letters import UnusableLetter, Words, write
from domain.core.daily_mail import CLOSING, NEWS, OPENING, MailOfTheDay
from domain.core.model import CaseId, PersonId
from domain.core.naming import daily_mail_id
from domain.core.post import Address, Letter
from languages.speech import Speech

SHOWN = 50
"""So many open tasks are named one by one; nobody reads more of them in a mail."""


@dataclass(frozen=True)
class HeldLetter:
    """A letter of a case that waits for its reader's morning; its ``identity`` is its Message-ID."""

    identity: str
    case: CaseId
    letter: Letter


@dataclass(frozen=True)
class OpenTask:
    """A task that somebody may act on; ``titles`` are those of its case's policy, as they are in their language."""

    task: str
    subject: str
    due_at: datetime
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gathered:
    """What there may be to tell somebody: the letters that were ``held``, and what is ``open``, the soonest due first.

    ``closed`` are those of the letters' tasks that they need not answer any more. ``people`` are all who are named, and
    the reader; ``on_record`` is by which address they are reached where a letter doesn't say it. ``console`` is where
    the console is, if there is one.
    """

    person: PersonId
    held: Sequence[HeldLetter]
    open: Sequence[OpenTask]
    closed: Collection[str]
    people: Mapping[PersonId, Contact]
    on_record: Address
    console: str | None = None

    @property
    def reader(self) -> Contact:
        """Whose mail it is."""
        return self.people[self.person]

    def reach(self, letter: Letter) -> Address:
        """By which of the reader's addresses a letter reaches them."""
        return self.reader.address_for(self.on_record if letter.reach == "by_record" else letter.reach)


@dataclass(frozen=True)
class Told:
    """A mail to one of somebody's addresses, in its reader's language, and the Message-IDs of what goes with it."""

    reach: Address
    words: Words
    letters: Sequence[str]


@dataclass
class Settled:
    """What comes of what has gathered: mails, what need not be told any more, and what can't be written, with why."""

    mails: list[Told] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)


def mails_of_the_day(gathered: Gathered, day: date, at: datetime, *, at_once: bool) -> Settled:
    """The mails to somebody: one for each of their addresses by which there is something to tell.

    What is open since before is named where they are reached now; only beside what has gathered where they want
    that ``at_once``, or each mail by itself.
    """
    told = still_matters(gathered)
    kept = {held.identity for held in told}
    settled = Settled(dropped=[held.identity for held in gathered.held if held.identity not in kept])
    texts: dict[str, dict[str, str]] = {}
    for held in told:
        try:
            texts[held.identity] = _within(held, gathered)
        except UnusableLetter as unusable:
            settled.unusable[held.identity] = str(unusable)
    told = [held for held in told if held.identity in texts]
    before = _open_before(gathered.open, told)
    each_morning = gathered.reader.daily and not at_once
    home = gathered.reader.address_for(gathered.on_record)
    elsewhere: Address = "private" if home == "work" else "work"
    for reach in (home, elsewhere):
        here = [held for held in told if gathered.reach(held.letter) == reach]
        still_open = before if reach == home and (here or each_morning) else []
        if here or still_open:
            words = _worded(gathered, day, at, here, still_open, texts)
            settled.mails.append(Told(reach, words, [held.identity for held in here]))
    return settled


def still_matters(gathered: Gathered) -> list[HeldLetter]:
    """What has gathered, without what concerns tasks that were answered or called off before anybody heard of them."""
    opened = {_task(held) for held in gathered.held if held.letter.template in OPENING}
    return [
        held
        for held in gathered.held
        if not (_asks(held) and _task(held) in gathered.closed)
        and not (held.letter.template in CLOSING and _task(held) in opened)
    ]


def _task(held: HeldLetter) -> str | None:
    return held.letter.facts.get("task")


def _asks(held: HeldLetter) -> bool:
    """Whether it is about a task that its reader is to answer."""
    return _task(held) is not None and held.letter.template not in NEWS


def _open_before(tasks: Sequence[OpenTask], told: Sequence[HeldLetter]) -> list[OpenTask]:
    """The open tasks that none of these letters asks for."""
    asked = {_task(held) for held in told if _asks(held)}
    return [task for task in tasks if task.task not in asked]


def _worded(
    gathered: Gathered,
    day: date,
    at: datetime,
    told: Sequence[HeldLetter],
    still_open: Sequence[OpenTask],
    texts: Mapping[str, dict[str, str]],
) -> Words:
    reader, shown = gathered.reader, still_open[:SHOWN]
    zone = reader.time_zone or "UTC"
    facts = MailOfTheDay(
        day=day,
        id=gathered.person,
        asks=[texts[held.identity] for held in told if _asks(held)],
        news=[texts[held.identity] for held in told if not _asks(held)],
        open=[_named(task, reader.language, zone) for task in shown],
        more=len(still_open) - len(shown),
        last=not reader.daily,
    )
    letter = Letter(
        key=MailOfTheDay.template,
        at=at,
        template=MailOfTheDay.template,
        to=gathered.person,
        time_zone=zone,
        facts={"role_title": "", **facts.facts()},
    )
    case, language = daily_mail_id(gathered.person), reader.language
    return write(case, letter, reader.name, {}, language=language, console=gathered.console)


def _named(task: OpenTask, language: str, zone: str) -> dict[str, str]:
    """A task in the reader's language; what its policy calls something, as that policy translates it."""
    subject = Speech(language, ZoneInfo(zone), task.titles).sentence(task.subject)
    return {"task": task.task, "subject": subject, "due_at": task.due_at.isoformat()}


def _within(held: HeldLetter, gathered: Gathered) -> dict[str, str]:
    """A letter as it stands within another: its subject, and its text without greeting and signature."""
    people, reader = gathered.people, gathered.reader
    names = {key: people[who].name if who in people else who for key, who in held.letter.people.items()}
    words = write(
        held.case,
        held.letter,
        reader.name,
        names,
        read_in=reader.time_zone,
        language=reader.language,
        within_another=True,
        console=gathered.console,
    )
    return {"subject": words.subject, "text": words.text, "case": held.case}
