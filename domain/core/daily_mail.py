"""One mail a day: what goes at once all the same, and what the workflow that sends it takes and gives.

Whoever has chosen it gets what is open, and what is new, each morning at once instead of a mail for each.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from domain.core.letters import LetterFacts, LetterNotWritten, PauseReminder
from domain.core.model import CaseId, Fixed, Instant, PersonId
from domain.core.policy_rules import MailRules, Urgent
from domain.core.questions import TaskKind
from domain.core.task_letters import (
    AnswerReopened,
    NotReached,
    TaskDelegated,
    TaskEscalated,
    TaskLetter,
    TaskOpened,
    TaskOverdue,
    TaskReminder,
    TaskToHandOn,
)
from domain.core.tasks import EXPIRES_ONLY_IF_DELIVERED

URGENT: dict[type[LetterFacts], Urgent] = {
    TaskReminder: "reminders",
    PauseReminder: "reminders",
    TaskOverdue: "escalations",
    TaskEscalated: "escalations",
    TaskToHandOn: "escalations",
}
"""The letters that are of each kind of which a policy can say that it goes at once; offers are known by their tasks."""

OFFERS = frozenset({TaskKind.OFFER, TaskKind.SEAT_OFFER})

ASKING = (TaskOpened, TaskDelegated)
"""Letters by which somebody hears for the first time that something is asked of them."""

OPENING = frozenset(letter.template for letter in ASKING)
"""Their templates."""

CLOSING = frozenset({"task_closed", "task_expired"})
"""The templates of letters that say that a task need not be answered any more."""

NEWS = CLOSING | {AnswerReopened.template, NotReached.template}
"""The templates of letters that name a task of which their reader is asked nothing."""


def goes_at_once(letter: LetterFacts, rules: MailRules, now: datetime) -> bool:
    """Whether a letter waits for nobody's morning.

    An offer of employment never does, whatever the policy says: it may expire only for somebody whom it has reached;
    nor does what tells of a letter that no daily mail can have.
    """
    if isinstance(letter, LetterNotWritten) or URGENT.get(type(letter)) in rules.at_once:
        return True
    if not isinstance(letter, TaskLetter):
        return False
    about = letter.about
    if about.kind in EXPIRES_ONLY_IF_DELIVERED or (about.kind in OFFERS and "offers" in rules.at_once):
        return True
    return isinstance(letter, ASKING) and about.due_at <= now + timedelta(days=rules.at_once_due_days)


class MailOfTheDay(LetterFacts):
    """What is open for somebody who has chosen one mail a day, and what is new.

    ``asks`` and ``news`` are letters: each has its ``subject``, ``text`` and ``case``. ``open`` are tasks of which the
    reader has heard before, each with ``task``, ``subject`` and ``due_at``; and as many ``more``.
    """

    template: ClassVar[str] = "daily_mail"

    id: PersonId
    day: date
    asks: list[dict[str, str]]
    news: list[dict[str, str]]
    open: list[dict[str, str]]
    more: int
    last: bool
    """Whether the reader gets each mail by itself again from now on."""


class DailyMailStart(Fixed):
    """Whose mail of the day is to be sent; ``at_once`` for what has gathered, because it is wanted no longer."""

    person: PersonId
    at_once: bool = False


class MorningRequest(Fixed):
    """Asks for the first morning of somebody after an instant."""

    person: PersonId
    after: Instant


class Morning(Fixed):
    """A morning: its instant, and the local date."""

    at: Instant
    day: date


class DailyMailRequest(Fixed):
    """Send somebody's mail of a ``day``, at most once; or what has gathered, ``at_once``."""

    person: PersonId
    day: date
    at: Instant
    at_once: bool = False


class SetAside(Fixed):
    """A letter of a case, by its key, that can't be written: it waits until its text is mended."""

    case: CaseId
    letter: str


class DailyMailSent(Fixed):
    """Whether there is to be another one: something is open still, or has gathered since.

    ``refused`` are the cases that the last one was about, where it was refused for good, each with the reason.
    ``set_aside`` are letters that could not go with it.
    """

    goes_on: bool
    refused: dict[CaseId, str] = {}
    set_aside: list[SetAside] = []


class MailRefused(Fixed):
    """A mail to this person, in which a case told them something, was refused for good."""

    person: PersonId
    why: str


class LetterSetAside(Fixed):
    """A letter of a case to this person can't be written, and waits."""

    person: PersonId
    letter: str
