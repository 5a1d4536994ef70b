"""Records with a reader who has chosen one mail a day, and the activities that write to them.

As a program it sends the mail of the day and is killed at a step: `-m tests.activities.core.daily_office STEP RECORDS
SMTP`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.core.contacts import Contact
from activities.core.daily_mail import DailyMailActivities
from activities.core.held_mails import DailyMail, HeldMails
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from activities.core.transport import SmtpTransport
from domain.core.daily_mail import DailyMailRequest, DailyMailSent
from domain.core.delivery import Sent
from domain.core.journal import JournalBatch
from domain.core.model import PersonId
from domain.core.post import Address, Letter
from domain.core.tasks import TaskState
from records import journal
from records.database import Database
from records.tables.base import Base
from records.tables.core import PersonRecord
from tests.activities.core.killed_delivery import Reached, Transport
from tests.activities.core.mailroom import AMARA, BO, CASE, SENDER, batch, letter
from tests.office import person
from tests.records.rows import task_row

DAY = date(2026, 12, 8)
MORNING = datetime(2026, 12, 8, 8, tzinfo=UTC)
DUE = datetime(2026, 12, 14, 17, tzinfo=UTC)
NOBODY: Any = None


def make(records: str) -> Database:
    """Records with Amara, who has chosen one mail a day, and Bo, who has not."""
    database = Database(records)
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        session.add_all([person(AMARA), person(BO)])
        session.flush()
        session.get_one(PersonRecord, AMARA).mail_choice = "daily"
    return database


def asks(n: int, subject: str = "goals", to: PersonId = AMARA) -> Letter:
    """The letter by which task ``n`` is told."""
    facts = {
        "role_title": "Data engineer",
        "task": f"{CASE}-{n}",
        "subject": subject,
        "kind": "goals",
        "due_at": DUE.isoformat(),
        "facts": {},
        "may_answer": True,
    }
    return letter(n, to=to, key=f"{n}-task_opened", template="task_opened", facts=facts)


def task(database: Database, n: int, state: TaskState = TaskState.OPEN, **changes: Any) -> None:
    """Put on record how it stands with task ``n``; a later word counts."""
    minutes = 2 if state is TaskState.OPEN else 5
    row = task_row(CASE, n, minutes=minutes, state=state, people=[AMARA], assignee=AMARA, due_at=DUE, **changes)
    with database.session() as session:
        journal.write(session, JournalBatch(case=CASE, rows=[row]))


def deliver(database: Database, smtp: SmtpTransport, *letters: Letter) -> Sent:
    """Send letters of the case."""
    post = PostActivities(RecordsLedger(database), RecordsAddressBook(database), smtp, SENDER)
    return ActivityEnvironment().run(post.send_post, batch(*letters))


class Held(HeldMails):
    """Says when a mail is to be settled, is settled, and noted."""

    def __init__(self, database: Database, reached: Reached) -> None:
        super().__init__(database, Contact.parse(SENDER))
        self._reached = reached
        self._settled = self._noted = 0

    def settle(self, request: DailyMailRequest) -> DailyMail | None:
        if not self._settled:
            self._reached("begun")
        mail = super().settle(request)
        self._settled += 1
        self._reached(f"settled {self._settled}")
        return mail

    def note(self, mail: DailyMail, reach: Address, reason: str | None = None) -> None:
        super().note(mail, reach, reason)
        self._noted += 1
        self._reached(f"noted {self._noted}")


def morning(
    database: Database,
    smtp: str,
    day: date = DAY,
    *,
    reached: Reached = lambda _: None,
    who: PersonId = AMARA,
) -> DailyMailSent:
    """Send the mail of the day."""
    at = datetime.combine(day, time(8), tzinfo=UTC)
    return _send(database, smtp, DailyMailRequest(person=who, day=day, at=at), reached)


def at_once(database: Database, smtp: str, at: datetime) -> DailyMailSent:
    """Send what has gathered, before the next morning."""
    request = DailyMailRequest(person=AMARA, day=at.date() + timedelta(days=1), at=at, at_once=True)
    return _send(database, smtp, request, lambda _: None)


def _send(database: Database, smtp: str, request: DailyMailRequest, reached: Reached) -> DailyMailSent:
    activities = DailyMailActivities(
        NOBODY, "", Held(database, reached), RecordsAddressBook(database), Transport(smtp, reached), SENDER, time(8)
    )
    run: Callable[..., DailyMailSent] = ActivityEnvironment().run
    return run(activities.send_daily_mail, request)


if __name__ == "__main__":
    at_step, at_records, by_smtp = sys.argv[1:]

    def die(step: str) -> None:
        if step == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    morning(Database(at_records), by_smtp, reached=die)
