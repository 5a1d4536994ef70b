"""What stands in somebody's mail of the day: what has gathered, as far as it still matters, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from activities.core.contacts import Contact
from activities.core.held_mails import DailyMail, HeldLetter
from activities.core.letters import write
from domain.core.daily_mail import CLOSING, NEWS, OPENING
from domain.core.letters import MailOfTheDay
from domain.core.model import PersonId
from domain.core.post import Letter
from records.tables.core import TaskRecord

SHOWN = 50
"""So many open tasks are named one by one; nobody reads more of them in a mail."""


def still_matters(mail: DailyMail) -> list[HeldLetter]:
    """What has gathered, without what concerns tasks that were answered or called off before anybody heard of them."""
    opened = {_task(held) for held in mail.held if held.letter.template in OPENING}
    return [
        held
        for held in mail.held
        if not (_asks(held) and _task(held) in mail.closed)
        and not (held.letter.template in CLOSING and _task(held) in opened)
    ]


def _task(held: HeldLetter) -> str | None:
    return held.letter.facts.get("task")


def _asks(held: HeldLetter) -> bool:
    """Whether it is about a task that its reader is to answer."""
    return _task(held) is not None and held.letter.template not in NEWS


def daily_letter(
    mail: DailyMail, told: Sequence[HeldLetter], people: Mapping[PersonId, Contact], person: PersonId
) -> Letter | None:
    """The mail of the day as a letter to ``person``; none where nothing is open, and nothing is new.

    Raises :class:`UnusableLetter` for one of those that have gathered.
    """
    if not told and not mail.open:
        return None
    reader = people[person]
    asks = [held for held in told if _asks(held)]
    before = _open_before(mail.open, asks)
    facts = MailOfTheDay(
        day=mail.day,
        id=person,
        asks=[_within(held, people, reader) for held in asks],
        news=[_within(held, people, reader) for held in told if held not in asks],
        open=[
            {"task": task.task, "subject": task.subject, "due_at": task.due_at.isoformat()} for task in before[:SHOWN]
        ],
        more=max(0, len(before) - SHOWN),
        last=not reader.daily,
    )
    return Letter(
        key=mail.key,
        at=mail.at,
        template=MailOfTheDay.template,
        to=person,
        time_zone=reader.time_zone or "UTC",
        facts={"role_title": "", **facts.facts()},
    )


def _open_before(tasks: Sequence[TaskRecord], asks: Sequence[HeldLetter]) -> list[TaskRecord]:
    """The open tasks that none of these letters is about."""
    told = {_task(held) for held in asks}
    return [task for task in tasks if task.task not in told]


def _within(held: HeldLetter, people: Mapping[PersonId, Contact], reader: Contact) -> dict[str, str]:
    """A letter as it stands within another: its subject, and its text without greeting and signature."""
    named = held.letter.people.items()
    names = {key: people[person].name if person in people else person for key, person in named}
    subject, text = write(
        held.case,
        held.letter,
        reader.name,
        names,
        read_in=reader.time_zone,
        language=reader.language,
        within_another=True,
    )
    return {"subject": subject, "text": text, "case": held.case}
